"""Template tags of suspected duplicates and merges: two sides, probabilities, values that stand on no page of a record."""

from collections.abc import Iterable
from typing import Any

from babel.numbers import format_percent
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language

from minga.duplicates import merging
from minga.duplicates.composing import Choice
from minga.duplicates.models import Merge
from minga.registry.catalogue import Field, Shape
from minga.registry.models import Record
from minga.registry.paths import PATHS
from minga.registry.templatetags.records import concept_label, country_name, fact, objective_label

register = template.Library()


@register.simple_tag
def likely(probability: float) -> str:
    """A probability as the reader's language writes it: 93 %. Nothing is called certain or impossible."""
    return format_percent(min(max(round(probability, 2), 0.01), 0.99), locale=get_language())


@register.filter
def beside_of(one: Any, other: Any) -> tuple[Any, Any]:
    """Two things, to go through one after the other."""
    return one, other


@register.filter
def plural_of(kind: str) -> str:
    """The part of an address that names a kind."""
    return PATHS[kind]


@register.simple_tag
def merges_of(record: Record) -> list[Merge]:
    """The merges of a record, and into it, that the reader may know of, the newest first."""
    return merging.of_record(record.pk)


@register.simple_tag
def outcome(choice: Choice, whose: str) -> Any:
    """The value that a choice leads to."""
    return choice.outcome(whose)


@register.simple_tag
def plain_value(field: Field, value: Any) -> str:
    """A field's value for a reader, without links: it may stand on a label."""
    match field.shape:
        case Shape.TEXT:
            return _lines(filter(None, value.splitlines()))
        case Shape.OBJECTIVES:
            return _lines(f"{number}. {objective_label(number)}" for number in value)
        case Shape.COUNTRIES:
            return format_html("{}", ", ".join(country_name(code) for code in value))
        case Shape.CODE | Shape.CODES:
            codes = value if isinstance(value, list) else [value]
            return format_html("{}", ", ".join(concept_label(field.scheme, code) for code in codes))
        case Shape.CONCEPTS:
            return _lines(concept_label(*text.partition(":")[::2]) for text in value)
        case Shape.TEXTS | Shape.ACTORS | Shape.ADDRESSES:
            return _lines(value)
        case Shape.PARTIAL_DATE | Shape.FLAG:
            return fact(field, value, None)
    return format_html("{}", value)


def _lines(texts: Iterable[str]) -> str:
    return format_html_join("", '<span class="line">{}</span>', ((text,) for text in texts))
