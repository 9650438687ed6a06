"""From the names in a batch of rows to actors. Nothing is guessed: a name that nobody knows, or that may mean several
actors, becomes a proposed actor, once for all rows that spell it so.
"""

from collections import defaultdict
from collections.abc import Callable

from minga.actors.changes import propose_actors
from minga.actors.names import key_of, spellings
from minga.actors.resolving import Resolver
from minga.exchange.incoming import Row

Ambiguous = Callable[[Row, str, str, tuple[int, ...]], None]  # row, role, name, candidates


class Naming:
    """The spellings known at the beginning of an import, and those that it adds."""

    def __init__(self, *, warn: Ambiguous):
        self._resolver = Resolver()
        self._proposed: dict[str, int] = {}  # key -> proposed actor of an ambiguous spelling
        self._warn = warn

    def resolve(self, rows: list[Row]) -> None:
        """Give each row its participants; two queries for what is new in all of them."""
        self._propose(rows)
        for row in rows:
            row.participants = [(role, self._actor(name), name) for role, name in row.content.participants()]

    def _actor(self, name: str) -> int | None:
        return self._resolver.resolve(name).actor or self._proposed.get(_key(name))

    def _propose(self, rows: list[Row]) -> None:
        unknown: dict[str, tuple[str, str, str, int]] = {}  # key -> name, language, kind, owner
        ambiguous: set[str] = set()
        for row in rows:
            lead, kind = row.content.values.get("actor"), row.content.values.get("actor_type") or "other"
            for role, name in row.content.participants():
                found = self._resolver.resolve(name)
                key = _key(name)
                if found.is_ambiguous:
                    self._warn(row, role, name, found.actors)
                    ambiguous.add(key)
                others = [] if found.is_ambiguous else [key_of(spelling) for spelling in spellings(name)]
                if self._actor(name) or key in unknown or any(other and other in unknown for other in others):
                    continue
                unknown[key] = (name, row.content.values["lang"], kind if name == lead else "other", row.owner)
        self._add(unknown, ambiguous)

    def _add(self, unknown: dict[str, tuple[str, str, str, int]], ambiguous: set[str]) -> None:
        by_owner = defaultdict(list)
        for name, language, kind, owner in unknown.values():
            by_owner[owner].append((name, language, kind))
        for owner, names in by_owner.items():
            for name, actor in propose_actors(names, owner=owner).items():
                if _key(name) in ambiguous or not key_of(name):
                    self._proposed[_key(name)] = actor
                else:
                    self._resolver.learn(name, actor)


def _key(name: str) -> str:
    """The form in which spellings are compared; of a name without letters, the name itself."""
    return key_of(name) or name
