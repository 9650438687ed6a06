"""The page of a single record: what the registry holds of it, and how to cite it and take it away."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from minga.actors.queries import country_name
from minga.audit import changes as audit
from minga.design.answers import nothing_there
from minga.duplicates.leading import merged_elsewhere
from minga.duplicates.merging import merged_into, where_it_went
from minga.exchange import metadata
from minga.exchange.views import citation_of, lasting_address
from minga.matching import asking as matches
from minga.pages.similar import rows_like
from minga.redaction.queries import of_record
from minga.registry import owners, queries
from minga.registry.paths import KINDS, PATHS
from minga.registry.standing import as_page


def record(request: HttpRequest, plural: str, public_id: str) -> HttpResponse:
    """A record's page; for a withdrawn one, a page that says so."""
    version = queries.find_listed(public_id)
    if version is None:
        return merged_elsewhere(public_id) or _withdrawn_or_missing(request, public_id)
    if KINDS[plural] != version.kind:
        return HttpResponsePermanentRedirect(reverse("record", args=[PATHS[version.kind], public_id]))
    if not version.is_public:
        audit.note("record.read", subject=f"record:{public_id}", by_person=request.person, owner_actor=version.owner_id,
                   version=version.number)  # fmt: skip
    language = get_language()
    address = lasting_address(request, version)
    countries = [country_name(code, language) for code in version.places]
    return render(
        request,
        "pages/record.html",
        {
            **as_page(version, original="original" in request.GET),
            "plural": plural,
            "claimants": owners.claimants_of(version) if request.person else [],
            "listing": queries.how_listed(version),
            "redactions": of_record(version.record_id),
            "versions": queries.versions_of(version),
            "merged_into_it": merged_into([version.record_id]).get(version.record_id, []),
            **rows_like(version),
            **matches.asked_for(version),
            "citation": citation_of(request, version).text(language),
            "dublin_core": metadata.dublin_core(version, address=address, registry=settings.SITE_NAME),
            "json_ld": metadata.as_script(
                metadata.json_ld_of_record(version, address=address, registry=settings.SITE_NAME, countries=countries)
            ),
        },
    )


def _withdrawn_or_missing(request: HttpRequest, public_id: str) -> HttpResponse:
    """Gone, when it was public once; otherwise the same answer as for nothing there."""
    went = where_it_went(public_id)
    found = went.kept if went else queries.find_record(public_id)
    if found is not None and found.withdrawn_at:
        return render(request, "pages/withdrawn.html", {"record": found, "went": went}, status=410)
    if went:
        return redirect("record-before", went.plural, public_id)
    return nothing_there(request)


def short_address(request: HttpRequest, public_id: str) -> HttpResponse:
    """The address that is cited: it has no language and no kind, and leads to the page in the reader's language."""
    found = queries.find_record(public_id)
    if found is None:
        return nothing_there(request)
    return merged_elsewhere(public_id) or redirect("record", PATHS[found.kind], public_id)
