"""What alters actors."""

import secrets
from collections.abc import Iterable

from minga.actors.models import Actor, Alias, Standing
from minga.actors.names import key_of
from minga.common.ids import ALPHABET


def propose_actors(names: Iterable[tuple[str, str, str]], *, owner: int) -> dict[str, int]:
    """Make proposed actors for names that nobody knows yet.

    A proposed actor is readable only where a readable record cites it; its slug is random, since a slug made from
    the name would clash with a hidden one and so betray it.

    Args:
        names: (name, language, kind) of each.
        owner: the id of the actor on whose behalf they are proposed.

    Returns:
        name -> id of its actor.
    """
    wanted = {name: (language, kind) for name, language, kind in names}
    made = Actor.objects.bulk_create(
        Actor(
            slug="p-" + "".join(secrets.choice(ALPHABET) for _ in range(12)),
            kind=kind or "other",
            standing=Standing.PROPOSED,
            names={language: name},
            proposed_by_id=owner,
        )
        for name, (language, kind) in wanted.items()
    )
    ids = {name: actor.pk for name, actor in zip(wanted, made, strict=True)}
    Alias.objects.bulk_create(
        Alias(actor_id=actor, text=name[:300], key=key_of(name)[:300])
        for name, actor in ids.items()
        if key_of(name)  # a name without letters means nobody else
    )
    return ids
