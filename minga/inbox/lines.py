"""What waits for a person: one list made of where things stand, most urgent first. Nothing is kept of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from minga.access.permissions import Role
from minga.actors import grants
from minga.duplicates import consenting, inviting
from minga.duplicates.models import Invitation, Merge
from minga.moderation import queries as moderation
from minga.registry import owners
from minga.registry.lifecycle import State
from minga.registry.models import Claim, Reader, Rules, Transition, Version
from minga.registry.rules import all_rules
from minga.registry.standing import due_date

MOST_LINES = 200

TASKS: dict[str, Promise] = {
    "endorse": _("Endorse it or return it"),
    "adopt": _("Read it and adopt it: the record is now yours"),
    "claimed": _("Answer: its maker says that it is theirs"),
    "merge": _("Answer: it is to be merged into another record"),
    "invited": _("Read: another office works on something that overlaps"),
    "merged_text": _("Begin the draft of the merged text"),
    "submit": _("Submit it: your office has endorsed it"),
    "write_anew": _("Write a new version: changes are asked for"),
    "go_on": _("Go on writing: it was returned to you"),
    "judge": _("Fill in your sheet"),
    "take": _("Take it, if it is for you"),
    "publish": _("Publish it: the moderators recommend it"),
    "decide": _("Decide: nobody moderates for your process"),
    "read": _("Read what is about to be published: it names your country"),
}
_URGENCY = list(TASKS)
AllRules = dict[int | None, Rules]  # read once for all lines


@dataclass(frozen=True)
class Line:
    """One thing to do."""

    task: str
    version: Version | None
    since: datetime
    due: datetime | None
    title: str
    public_id: str
    version_id: int
    claim: Claim | None = None
    merge: Merge | None = None
    invitation: Invitation | None = None

    @property
    def label(self) -> str:
        """What to do."""
        return str(TASKS[self.task])

    @property
    def is_late(self) -> bool:
        """Whether it should have been done."""
        return self.due is not None and self.due < timezone.now()


def waiting_for(person: int) -> list[Line]:
    """All that waits for a person, what is due first at the top.

    Args:
        person: her id; the database must know her in this transaction.
    """
    rules = all_rules()
    lines = [
        *_of_her_offices(rules),
        *_of_the_secretariat(rules),
        *_of_a_moderator(person, rules),
        *_of_a_keeper(),
        *_of_merges(),
        *_of_overlaps(),
        *_of_a_named_country(rules),
    ]
    far = timezone.now().replace(year=9999)
    return sorted(lines, key=lambda each: (each.due or far, _URGENCY.index(each.task), each.since, each.version_id))


def _of_her_offices(rules: AllRules) -> Iterator[Line]:
    endorsed = grants.actors_as(Role.ENDORSER)
    led = grants.actors_as(Role.FOCAL_POINT)
    written = grants.written_actors()
    yield from _lines(rules, "endorse", Q(owner__in=endorsed, state=State.TO_ENDORSE))
    yield from _lines(rules, "adopt", owners.handed_over_unread(endorsed))
    yield from _lines(rules, "submit", Q(owner__in=led, state=State.ENDORSED))
    yield from _lines(rules, "write_anew", Q(_is_newest(), owner__in=written, state=State.CHANGES_REQUESTED))
    returned = Transition.objects.filter(name="return", version__owner__in=written, version__state=State.DRAFT)
    yield from _lines(rules, "go_on", Q(pk__in=returned.values("version")))


def _is_newest() -> Exists:
    """No newer version was begun."""
    return ~Exists(Version.objects.filter(record=OuterRef("record"), number__gt=OuterRef("number")))


def _of_the_secretariat(rules: AllRules) -> Iterator[Line]:
    processes = grants.processes_as(Role.SECRETARIAT)
    yield from _lines(rules, "publish", Q(process__in=processes, state=State.ACCEPTED, submitted_at__isnull=False))
    alone = Rules.objects.filter(process__in=processes, moderators_needed=0).values("process")
    yield from _lines(rules, "decide", Q(process__in=alone, state__in=[State.SUBMITTED, State.IN_MODERATION]))


def _of_a_moderator(person: int, rules: AllRules) -> Iterator[Line]:
    if not grants.processes_as(Role.MODERATOR):
        return
    for sheet in moderation.open_sheets(person):
        version = sheet.version
        yield _line(rules, "judge", version, sheet.taken_at)
    if moderation.has_room(person):
        for each in moderation.queue(person)[:5]:
            yield Line("take", None, each.submitted_at, None, each.title, each.public_id, each.version)


def _of_a_keeper() -> Iterator[Line]:
    claims = list(owners.open_claims())
    listed = {
        each.record_id: each
        for each in Version.objects.filter(record__in=[claim.record_id for claim in claims], is_listed=True)
        .select_related("record", "owner")
    }  # fmt: skip
    for claim in claims:
        version = listed.get(claim.record_id)
        if version is not None and claim.actor_id != version.owner_id:
            yield Line("claimed", version, claim.at, None, version.title, claim.record.public_id, version.pk, claim)


def _of_merges() -> Iterator[Line]:
    for each in consenting.waiting_for_her():
        version = each.version
        title, public_id, pk = (version.title, version.record.public_id, version.pk) if version else ("", "", 0)
        yield Line(each.task, version, each.since, None, title, public_id, pk, merge=each.merge)


def _of_overlaps() -> Iterator[Line]:
    for told, version in inviting.waiting():
        yield Line(
            "invited", version, told.at, None, version.title, version.record.public_id, version.pk, invitation=told
        )


def _of_a_named_country(rules: AllRules) -> Iterator[Line]:
    told = Reader.objects.filter(
        why=Reader.Why.NAMED_COUNTRY, actor__in=grants.actors_as(Role.FOCAL_POINT, Role.ENDORSER)
    )
    yield from _lines(rules, "read", Q(pk__in=told.values("version"), state=State.ACCEPTED))


def _lines(rules: AllRules, task: str, condition: Q) -> Iterator[Line]:
    found = Version.objects.filter(condition).select_related("record", "owner").order_by("changed_at")[:MOST_LINES]
    for version in found:
        yield _line(rules, task, version, version.changed_at)


def _line(rules: AllRules, task: str, version: Version, since: datetime) -> Line:
    due = due_date(version.state, since, rules.get(version.process_id) or rules.get(None))
    return Line(task, version, since, due, version.title, version.record.public_id, version.pk)
