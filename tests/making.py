"""Makes records for tests: valid and least by default, in any state and visibility, with a mark that is easy to find."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from django.db import transaction

from minga.actors.changes import propose_actors
from minga.actors.models import Actor
from minga.audit.by import By
from minga.files.changes import attach
from minga.files.checking import check
from minga.registry import changes
from minga.registry.content import Content
from minga.registry.kinds import Kind
from minga.registry.lifecycle import OPEN, STANDING, State
from minga.registry.models import Record, Version, Visibility

AT = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
BY = By(operator="tests")
# States that a version comes to by having been submitted to a process.
SUBMITTED = (State.SUBMITTED, State.IN_MODERATION, State.CHANGES_REQUESTED, State.NOT_SUITABLE, State.ACCEPTED,
             State.PUBLISHED, State.MERGED)  # fmt: skip
_numbers = count(1)


class _Undone(Exception):
    """Ends a transaction that is not kept."""


@contextmanager
def undone() -> Iterator[None]:
    """Whatever the block does to the database is undone at its end; for the examples of one property test."""
    with suppress(_Undone), transaction.atomic():
        yield
        raise _Undone


def new_mark() -> str:
    """A word that stands nowhere else."""
    return f"zqx{next(_numbers):05d}mark"


def actor_id(slug: str) -> int:
    """An actor's id by its short name."""
    return Actor.objects.get(slug=slug).pk


@dataclass
class Made:
    """A version that was made, and the mark that all its texts carry."""

    version: Version
    mark: str

    @property
    def record(self) -> Record:
        return self.version.record


def make_record(
    *,
    owner: str = "rcm-executive-secretariat",
    kind: str = Kind.PRACTICE,
    state: str = State.PUBLISHED,
    visibility: str = Visibility.PUBLIC,
    process: str = "",
    audience: tuple[str, ...] = (),
    record: Record | None = None,
    with_actor: bool = True,
    on_behalf_of: str = "",
    **values,
) -> Made:
    """Make a record with one version, or another version of a record, in whatever state."""
    mark = new_mark()
    texts = {
        "lang": "es", "title": f"Título {mark}", "summary": f"Resumen con ñ y ç: {mark}.", "countries": ["SLV"],
        "objectives": [8, 1], "principles": ["human-rights"], "populations": ["children"], "level": "national",
        "start": "2019-05", "source_url": f"https://example.org/{mark}", "lessons": [f"Lección {mark}"],
    }  # fmt: skip
    if with_actor:
        texts["actor"] = f"Instituto {mark}"
    texts |= values
    translation = {"lang": "en", "origin": "translator", "authority": "translation", "title": f"Title {mark}"}
    content = Content(kind, {name: value for name, value in texts.items() if value is not None}, (translation,))
    owner_id = actor_id(owner)
    participants = []
    if texts.get("actor"):
        participants = [("lead", propose_actors([(texts["actor"], "es", "other")], owner=owner_id)[texts["actor"]],
                         texts["actor"])]  # fmt: skip
    draft = changes.Draft(
        content, owner_id, participants, external_id=f"ext-{next(_numbers)}", record=record, visibility=visibility,
        process=actor_id(process) if process else None, audience=[actor_id(slug) for slug in audience],
        columns=content.columns(frozenset({"SLV", "GTM", "COL"})),
        on_behalf_of=actor_id(on_behalf_of) if on_behalf_of else None,
    )  # fmt: skip
    if record is None:
        changes.add_records([draft], from_source=False, by=BY, at=AT)
        version = Version.objects.select_related("record").get(record=draft.record)
    else:
        earlier = list(record.versions.all())
        states = [version.state for version in earlier]
        for version in earlier:  # parked while the new one is a draft for a moment
            put_in_state(version, State.ARCHIVED)
        version = changes._add_versions([draft], numbers=[len(earlier) + 1], from_source=False, by=BY, at=AT)[0]
        put_in_state(version, state)
        for other, its_state in zip(earlier, states, strict=True):
            put_in_state(other, its_state)
        return Made(version, mark)
    if on_behalf_of:
        add_letter(version, mark)
    put_in_state(version, state)
    return Made(version, mark)


def add_letter(version: Version, mark: str) -> None:
    """Hang the letter on a version that was entered on another's behalf."""
    attach(version, check(f"Carta {mark}.txt", f"Autorizamos {mark}.".encode()), description=f"Carta {mark}", by=None,
           at=AT, is_letter=True)  # fmt: skip


def put_in_state(version: Version, state: str) -> None:
    """Put a version in a state without the steps that lead there."""
    version.state = state
    version.listed_at = AT if state in (*STANDING, State.REPLACED, State.ARCHIVED) else None
    if state in SUBMITTED:
        version.submitted_at, version.moderators_needed = AT, 2
        version.process_id = version.process_id or actor_id("rcm")
    version.save(update_fields=["state", "listed_at", "submitted_at", "moderators_needed", "process"])
    if state == State.WITHDRAWN:
        version.record.withdrawn_at, version.record.withdrawal_reason = AT, "Retirado."
        version.record.save(update_fields=["withdrawn_at", "withdrawal_reason"])


def clashes(state: str, other: str) -> bool:
    """Whether two versions of one record may not be in these states together."""
    return any(state in group and other in group for group in (STANDING, OPEN))
