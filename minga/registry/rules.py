"""How a process treats what is submitted to it."""

from django.conf import settings

from minga.actors.models import Actor
from minga.registry.models import Rules


def ensure_default() -> None:
    """Give the installation's process rules, and make it the one where records go that name none."""
    process = Actor.objects.get(slug=settings.PROCESS)
    Rules.objects.exclude(process=process).update(is_default=False)
    Rules.objects.update_or_create(process=process, defaults={"is_default": True})


def rules_of(process: int | None) -> Rules | None:
    """The rules of a process, or of the default one."""
    found = Rules.objects.filter(process=process).first() if process else None
    return found or Rules.objects.filter(is_default=True).first()
