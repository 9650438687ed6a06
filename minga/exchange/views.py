"""Files to take away: lists in each form, single records, citations."""

from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from minga.design.answers import nothing_there
from minga.design.context import site_address
from minga.duplicates.leading import merged_elsewhere
from minga.exchange import addresses, writing
from minga.exchange.citations import Citation
from minga.exchange.documents import as_docx
from minga.exchange.exporting import TooLong, about_taking, citing, require_short, selection_of
from minga.exchange.rows import complete_of_ids, row_of
from minga.exchange.streams import streamed, turn_of
from minga.registry.kinds import PLURALS
from minga.registry.models import Version
from minga.registry.paths import KINDS
from minga.registry.queries import find_listed
from minga.search.lists import read_list


def export_list(request: HttpRequest, form: str, plural: str = "") -> HttpResponseBase:
    """A list with its filters as a file."""
    asked = read_list(request.GET, kind=KINDS[plural] if plural else "")
    title = str(PLURALS[asked.kind]) if asked.kind else _("All records")
    if form == "docx":
        try:
            require_short(asked.total)
        except TooLong as problem:
            page = {"problem": problem, "asked": asked, "plural": plural}
            return render(request, "exchange/too_long.html", page, status=413)
    selection = selection_of(asked, title=title, base=site_address(request), turn=turn_of(request))
    pieces = selection.pieces(form)
    response = streamed(request, pieces, content_type=writing.TYPES[form])
    return _as_file(response, plural or "records", form)


def export_record(request: HttpRequest, plural: str, public_id: str, form: str) -> HttpResponse:
    """One record as a file."""
    version = _listed(plural, public_id)
    if version is None:
        return merged_elsewhere(public_id, "export-record", form) or nothing_there(request)
    rows = [row_of(version) for version in complete_of_ids([version.pk])]
    if form == "json":
        content = b"".join(writing.as_jsonl(rows))
    else:
        about = [*about_taking(1)[:2], (_("Address"), lasting_address(request, version))]
        cite = citing(site_address(request))
        content = as_docx(
            [(row, cite(version)) for row in rows], title=settings.SITE_NAME, about=about, language=get_language()
        )
    return _as_file(HttpResponse(content, content_type=writing.TYPES[form]), public_id, form)


def cite(request: HttpRequest, plural: str, public_id: str, form: str) -> HttpResponse:
    """A record's citation for reference managers."""
    version = _listed(plural, public_id)
    if version is None:
        return merged_elsewhere(public_id, "cite", form) or nothing_there(request)
    citation = citation_of(request, version)
    if form == "ris":
        response = HttpResponse(citation.ris(), content_type="application/x-research-info-systems; charset=utf-8")
    else:
        response = HttpResponse(citation.bibtex(), content_type="application/x-bibtex; charset=utf-8")
    return _as_file(response, public_id, form)


def citation_of(request: HttpRequest, version: Version) -> Citation:
    """How a version is cited today."""
    return Citation.of(
        version, registry=settings.SITE_NAME, address=lasting_address(request, version), today=datetime.now(UTC).date()
    )


def lasting_address(request: HttpRequest, version: Version) -> str:
    """The address that is cited: without language or kind."""
    return addresses.lasting(site_address(request), version.record.public_id)


def _listed(plural: str, public_id: str) -> Version | None:
    version = find_listed(public_id)
    return version if version is not None and version.kind == KINDS[plural] else None


def _as_file(response: HttpResponseBase, name: str, form: str) -> HttpResponseBase:
    file = writing.file_name(name, form, datetime.now(UTC).date())
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    response["X-Robots-Tag"] = "noindex"
    return response
