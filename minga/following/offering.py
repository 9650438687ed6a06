"""What a list offers to whoever is signed in: to save it, or the way to where it is saved."""

from dataclasses import dataclass

from django.http import HttpRequest

from minga.following import changes
from minga.following.models import SavedSearch
from minga.registry.lists import RecordList


@dataclass(frozen=True)
class Offer:
    """To save a list."""

    query: str  # its query string, to be sent back
    saved: SavedSearch | None


def offer(request: HttpRequest, asked: RecordList) -> Offer | None:
    """The offer to save a list; None for a visitor, who may follow its feed.

    Args:
        request: of the page that shows the list.
        asked: the list.
    """
    if getattr(request, "person", None) is None:
        return None
    return Offer(changes.canonical(asked), changes.saved_as(asked, person=request.person))
