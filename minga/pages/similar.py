"""More like this: the records that are like one, beside it and on a page of their own."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from minga.audit import changes as audit
from minga.design.answers import nothing_there
from minga.duplicates.leading import merged_elsewhere
from minga.registry import queries
from minga.registry.models import Version
from minga.registry.paths import KINDS, PATHS
from minga.search.alike import FEW, MANY, alike


def similar(request: HttpRequest, plural: str, public_id: str) -> HttpResponse:
    """The records that are like one, with why."""
    version = queries.find_listed(public_id)
    if version is None:
        return merged_elsewhere(public_id, "similar") or nothing_there(request)
    if KINDS[plural] != version.kind:
        return HttpResponsePermanentRedirect(reverse("similar", args=[PATHS[version.kind], public_id]))
    if not version.is_public:
        audit.note("record.read", subject=f"record:{public_id}", by_person=request.person, owner_actor=version.owner_id,
                   version=version.number)  # fmt: skip
    shown = queries.shown_in(version, get_language())
    page = {"version": version, "record": version.record, "plural": plural, "shown": shown}
    return render(request, "pages/similar.html", page | rows_like(version, most=MANY))


def rows_like(version: Version, *, most: int = FEW) -> dict:
    """The rows of records that are like one, for templates; `like` is None while it has no vector yet.

    Args:
        version: listed, and readable for the person.
        most: at most so many.
    """
    found = alike(version, most=most)
    if found is None:
        return {"like": None}
    rows = queries.in_rows([each.version for each in found], get_language())
    return {"like": rows, "why_like": {each.version.pk: each.why for each in found}}
