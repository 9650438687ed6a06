"""What search engines and libraries read of a page: schema.org as JSON-LD, Dublin Core as meta elements."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from minga.registry.models import Version
from minga.registry.queries import values_of

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_UNSAFE = {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"}


def json_ld_of_record(version: Version, *, address: str, registry: str, countries: list[str]) -> dict[str, Any]:
    """A record as a schema.org Article.

    Args:
        version: with its record, participations and translations.
        address: its lasting address.
        registry: the registry's name.
        countries: names of its places, in the reader's language.
    """
    values = values_of(version)
    described = {
        "@context": "https://schema.org",
        "@type": "Article",
        "@id": address,
        "url": address,
        "identifier": version.record.public_id,
        "headline": version.title,
        "abstract": version.summary,
        "inLanguage": version.language,
        "datePublished": version.listed_at.date().isoformat() if version.listed_at else None,
        "author": {"@type": "Organization", "name": values["actor"]} if values.get("actor") else None,
        "publisher": {"@type": "Organization", "name": registry},
        "spatialCoverage": [{"@type": "Country", "name": name} for name in countries],
        "temporalCoverage": "/".join(filter(None, (version.starts, version.ends or ".."))) if version.starts else None,
        "about": [f"GCM objective {number}" for number in version.objectives],
        "isBasedOn": version.source_url or None,
        "license": LICENCE,
        "version": version.number,
    }
    return {name: value for name, value in described.items() if value not in (None, "", [])}


def json_ld_of_list(*, address: str, name: str, total: int, records: list[tuple[str, str]]) -> dict[str, Any]:
    """A list's page as a schema.org CollectionPage.

    Args:
        address: of the page.
        name: of the list.
        total: how many records the whole list has.
        records: (title, lasting address) of those on the page, in order.
    """
    return {
        "@context": "https://schema.org",
        "@type": "CollectionPage",
        "name": name,
        "url": address,
        "license": LICENCE,
        "mainEntity": {
            "@type": "ItemList",
            "numberOfItems": total,
            "itemListElement": [
                {"@type": "ListItem", "position": position, "name": title, "url": url}
                for position, (title, url) in enumerate(records, start=1)
            ],
        },
    }


def json_ld_of_site(*, address: str, name: str, description: str) -> dict[str, Any]:
    """The site as a schema.org Dataset that is kept up to date."""
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": name,
        "description": description,
        "url": address,
        "license": LICENCE,
        "isAccessibleForFree": True,
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": "text/csv", "contentUrl": f"{address}records/export.csv"},
            {"@type": "DataDownload", "encodingFormat": "application/json",
             "contentUrl": f"{address}records/export.json"},
        ],
    }  # fmt: skip


def dublin_core(version: Version, *, address: str, registry: str) -> list[tuple[str, str]]:
    """A record's Dublin Core elements as (name, content)."""
    values = values_of(version)
    pairs = [
        ("DC.title", version.title),
        ("DC.creator", values.get("actor", "")),
        ("DC.description", version.summary[:500]),
        ("DC.language", version.language),
        ("DC.date", version.listed_at.date().isoformat() if version.listed_at else ""),
        ("DC.publisher", registry),
        ("DC.identifier", address),
        ("DC.source", version.source_url),
        ("DC.type", "Text"),
        ("DC.rights", LICENCE),
        *(("DC.coverage", code) for code in version.places),
        *(("DC.subject", f"GCM objective {number}") for number in version.objectives),
    ]
    return [(name, content) for name, content in pairs if content]


def as_script(data: dict[str, Any]) -> SafeString:
    """JSON that may stand inside a script element: no text in it can end the element."""
    text = json.dumps(data, ensure_ascii=False)
    return mark_safe("".join(_UNSAFE.get(sign, sign) for sign in text))
