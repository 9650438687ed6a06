"""Pages of matches: for a need what may answer it, for an offer the needs that it may answer.

Each page is also a part of others, which ask for it once they stand: where a record stands, its form, its own page.
"""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from minga.accounts.guards import signed_in
from minga.audit import changes as audit
from minga.design.answers import nothing_there
from minga.matching.showing import FEW, matches_for, may_be_matched
from minga.registry import queries, telling
from minga.registry.lifecycle import JUDGED
from minga.registry.models import Version
from minga.registry.paths import KINDS, PATHS


@signed_in
def of_work(request: HttpRequest, public_id: str) -> HttpResponse:
    """Of the newest version that the person reads, drafts too."""
    versions = telling.versions_of(public_id)
    if not versions or not may_be_matched(versions[0]):
        return nothing_there(request)
    return _answered(request, versions[0], reverse("work-record", args=[public_id]))


def of_listed(request: HttpRequest, plural: str, public_id: str) -> HttpResponse:
    """Of the version that stands for its record on the site."""
    version = queries.find_listed(public_id)
    if version is None or not may_be_matched(version):
        return nothing_there(request)
    if KINDS[plural] != version.kind:
        return HttpResponsePermanentRedirect(reverse("matches", args=[PATHS[version.kind], public_id]))
    return _answered(request, version, reverse("record", args=[plural, public_id]))


def _answered(request: HttpRequest, version: Version, back: str) -> HttpResponse:
    is_part = bool(request.htmx)
    if not version.is_public and not is_part:  # the page that a part belongs to has noted it
        audit.note(
            "record.read", subject=f"record:{version.record.public_id}", by_person=request.person,
            owner_actor=None if version.state in JUDGED else version.owner_id, version=version.number,
        )  # fmt: skip
    page = {
        "version": version, "record": version.record, "back": back, "is_part": is_part,
        "matches": matches_for(version, most=FEW if "few" in request.GET else None),
        "shown": queries.shown_in(version, get_language()), "address": request.path,
    }  # fmt: skip
    return render(request, "matching/matches.html" if is_part else "matching/page.html", page)
