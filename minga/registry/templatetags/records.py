"""Template tags that know the domain: names of countries, objectives' tiles, links to records, values of fields."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from minga.actors import queries as actors
from minga.design.templatetags.design import partial_date, tile
from minga.registry.catalogue import Field, Shape
from minga.registry.models import Version
from minga.registry.paths import PATHS
from minga.vocabularies import queries as vocabularies

register = template.Library()


@register.simple_tag
def country_name(code: str) -> str:
    """A country's name in the reader's language."""
    return actors.country_name(code, get_language())


@register.simple_tag
def country_link(code: str) -> str:
    """A country's name, linked to its page."""
    return format_html('<a href="{}">{}</a>', reverse("country", args=[code]), country_name(code))


@register.simple_tag
def objective_label(number: int) -> str:
    """An objective's short title."""
    return vocabularies.label("gcm-objectives", vocabularies.objective_code(int(number)), get_language())


@register.simple_tag
def objective_tile(number: int) -> str:
    """An objective's tile with its short title for those who hover or listen."""
    label = objective_label(number)
    return format_html('{}<span class="unseen"> {}; </span>', tile(number, label), label)


@register.simple_tag
def objective_link(number: int) -> str:
    """An objective's tile and short title, linked to its page."""
    label = objective_label(number)
    return format_html(
        '<a class="objective" href="{}">{} {}</a>', reverse("objective", args=[number]), tile(number), label
    )


@register.simple_tag
def record_url(version: Version) -> str:
    """The address of a record's page."""
    return reverse("record", args=[PATHS[version.kind], version.record.public_id])


@register.filter
def split(text: str) -> list[str]:
    """A comma-separated constant as a list."""
    return text.split(",")


@register.filter
def unlocalized(number: int) -> str:
    """A year without thousands separator."""
    return str(number)


@register.simple_tag
def concept_label(scheme: str, code: str) -> str:
    """A concept's label in the reader's language."""
    return vocabularies.label(scheme, code, get_language())


@register.simple_tag
def fact(each: Field, value: Any, version: Version) -> str:
    """A field's value as it stands among a record's facts."""
    match each.shape:
        case Shape.OBJECTIVES:
            return format_html_join("", "<div>{}</div>", ((objective_link(number),) for number in value))
        case Shape.COUNTRIES:
            return format_html_join(", ", "{}", ((country_link(code),) for code in value))
        case Shape.CODE | Shape.CODES:
            codes = value if isinstance(value, list) else [value]
            return format_html_join(", ", "{}", ((_concept(each.scheme, code),) for code in codes))
        case Shape.CONCEPTS:
            return format_html_join(", ", "{}", ((_concept(*text.partition(":")[::2]),) for text in value))
        case Shape.PARTIAL_DATE:
            return partial_date(value)
        case Shape.FLAG:
            return _("Yes") if value else _("No")
        case Shape.ACTOR | Shape.ACTORS:
            return _actors(each, version)
        case Shape.ADDRESS | Shape.ADDRESSES:
            return _addresses(value if isinstance(value, list) else [value])
        case Shape.TEXTS:
            return format_html_join("", "<div>{}</div>", ((text,) for text in value))
    return format_html("{}", value)


def _concept(scheme: str, code: str) -> str:
    label = concept_label(scheme, code)
    if scheme == "gcm-principles":
        return format_html('<a href="{}">{}</a>', reverse("principle", args=[code]), label)
    if scheme in ("sdg-targets", "priority-themes"):
        return format_html('<a href="{}">{} {}</a>', reverse("concept", args=[scheme, code]), code, label)
    return label


def _actors(each: Field, version: Version) -> str:
    """Actors under the names that the source gives, each linked to its page."""
    from minga.registry.catalogue import ROLE_FIELDS

    role = ROLE_FIELDS[each.name]
    return format_html_join(
        "",
        '<div><a href="{}">{}</a></div>',
        (
            (reverse("actor", args=[part.actor.slug]), part.name_as_given)
            for part in version.participations.all()
            if part.role == role
        ),
    )


def _addresses(addresses: list[str]) -> str:
    return format_html_join(
        "",
        '<div><a class="address" href="{}" rel="external noopener">{}</a></div>',
        ((address, address.split("://", 1)[-1]) for address in addresses),
    )


@register.simple_tag
def step_label(name: str) -> str:
    """A step of the lifecycle, as history tells it."""
    labels = {
        "create": _("Begun"), "send": _("Sent to the endorsing office"), "recall": _("Taken back"),
        "endorse": _("Endorsed"), "return": _("Returned"), "reopen": _("Opened for changes again"),
        "submit": _("Submitted"), "begin_moderation": _("Moderation began"), "request_changes": _("Changes requested"),
        "find_unsuitable": _("Found not suitable"), "accept": _("Accepted"), "publish": _("Published"),
        "publish_from_source": _("Published from a public source"), "replace": _("Replaced by a newer version"),
        "archive": _("Archived"), "withdraw": _("Withdrawn"), "abandon": _("Given up"),
        "merge": _("Merged into another record"), "stand_again": _("Stands by itself again"),
        "stand_again_from_source": _("Stands by itself again"),
    }  # fmt: skip
    return labels.get(name, name)
