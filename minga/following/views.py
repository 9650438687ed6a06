"""A person's saved searches: save one, see what is new in each, rename, choose the rhythm of mail, delete."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from minga.accounts.guards import signed_in
from minga.design.answers import nothing_there
from minga.following import changes
from minga.following.forms import SavedSearchForm
from minga.following.models import SavedSearch
from minga.following.news import News, unseen
from minga.search.lists import read_list
from minga.search.naming import as_typed

SHOWN = 10  # on a page: each is asked anew
LONGEST_QUERY = 20_000  # characters; what the longest search and all filters come to


@dataclass(frozen=True)
class Entry:
    """A saved search on its page."""

    search: SavedSearch
    typed: str
    news: News
    form: SavedSearchForm


@signed_in
def searches(request: HttpRequest) -> HttpResponse:
    """Her saved searches, each with what is new since she last looked at it."""
    return _page(request, _of(request))


@signed_in
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Saves the search of a list."""
    asked = read_list(QueryDict(request.POST.get("query", "")[:LONGEST_QUERY]))
    try:
        search, is_fresh = changes.save(asked, person=request.person, at=timezone.now())
    except changes.TooMany:
        messages.error(
            request, _("You keep %(number)d searches, the most that one may. Delete one below, then save the new one.")
            % {"number": changes.MOST_SAVED},
        )  # fmt: skip
        return redirect("searches")
    if is_fresh:
        messages.success(request, _("Saved. You are written to once a week when something new fits."))
    return _to_list(search.query)


@signed_in
def open_search(request: HttpRequest, search: int) -> HttpResponse:
    """Leads to a saved search's results, what is new first, and notes that she has seen them."""
    own = _find(request, search)
    if own is None:
        return nothing_there(request)
    before = own.seen_at
    number = len(changes.look(own, at=timezone.now()).versions)
    if number:
        messages.info(
            request,
            ngettext("%(number)d record is new since %(date)s. The newest come first.",
                     "%(number)d records are new since %(date)s. The newest come first.", number)
            % {"number": number, "date": date_format(timezone.localtime(before), "DATE_FORMAT")},
        )  # fmt: skip
    return _to_list(own.newest_first if number else own.query)


@signed_in
@require_POST
def change(request: HttpRequest, search: int) -> HttpResponse:
    """Renames a saved search and sets how often she is written to."""
    own = _find(request, search)
    if own is None:
        return nothing_there(request)
    form = SavedSearchForm.of(own, request.POST)
    if not form.is_valid():
        return _page(request, SavedSearch.objects.filter(pk=own.pk), wrong=form)
    changes.change(own, **form.cleaned_data, at=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("searches")


@signed_in
@require_POST
def delete(request: HttpRequest, search: int) -> HttpResponse:
    """Forgets a saved search."""
    own = _find(request, search)
    if own is None:
        return nothing_there(request)
    own.delete()
    messages.success(request, _("Deleted: %(name)s. You are no longer written to about it.") % {"name": own.name})
    return redirect("searches")


def _to_list(query: str) -> HttpResponse:
    return redirect(reverse("records") + (f"?{query}" if query else ""))


def _of(request: HttpRequest):
    return SavedSearch.objects.filter(person=request.person)


def _find(request: HttpRequest, search: int) -> SavedSearch | None:
    return _of(request).filter(pk=search).first() if search < 2**63 else None


def _page(request: HttpRequest, found, wrong: SavedSearchForm | None = None) -> HttpResponse:
    """The page of some of her saved searches; with one whose form has to be mended, that one alone."""
    page: Page = Paginator(found, SHOWN).get_page(request.GET.get("page"))
    entries = [
        Entry(search, as_typed(search.asked), unseen(search), wrong or SavedSearchForm.of(search))
        for search in page.object_list
    ]  # fmt: skip
    return render(
        request, "following/searches.html", {"page": page, "entries": entries, "wrong": wrong, "section": "account"},
        status=422 if wrong else 200,
    )  # fmt: skip
