"""An Atom feed of every list: the newest of what the list shows."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from minga.registry.kinds import PLURALS
from minga.registry.lists import RecordList
from minga.registry.models import Version
from minga.registry.paths import KINDS, PATHS
from minga.registry.queries import Row, in_rows
from minga.vocabularies.queries import label, objective_code

NEWEST = 50


class ListFeed(Feed):
    """The newest records of a list, with the list's own filters."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, plural: str = "") -> tuple[RecordList, str]:
        """The list that the address and its query string name; newest first, whatever its order."""
        asked = RecordList.read(request.GET, kind=KINDS[plural] if plural else "")
        return RecordList(asked.chosen, "newest", 1, asked.kind, asked.actor), request.path

    def title(self, asked: tuple[RecordList, str]) -> str:
        """The list's name and the site's."""
        name = PLURALS[asked[0].kind] if asked[0].kind else _("All records")
        return f"{name} · {settings.SITE_NAME}"

    def link(self, asked: tuple[RecordList, str]) -> str:
        """The list's page."""
        plural = PATHS.get(asked[0].kind, "")
        address = reverse("records-of-kind", args=[plural]) if plural else reverse("records")
        query = asked[0].query(sort="", page=1)
        return f"{address}?{query}" if query else address

    def items(self, asked: tuple[RecordList, str]) -> list[Row]:
        """The newest records."""
        return in_rows(asked[0].versions().select_related("record")[:NEWEST], get_language())

    def item_title(self, row: Row) -> str:
        """The record's title in the reader's language, if there is one."""
        return row.title

    def item_description(self, row: Row) -> str:
        """The record's summary."""
        return row.version.summary

    def item_link(self, row: Row) -> str:
        """The record's page."""
        return _page(row.version)

    def item_guid(self, row: Row) -> str:
        """The record's lasting address, the same in every language."""
        return reverse("short-address", args=[row.version.record.public_id])

    def item_author_name(self, row: Row) -> str:
        """Who did it."""
        return row.lead or settings.SITE_NAME

    def item_updateddate(self, row: Row):
        """When this version came to be listed."""
        return row.version.listed_at

    def item_pubdate(self, row: Row):
        """When the record was first public."""
        return row.version.record.public_since or row.version.listed_at

    def item_categories(self, row: Row) -> list[str]:
        """Its objectives."""
        return [
            f"{number}. {label('gcm-objectives', objective_code(number), get_language())}"
            for number in row.version.objectives
        ]


def _page(version: Version) -> str:
    return reverse("record", args=[PATHS[version.kind], version.record.public_id])
