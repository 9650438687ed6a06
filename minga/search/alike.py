"""More like this: the listed records whose texts lie nearest to a record's own, in whatever language.

The record's stored vector is compared with the others', so that no encoder is asked. Row security decides which of them
the person may read, as everywhere.
"""

from dataclasses import dataclass

import numpy as np
from django.db import connection
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from minga.access.rowsecurity import sees_public_only
from minga.actors.queries import country_name
from minga.registry.models import Version
from minga.search import sets
from minga.search.models import Passage
from minga.search.vectors import Comparison

FEW, MANY = 5, 40  # beside a record, and on a page of their own
# Of the default encoder, as every set's similarities are told: of all pairs of the bundled records one in ten comes to
# 0.78; of texts that retell a record in other words, 95 in 100 come to 0.84.
NEAR = 0.78
SAME = 0.84
NAMED = 3  # countries that are named


@dataclass(frozen=True)
class Alike:
    """A record that is like another."""

    version: Version
    why: str


def alike(version: Version, *, most: int) -> list[Alike] | None:
    """The records that are most like one, nearest first; None while it has no vector yet.

    Args:
        version: listed, and readable for the person.
        most: at most so many.
    """
    own = _own_vector(version)
    if own is None:
        return None
    nearest = _nearest(own, most)
    versions = Version.objects.listed().select_related("record").in_bulk([pk for pk, _similarity in nearest])
    return [
        Alike(versions[pk], _why(version, versions[pk], similarity)) for pk, similarity in nearest if pk in versions
    ]


def _own_vector(version: Version) -> Passage | None:
    """The vector of the whole text, of the best set that has one."""
    wholes = {each.made_with: each for each in Passage.objects.filter(version=version, number=0)}
    known = [each.name for each in sets.usable(visitor=sees_public_only())] if wholes else []
    return next((wholes[name] for name in known if name in wholes), None)


def _nearest(own: Passage, most: int) -> list[tuple[int, float]]:
    """(version, similarity) of the nearest others that are near enough."""
    compared = Comparison(np.asarray(own.vector, dtype=np.float32), own.made_with)
    with connection.cursor() as cursor:
        cursor.execute(f"set local hnsw.ef_search = {2 * MANY}; set local hnsw.iterative_scan = relaxed_order")
        cursor.execute(
            f"select p.version_id, {compared.similarity('p')} from search_passage p"
            " where p.number = 0 and p.made_with = %s and p.version_id <> %s"
            f" order by {compared.distance('p')} limit %s",
            [compared.given, own.made_with, own.version_id, compared.given, most],
        )
        found = [(pk, similarity) for pk, similarity in cursor.fetchall() if similarity >= NEAR]
    return sorted(found, key=lambda each: (-each[1], each[0]))


def _why(one: Version, other: Version, similarity: float) -> str:
    """Why it is like the other, in a line."""
    said = [_("It speaks of much the same") if similarity >= SAME else _("It speaks of something near")]
    if objectives := sorted(set(one.objectives) & set(other.objectives)):
        text = ngettext("same objective: %(numbers)s", "same objectives: %(numbers)s", len(objectives))
        said.append(text % {"numbers": ", ".join(map(str, objectives))})
    if countries := [code for code in one.places if code in other.places]:
        names = ", ".join(country_name(code, get_language()) for code in countries[:NAMED])
        text = ngettext("same country: %(names)s", "same countries: %(names)s", len(countries))
        said.append(text % {"names": names + (" …" if len(countries) > NAMED else "")})
    line = "; ".join(said)
    return line if line.endswith("…") else f"{line}."
