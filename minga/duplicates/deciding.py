"""What people decide of two records: the same, overlapping, different. Kept, and not asked again while both texts stay.

A decision is of two versions. It goes on holding for the next version of a record unless that one's text changed much
(`changed_much`); the worker carries it over when the new version is listed (queue.py).
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from minga.access.permissions import Role
from minga.actors import grants
from minga.actors.models import Actor
from minga.actors.names import in_language
from minga.audit import changes as audit
from minga.duplicates.models import Decision, Pair, Verdict
from minga.registry.catalogue import fields_of
from minga.registry.lifecycle import LISTED, OPEN
from minga.registry.models import Record, Version
from minga.registry.moves import MovedOn, NoReason, NotThere, refusals
from minga.registry.queries import values_of

# Of the words of both texts together: with less in common the decision was about another text.
STILL_THE_SAME = 0.8
# By how much two records have to look more alike than when somebody decided, until she is asked again.
MUCH_MORE_ALIKE = 0.25
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Deciding:
    """Who decided what, in the reader's words."""

    decision: Decision
    by: str  # the officer's name, or whose office

    @property
    def verdict(self) -> str:
        """What was decided."""
        return str(Verdict(self.decision.verdict).label)


def decide(
    one_record: int, other_record: int, verdict: str, reason: str, person: int, *,
    versions: tuple[int, int] | None = None, probability: float | None = None, seen: int | None = None,
) -> Decision:  # fmt: skip
    """Decide whether two records tell of the same.

    Args:
        one_record: id of a record, such as the one that is being written.
        other_record: id of the other.
        verdict: one of `Verdict`.
        reason: why; needed but for the same.
        person: who decides: an author of one of them, a moderator who took it, a secretariat.
        versions: the ids of the versions that she read, in the order of the records; without it the newest of the one
            and the listed one of the other.
        probability: that they tell of the same, as she was shown it.
        seen: the revision of the pair that she read; None when she was shown none.

    Raises:
        NotThere: there is nothing of the two that she may decide of.
        NoReason: a reason is missing.
        MovedOn: somebody else decided since she looked; the message says who and what.
    """
    if verdict not in Verdict.values or one_record == other_record:
        raise NotThere
    if verdict != Verdict.SAME and not reason.strip():
        raise NoReason(_("Say why: whoever compares them next reads it."))
    one, other = versions or (_newest(one_record), _listed(other_record))
    (low, low_version), (high, high_version) = sorted([(one_record, one), (other_record, other)])
    office = None if grants.processes_as(Role.SECRETARIAT) else _office_of([low_version, high_version])
    try:
        with refusals(), transaction.atomic():
            made = Decision.objects.create(
                low_id=low, high_id=high, low_version_id=low_version, high_version_id=high_version, verdict=verdict,
                reason=reason.strip(), by_person=person, by_office_id=office, at=timezone.now(), seen=seen,
                probability=probability,
            )  # fmt: skip
    except MovedOn:
        raise MovedOn(_who_was_first(low, high)) from None
    except DatabaseError as problem:
        if getattr(problem.__cause__, "sqlstate", None) != "42501":  # row security refuses it
            raise
        raise NotThere from problem
    _note(made)
    return made


def _note(made: Decision) -> None:
    """In the trail of both records."""
    ids = dict(Record.objects.filter(pk__in=[made.low_id, made.high_id]).values_list("pk", "public_id"))
    for record in (made.low_id, made.high_id):
        audit.note(
            "duplicates.decided", subject=f"record:{ids.get(record, '')}", by_person=made.by_person,
            verdict=made.verdict, other=ids.get(made.other(record), ""),
        )  # fmt: skip


def settled(record: int) -> dict[int, Decision]:
    """What was decided of a record and others, as far as the current person may know it.

    Args:
        record: its id.

    Returns:
        id of the other record -> the last decision, where both texts are still what was decided about.
    """
    found: dict[int, Decision] = {}
    for each in Decision.objects.filter(Q(low=record) | Q(high=record)).order_by("at", "pk"):
        found[each.other(record)] = each
    now = _current([record, *found])
    now[record] = now.get(record, [])[-1:]  # of her own, what she writes now
    return {other: each for other, each in found.items() if _holds(each, now)}


