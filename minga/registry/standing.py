"""Where a version stands: what came before, who has it now and since when, by when, and what comes next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language

from minga.actors import grants
from minga.actors.models import Actor
from minga.actors.models import Standing as ActorStanding
from minga.actors.names import in_language
from minga.actors.queries import PROCESS_KINDS
from minga.actors.resolving import Resolver
from minga.registry import queries
from minga.registry.catalogue import Section
from minga.registry.lifecycle import HOLDERS, OPEN, State
from minga.registry.models import Rules, Transition, Version
from minga.registry.rules import rules_of

# The usual way of a version, as the state line shows it.
WAY = (State.DRAFT, State.TO_ENDORSE, State.ENDORSED, State.SUBMITTED, State.IN_MODERATION, State.ACCEPTED,
       State.PUBLISHED)  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """A version's place in the lifecycle."""

    state: State
    holder: str
    since: datetime
    due: datetime | None
    way: list[tuple[State, str]]  # (state, "done" | "now" | "to come")
    history: list[Transition]
    reason: str  # given with the last step

    @property
    def label(self) -> str:
        """The state in the reader's words."""
        return str(self.state.label)


def of(version: Version) -> Standing:
    """Where a version stands."""
    history = list(version.transitions.order_by("-at", "-id"))
    since = history[0].at if history else version.created_at
    state = State(version.state)
    return Standing(
        state,
        str(HOLDERS[state]),
        since,
        due_date(state, since, rules_of(version.process_id)),
        _way(state),
        history,
        history[0].reason if history else "",
    )


def due_date(state: str, since: datetime, rules: Rules | None) -> datetime | None:
    """By when a version that came into a state on a day should leave it; None where nobody is waited for.

    Args:
        state: where it is.
        since: when it came there.
        rules: of its process, which sets the days.
    """
    days = {} if rules is None else {
        State.TO_ENDORSE: rules.endorse_days, State.ENDORSED: rules.publish_days, State.SUBMITTED: rules.moderate_days,
        State.IN_MODERATION: rules.moderate_days, State.CHANGES_REQUESTED: rules.moderate_days,
        State.ACCEPTED: rules.publish_days,
    }  # fmt: skip
    return since + timedelta(days=days[state]) if state in days else None


def _way(state: State) -> list[tuple[State, str]]:
    if state not in WAY:
        return []
    place = WAY.index(state)
    return [(each, "done" if i < place else "now" if i == place else "to come") for i, each in enumerate(WAY)]


def may_begin_anew(newest: Version) -> bool:
    """Whether the current person may begin a new version of a record."""
    return (
        newest.state not in OPEN
        and newest.record.withdrawn_at is None
        and newest.state not in (State.WITHDRAWN, State.MERGED)
        and newest.owner_id in grants.written_actors()
        and not Version.objects.filter(record=newest.record_id, state=State.MERGED).exists()
    )


def as_page(version: Version, *, original: bool = False) -> dict[str, Any]:
    """What the template `registry/text.html` shows of a version.

    Args:
        version: with its record and owner.
        original: the reader asked for the text as it was written.
    """
    language = get_language()
    return {
        "version": version,
        "record": version.record,
        "shown": queries.shown_in(version, language, original=original),
        "sections": [
            (section, queries.fields_in(section, version.kind))
            for section in (Section.STORY, Section.RESULTS, Section.REUSE)
        ],
        "facts": queries.fields_in(Section.FACTS, version.kind),
        "sources": queries.fields_in(Section.SOURCE, version.kind),
        "owner_name": in_language(version.owner.names, language)[0],
        "gaps": queries.gaps(version),
        "behalf_name": in_language(version.on_behalf_of.names, language)[0] if is_on_behalf(version) else "",
    }


def is_on_behalf(version: Version) -> bool:
    """Whether its owner entered it for somebody else (who may own it by now)."""
    return version.on_behalf_of_id is not None and version.on_behalf_of_id != version.owner_id


def processes() -> list[tuple[int, str]]:
    """The processes that the current person takes part in: (id, name)."""
    found = Actor.objects.filter(pk__in=grants.my_processes(), kind__in=PROCESS_KINDS)
    return sorted(((each.pk, in_language(each.names, get_language())[0]) for each in found), key=lambda pair: pair[1])


def actors_named(names: list[str]) -> tuple[list[int], list[str]]:
    """The actors that names certainly mean, and the names that mean none or several."""
    resolver = Resolver() if names else None
    found = {name: resolver.resolve(name).actor for name in names}
    return [actor for actor in found.values() if actor], [name for name, actor in found.items() if actor is None]


def established_named(name: str) -> int | None:
    """The actor of the list of actors that a name certainly means; None also for one that is only proposed."""
    found = Actor.objects.filter(pk__in=actors_named([name])[0], standing=ActorStanding.ESTABLISHED).first()
    return found.pk if found else None


def names_of(ids: list[int]) -> list[str]:
    """The names of actors in the reader's language."""
    return [in_language(each.names, get_language())[0] for each in Actor.objects.filter(pk__in=ids)]
