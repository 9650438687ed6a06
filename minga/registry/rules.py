"""How a process treats what is submitted to it."""

from django.conf import settings

from minga.actors.models import Actor
from minga.registry.models import Rules


def ensure_default() -> None:
    """Give the installation's process rules, and make it the one where records go that name none."""
    process = Actor.objects.get(slug=settings.PROCESS)
    Rules.objects.exclude(process=process).update(is_default=False)
    Rules.objects.update_or_create(process=process, defaults={"is_default": True})


def all_rules() -> dict[int | None, Rules]:
    """Process -> its rules; those of the default process also under None."""
    found: dict[int | None, Rules] = {}
    for each in Rules.objects.all():
        found[each.process_id] = each
        if each.is_default:
            found[None] = each
    return found


def rules_of(process: int | None) -> Rules | None:
    """The rules of a process, or of the default one."""
    found = all_rules()
    return found.get(process) or found.get(None)
