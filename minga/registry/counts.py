"""Exact counts beside each filter, over any choice of filters, in a few milliseconds.

`registry_count` holds, for each value of each facet, one bit a public listed record: bit (record id modulo 8192) of
block (record id / 8192). The count of a combination is `bit_count(a & b)`. A trigger keeps the bits in the transaction
that changes a version (migrations/0003_counts.py), and the site may only read them. What a person may read
beyond the public (listed for her process, or for named actors) is counted directly and added.

How things are counted: a record counts once for each value it has (a practice in seven countries counts in each of
the seven), and once in the total. Beside the values of a facet in which something is chosen stand the counts as if
nothing were chosen in that facet, since its values widen the choice.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from minga.access.rowsecurity import sees_public_only
from minga.registry.models import Version

BLOCK = 8192
FACETS = ("kind", "country", "objective", "principle", "population", "level", "language", "year", "progress")
UNKNOWN = "unknown"
_ONE = re.compile("1")
Chosen = Mapping[str, tuple[str, ...]]

# The part of a version that says what values it has: the same as the SQL function registry_facets.
_FACET_SQL = "lateral registry_facets(v.*)"


@dataclass(frozen=True)
class Counted:
    """Counts of one choice of filters."""

    total: int
    facets: dict[str, Counter]  # facet -> value -> count


def count(chosen: Chosen, *, within: Iterable[int] | None = None) -> Counted:
    """Count the listed records that the current person may read.

    Args:
        chosen: facet -> chosen values; values of one facet widen, facets narrow.
        within: ids of records to count among (those of an actor, those that a search found); None for all.

    Returns:
        the total and the counts of every facet's values.
    """
    chosen = {facet: tuple(values) for facet, values in chosen.items() if values}
    scope = None if within is None else sorted(set(within))
    facets: dict[str, Counter] = {facet: Counter() for facet in FACETS}
    total = 0
    for facet, value, number in _public_counts(chosen, scope):
        if facet == "all":
            total += number
        else:
            facets[facet][value] += number
    total += _count_beyond_public(chosen, scope, facets)
    return Counted(total, facets)


def matching_ids(chosen: Chosen, *, within: Iterable[int] | None = None, at_most: int) -> list[int] | None:
    """The ids of the public records that match, or None when there are more than `at_most`.

    Lists use it where the choice is narrow; where it is wide, walking an index in the list's order is faster.
    """
    chosen = {facet: tuple(values) for facet, values in chosen.items() if values}
    scope = None if within is None else sorted(set(within))
    parts, parameters = _parts(chosen, scope)
    masks = _mask([*chosen] or ["all"], scope is not None)
    if not chosen:
        parts.append("part_all as (select block, bits from registry_count where facet = 'all')")
    sql = (
        f"with {', '.join(parts)}, matching as ({masks}) "
        "select block, bits::text from matching where (select sum(bit_count(bits)) from matching) <= %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, at_most])
        rows = cursor.fetchall()
        if not rows:
            cursor.execute(
                f"with {', '.join(parts)}, matching as ({masks}) select coalesce(sum(bit_count(bits)), 0) from matching",
                parameters,
            )
            return [] if cursor.fetchone()[0] <= at_most else None
    return [block * BLOCK + found.start() for block, bits in rows for found in _ONE.finditer(bits)]


def among(records: list[int]) -> Q:
    """A condition on versions: of one of some records. As one array, since thousands of parameters take longer than the
    statement itself.

    Args:
        records: their ids.
    """
    return Q(RawSQL('"registry_version"."record_id" = any(%s)', [records], output_field=BooleanField()))


def _public_counts(chosen: Chosen, scope: list[int] | None) -> list[tuple[str, str, int]]:
    """(facet, value, count) over what is public, from the bits."""
    parts, parameters = _parts(chosen, scope)
    if not parts:
        sql = "select facet, value, sum(bit_count(bits))::bigint from registry_count group by 1, 2"
    else:
        # One pass over the kept bits: each facet with something chosen is counted as if it were not.
        masks = {facet: [each for each in chosen if each != facet] for facet in chosen}
        joined = "".join(
            f" left join ({_mask(others, scope is not None)}) mask_{facet} using (block)"
            for facet, others in masks.items()
            if others or scope is not None
        )
        cases = " ".join(
            f"when '{facet}' then " + (f"mask_{facet}.bits" if others or scope is not None else "c.bits")
            for facet, others in masks.items()
        )
        own = f"case c.facet {cases} else mask_all.bits end" if cases else "mask_all.bits"
        sql = (
            f"with {', '.join(parts)} select c.facet, c.value, coalesce(sum(bit_count(c.bits & ({own}))), 0)::bigint"
            f" from registry_count c left join ({_mask([*chosen], scope is not None)}) mask_all using (block){joined}"
            " group by 1, 2"
        )
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [(facet, value, number) for facet, value, number in cursor.fetchall() if number]


def _parts(chosen: Chosen, scope: list[int] | None) -> tuple[list[str], list]:
    """A common table expression a facet with something chosen, and one for the scope: block -> bits."""
    parts, parameters = [], []
    for facet, values in chosen.items():
        _require_facet(facet)
        parts.append(
            f"part_{facet} as materialized (select block, bit_or(bits) as bits from registry_count"
            f" where facet = '{facet}' and value = any(%s) group by block)"
        )
        parameters.append(list(values))
    if scope is not None:
        parts.append(
            "part_scope as materialized (select (id / 8192)::int as block,"
            " bit_or(set_bit(0::bit(8192), mod(id, 8192)::int, 1)) as bits from unnest(%s::bigint[]) id group by 1)"
        )
        parameters.append(scope)
    return parts, parameters


def _mask(facets: list[str], scoped: bool) -> str:
    """SQL for the blocks in which all of these hold."""
    names = [f"part_{facet}" for facet in facets] + (["part_scope"] if scoped else [])
    bits = " & ".join(f"{name}.bits" for name in names)
    joined = names[0] + "".join(f" join {name} using (block)" for name in names[1:])
    return f"select block, {bits} as bits from {joined}"


def _count_beyond_public(chosen: Chosen, scope: list[int] | None, facets: dict[str, Counter]) -> int:
    """Add what is listed and readable for this person but not public. Few rows: each is read."""
    if sees_public_only():
        return 0
    beyond = Version.objects.listed().filter(is_public=False)
    if scope is not None:
        beyond = beyond.filter(record_id__in=scope)
    total = 0
    for version in beyond.only(
        "kind", "language", "level", "progress", "year", "places", "objectives", "principles", "populations"
    ):
        values = values_of(version)
        missed = [facet for facet, wanted in chosen.items() if not values[facet].intersection(wanted)]
        if not missed:
            total += 1
        for facet in FACETS:
            if not missed or missed == [facet]:
                facets[facet].update(values[facet])
    return total


def values_of(version: Version) -> dict[str, set[str]]:
    """The facet values of a version: the same as the SQL function registry_facets."""
    return {
        "kind": {version.kind},
        "language": {version.language},
        "level": {version.level or UNKNOWN},
        "progress": {version.progress or UNKNOWN},
        "year": {str(version.year) if version.year else UNKNOWN},
        "country": set(version.places),
        "objective": {str(number) for number in version.objectives},
        "principle": set(version.principles),
        "population": set(version.populations),
    }


def _require_facet(facet: str) -> None:
    """Facet names go into SQL, so only our own may."""
    if facet not in FACETS:
        raise ValueError(f"no such facet: {facet}")


_TOLD = f"""
    select f.facet, f.value, (v.record_id / 8192)::int as block,
        bit_or(set_bit(0::bit(8192), mod(v.record_id, 8192)::int, 1)) as bits
    from registry_version v cross join {_FACET_SQL} f where v.is_public group by 1, 2, 3
"""


def recount() -> None:
    """Make the kept counts anew from the versions. Only the owner may."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(7316462)")
        cursor.execute("delete from registry_count")
        cursor.execute(f"insert into registry_count (facet, value, block, bits) {_TOLD}")


def differences() -> list[str]:
    """Where the kept counts differ from what the versions say; empty when all is well. For `minga doctor`."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            with told as ({_TOLD})
            select coalesce(t.facet, c.facet) || '=' || coalesce(t.value, c.value)
            from told t full join (select * from registry_count where bit_count(bits) > 0) c
                using (facet, value, block)
            where t.bits is distinct from c.bits
            """
        )
        return [text for (text,) in cursor.fetchall()]