def holds(decision: Decision, probability: float | None) -> bool:
    """Whether a decision still holds for two texts that look this much alike now.

    Args:
        decision: of `settled`.
        probability: that they tell of the same, now.
    """
    before = decision.probability
    return before is None or probability is None or probability - before < MUCH_MORE_ALIKE


def _holds(decision: Decision, now: dict[int, list[Version]]) -> bool:
    then = {each.pk: each for each in Version.objects.filter(pk__in=decision.versions)}
    for record, version in ((decision.low_id, decision.low_version_id), (decision.high_id, decision.high_version_id)):
        current = now.get(record, [])
        if version in {each.pk for each in current} or not current:
            continue
        if version not in then or changed_much(then[version], current[-1]):
            return False
    return True


def _current(records: Iterable[int]) -> dict[int, list[Version]]:
    """The listed and the open version of some records, as far as they may be read."""
    found: dict[int, list[Version]] = {}
    for version in Version.objects.filter(record__in=list(records), state__in=[*LISTED, *OPEN]).order_by("number"):
        found.setdefault(version.record_id, []).append(version)
    return found


def changed_much(before: Version, after: Version) -> bool:
    """Whether a text became another one: more than a fifth of its words, or where it takes place.

    Args:
        before: a version.
        after: another one of the same record.
    """
    if before.pk == after.pk or before.fingerprint == after.fingerprint:
        return False
    if set(before.places) != set(after.places):
        return True
    one, other = _words(before), _words(after)
    total = one.total() + other.total()
    return total > 0 and 2 * (one & other).total() / total < STILL_THE_SAME


def _words(version: Version) -> Counter[str]:
    """All words of its texts, each as often as it stands there."""
    values = values_of(version)
    texts = [values.get(each.name) for each in fields_of(version.kind) if each.translatable]
    joined = " ".join(" ".join(text) if isinstance(text, list) else text or "" for text in texts)
    return Counter(_WORD.findall(joined.lower()))


def told(decisions: Iterable[Decision], language: str) -> dict[int, Deciding]:
    """Who decided: officers of a secretariat by name (for those who work in one), others by their office.

    Args:
        decisions: that the current person may read.
        language: the reader's.

    Returns:
        id of the decision -> what to say of it.
    """
    decisions = list(decisions)
    names = officers([each.by_person for each in decisions if each.by_person])
    offices = Actor.objects.in_bulk({each.by_office_id for each in decisions if each.by_office_id})
    return {
        each.pk: Deciding(
            each,
            in_language(offices[each.by_office_id].names, language)[0] if each.by_office_id in offices
            else names.get(each.by_person, "") or _("the secretariat"),
        )
        for each in decisions
    }  # fmt: skip


def _office_of(versions: list[int]) -> int | None:
    """The owner of one of the versions for whose office the current person works."""
    return (
        Version.objects.filter(pk__in=versions, owner__in=grants.own_actors()).values_list("owner", flat=True).first()
    )


def officers(people: Iterable[int]) -> dict[int, str]:
    """The names of officers of secretariats; nothing for those who work in none."""
    with connection.cursor() as cursor:
        cursor.execute("select person, name from duplicates_officers(%s)", [sorted({*people})])
        return {person: name for person, name in cursor.fetchall() if name}


def _who_was_first(low: int, high: int) -> str:
    """What to tell somebody who decides of a pair that was decided or changed since she looked."""
    pair = Pair.objects.filter(low=low, high=high).select_related("decision").first()
    if pair is None or pair.decision is None:
        return _("One of the texts changed since you opened the page. Read both again before you decide.")
    first = told([pair.decision], get_language())[pair.decision_id]
    return _("%(who)s decided meanwhile: %(verdict)s. %(reason)s Your decision was not kept; below you can decide anew.") % {
        "who": first.by, "verdict": first.verdict, "reason": pair.decision.reason,
    }  # fmt: skip


def _newest(record: int) -> int:
    return _only(Version.objects.filter(record=record).order_by("-number"))


def _listed(record: int) -> int:
    return _only(Version.objects.filter(record=record, is_listed=True))


def _only(versions) -> int:
    """The id of the first.

    Raises:
        NotThere: there is none that she may read.
    """
    found = versions.values_list("pk", flat=True).first()
    if found is None:
        raise NotThere
    return found
