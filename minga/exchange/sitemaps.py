"""The sitemap: public records and the site's own pages, each in every language, 2,000 records a part."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import override

from minga.actors.queries import american_states
from minga.design.context import site_address
from minga.registry import counts
from minga.registry.models import Version
from minga.registry.paths import PATHS
from minga.vocabularies.queries import concepts

PART = 2_000
PAGES = ("home", "records", "objectives", "countries", "actors", "coverage", "principles", "vocabularies", "about",
         "counting")  # fmt: skip


def sitemap(request: HttpRequest) -> HttpResponse:
    """The index of the parts."""
    parts = -(-counts.count({}).total // PART)
    return _xml(request, "exchange/sitemap_index.xml", {"parts": range(parts + 1), "base": site_address(request)})


def sitemap_part(request: HttpRequest, part: int) -> HttpResponse:
    """One part: 0 holds the site's pages, the others records."""
    base = site_address(request)
    languages = [code for code, _name in settings.LANGUAGES]
    if part == 0:
        entries = [(_addresses(base, languages, name, *arguments), None) for name, *arguments in _pages()]
    else:
        first = (part - 1) * PART
        versions = Version.objects.filter(is_public=True).select_related("record").order_by("record_id")
        entries = [
            (_addresses(base, languages, "record", PATHS[version.kind], version.record.public_id), version.listed_at)
            for version in versions[first : first + PART]
        ]
        if not entries:
            return HttpResponse(status=404)
    return _xml(request, "exchange/sitemap_part.xml", {"entries": entries})


def _pages() -> list[tuple]:
    """The site's own pages and those that gather records: (name of the address, its arguments)."""
    objectives = [("objective", int(each.notation)) for each in concepts("gcm-objectives")]
    principles = [("principle", each.code) for each in concepts("gcm-principles")]
    countries = [("country", code) for code in american_states("en")]
    kinds = [("records-of-kind", plural) for plural in PATHS.values()]
    return [*((name,) for name in PAGES), *kinds, *objectives, *principles, *countries]


def _addresses(base: str, languages: list[str], name: str, *arguments) -> list[tuple[str, str]]:
    """(language, address) of a page in each language."""
    found = []
    for language in languages:
        with override(language):
            found.append((language, base + reverse(name, args=arguments)))
    return found


def _xml(request: HttpRequest, template: str, page: dict) -> HttpResponse:
    return render(request, template, page, content_type="application/xml; charset=utf-8")


def robots(request: HttpRequest) -> HttpResponse:
    """Search engines are welcome; filtered lists and files are not worth their time."""
    lines = ["User-agent: *", "Disallow: /*?", "Disallow: /*/export.", f"Sitemap: {site_address(request)}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
