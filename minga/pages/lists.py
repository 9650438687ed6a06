"""Pages of lists of records, with their filters."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from minga.design.context import site_address
from minga.exchange import addresses, metadata
from minga.following.offering import offer
from minga.registry import queries
from minga.registry.facets import facets_of, in_words
from minga.registry.kinds import MEANINGS, PLURALS
from minga.registry.lists import ORDERS, RecordList
from minga.registry.paths import KINDS
from minga.search.lists import SearchList, read_list
from minga.search.loosening import parts_of
from minga.search.showing import told_of


def record_list(request: HttpRequest, plural: str = "") -> HttpResponse:
    """A list of records with its filters."""
    kind = KINDS[plural] if plural else ""
    asked = read_list(request.GET, kind=kind)
    language = get_language()
    page = {
        "asked": asked,
        "plural": plural or "records",
        "title": PLURALS[kind] if kind else _("All records"),
        "meaning": MEANINGS[kind] if kind else "",
        "rows": queries.in_rows(asked.rows, language),
        "told": told_of(asked, asked.rows) if isinstance(asked, SearchList) else {},
        "parts": parts_of(asked, language) if isinstance(asked, SearchList) and not asked.total else [],
        "facets": facets_of(asked, language),
        "chosen": in_words(asked, language),
        "orders": _orders(is_search=isinstance(asked, SearchList)),
        "beyond": asked.page > asked.pages,
        "alternates_query": asked.query(),
        "offer": offer(request, asked),
    }
    page["json_ld"] = metadata.as_script(_described(request, asked, str(page["title"]), page["rows"]))
    only_results = request.htmx and not request.htmx.history_restore_request
    response = render(request, "pages/list_results.html" if only_results else "pages/list.html", page)
    response["Vary"] = "HX-Request"
    return response


def _described(request: HttpRequest, asked: RecordList, name: str, rows: list[queries.Row]) -> dict:
    """The list as search engines read it."""
    base = site_address(request)
    records = [(row.title, addresses.lasting(base, row.version.record.public_id)) for row in rows]
    return metadata.json_ld_of_list(
        address=addresses.list_page(base, asked.kind, asked.query()), name=name, total=asked.total, records=records
    )


def _orders(*, is_search: bool) -> list[tuple[str, str]]:
    labels = {
        "region": _("The best answer first") if is_search else _("The Americas first, then newest"),
        "newest": _("Newest in the registry"),
        "year": _("Most recent year of start"),
        "title": _("Title"),
    }
    return [(name, labels[name]) for name in ORDERS]
