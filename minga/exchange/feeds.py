"""An Atom feed of every list: the newest of what the list shows, in the reader's language where it is translated."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language

from minga.design.context import site_address
from minga.exchange import addresses
from minga.exchange.cells import xml_safe
from minga.registry.lists import RecordList
from minga.registry.models import Translation
from minga.registry.paths import KINDS
from minga.registry.queries import Row, in_rows
from minga.search.lists import read_list
from minga.search.naming import name_of
from minga.vocabularies.queries import label, objective_code

NEWEST = 50


@dataclass(frozen=True)
class Source:
    """The list of a feed, and the site's address."""

    asked: RecordList
    base: str


@dataclass(frozen=True)
class Entry:
    """A record in a feed."""

    row: Row
    summary: str
    base: str


class ListFeed(Feed):
    """The newest records of a list, with the list's own filters."""

    feed_type = Atom1Feed
    author_name = settings.SITE_NAME

    def get_object(self, request: HttpRequest, plural: str = "") -> Source:
        """The list that the address and its query string name; newest first, whatever its order."""
        asked = read_list(request.GET, kind=KINDS[plural] if plural else "")
        return Source(replace(asked, order="newest", page=1), site_address(request))

    def title(self, source: Source) -> str:
        """What the list asks for, so that several feeds can be told apart, and the site's name."""
        return xml_safe(f"{name_of(source.asked, get_language())} · {settings.SITE_NAME}")

    def link(self, source: Source) -> str:
        """The list's page."""
        return addresses.list_page(source.base, source.asked.kind, source.asked.query(sort="", page=1))

    def feed_url(self, source: Source) -> str:
        """The feed's own address, with what was chosen."""
        return addresses.list_feed(source.base, source.asked.kind, source.asked.query(sort="", page=1))

    def feed_guid(self, source: Source) -> str:
        """The same: another choice is another feed."""
        return self.feed_url(source)

    def items(self, source: Source) -> list[Entry]:
        """The newest records."""
        language = get_language()
        rows = in_rows(source.asked.versions().select_related("record")[:NEWEST], language)
        summaries = dict(
            Translation.objects.filter(version__in=[row.version for row in rows], language=language)
            .exclude(summary="")
            .values_list("version_id", "summary")
        )
        return [Entry(row, summaries.get(row.version.pk, row.version.summary), source.base) for row in rows]

    def item_title(self, entry: Entry) -> str:
        """The record's title."""
        return xml_safe(entry.row.title)

    def item_description(self, entry: Entry) -> str:
        """The record's summary."""
        return xml_safe(entry.summary)

    def item_link(self, entry: Entry) -> str:
        """The record's page."""
        return addresses.page(entry.base, entry.row.version.kind, entry.row.version.record.public_id)

    def item_guid(self, entry: Entry) -> str:
        """The record's lasting address, the same in every language."""
        return addresses.lasting(entry.base, entry.row.version.record.public_id)

    def item_author_name(self, entry: Entry) -> str:
        """Who did it."""
        return xml_safe(entry.row.lead) or settings.SITE_NAME

    def item_updateddate(self, entry: Entry) -> datetime:
        """When this version came to be listed."""
        return entry.row.version.listed_at

    def item_pubdate(self, entry: Entry) -> datetime:
        """When the record was first public."""
        return entry.row.version.record.public_since or entry.row.version.listed_at

    def item_categories(self, entry: Entry) -> list[str]:
        """Its objectives."""
        return [
            f"{number}. {label('gcm-objectives', objective_code(number), get_language())}"
            for number in entry.row.version.objectives
        ]
