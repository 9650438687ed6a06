"""From a name as people write it to the actor that it means, or to the question that must be asked.

"EE.UU.", "USA" and "Estados Unidos de América" are one actor; "CAN" may be Canada or the Andean Community, and is asked
about. Nothing is guessed: an unknown name becomes a proposed actor, an ambiguous one comes back with its candidates.
"""

from collections import defaultdict
from dataclasses import dataclass

from minga.actors.models import Actor, Alias
from minga.actors.names import key_of, spellings

COUNTRY_KINDS = ("state", "territory")


@dataclass(frozen=True)
class Resolution:
    """What a name may mean: one actor, several, or none that is known."""

    actors: tuple[int, ...]
    is_doubtful: bool = False  # the spelling is known to mean other things too

    @property
    def actor(self) -> int | None:
        """The one actor that it certainly means."""
        return self.actors[0] if len(self.actors) == 1 and not self.is_doubtful else None

    @property
    def is_ambiguous(self) -> bool:
        """Whether a person has to say which is meant."""
        return len(self.actors) > 1 or self.is_doubtful


class Resolver:
    """All spellings that the current person may read, held for the length of an import."""

    def __init__(self):
        certain: dict[str, set[int]] = defaultdict(set)
        doubtful: dict[str, set[int]] = defaultdict(set)
        for actor, key, is_ambiguous in Alias.objects.values_list("actor_id", "key", "is_ambiguous"):
            (doubtful if is_ambiguous else certain)[key].add(actor)
        self._certain, self._doubtful = certain, doubtful

    def resolve(self, name: str) -> Resolution:
        """What the name may mean."""
        for spelling in spellings(name):
            key = key_of(spelling)
            if key in self._doubtful:
                return Resolution(tuple(sorted(self._doubtful[key] | self._certain.get(key, set()))), is_doubtful=True)
            if key in self._certain:
                return Resolution(tuple(sorted(self._certain[key])))
        return Resolution(())

    def learn(self, name: str, actor: int) -> None:
        """Remember a new spelling, so that the next row means the same actor by it."""
        self._certain[key_of(name)].add(actor)


class Countries:
    """Countries and territories by code or name."""

    def __init__(self):
        places = Actor.objects.filter(kind__in=COUNTRY_KINDS)
        self.codes = frozenset(places.values_list("country", flat=True))
        self._by_key: dict[str, set[str]] = defaultdict(set)
        for key, code in Alias.objects.filter(actor__kind__in=COUNTRY_KINDS).values_list("key", "actor__country"):
            self._by_key[key].add(code)

    def code_of(self, text: str) -> str | None:
        """ISO alpha-3 of a country given by its code or by a name that means only one; None otherwise."""
        if text in self.codes:
            return text
        found = self._by_key.get(key_of(text), set())
        return next(iter(found)) if len(found) == 1 else None
