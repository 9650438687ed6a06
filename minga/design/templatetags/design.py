"""Template tags of the design: tiles, dates, languages, links that keep a list's filters."""

from datetime import date

from babel.dates import format_date, format_skeleton
from babel.numbers import format_percent
from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language

from minga.design import languages
from minga.design.tiles import weft_of

register = template.Library()


@register.simple_tag
def tile(number: int, label: str = "") -> str:
    """The woven tile of an objective, its number beside it.

    Args:
        number: the objective's number, 1 to 23.
        label: the objective's short title; it becomes the tile's title for those who hover or listen.
    """
    number = int(number)
    return format_html(
        '<span class="tile weft-{}"{}><svg aria-hidden="true" focusable="false" viewBox="0 0 5 5">'
        '<use href="{}#o{}"/></svg><span class="tile-number">{}</span></span>',
        weft_of(number),
        format_html(' title="{}"', label) if label else "",
        static("tiles.svg"),
        number,
        number,
    )


@register.simple_tag
def band(numbers) -> str:
    """A woven band made of the tiles of what a page holds. Ornament: silent for screen readers."""
    source = static("tiles.svg")
    pieces = format_html_join(
        "",
        '<svg class="weft-{}" viewBox="0 0 5 5"><use href="{}#o{}"/></svg>',
        ((weft_of(int(number)), source, int(number)) for number in numbers),
    )
    return format_html('<div class="band" aria-hidden="true">{}</div>', pieces)


@register.filter
def partial_date(text: str) -> str:
    """A date as precise as it is known, in the reader's words: 2017, septiembre de 2017, 14 de septiembre de 2017."""
    parts = [int(part) for part in str(text).split("-")]
    if len(parts) == 1:
        return str(parts[0])
    day = date(parts[0], parts[1], parts[2] if len(parts) == 3 else 1)
    if len(parts) == 2:
        return format_skeleton("yMMMM", day, locale=get_language())
    return format_date(day, "long", locale=get_language())


@register.simple_tag
def percent(share: float) -> str:
    """A share as the reader's language writes it: 83 %, 83%."""
    return format_percent(round(share, 2), locale=get_language())


@register.simple_tag
def probability(value: float) -> str:
    """A probability as people write it; nothing is called certain or impossible."""
    return percent(min(max(value, 0.01), 0.99))


@register.filter
def lang_attribute(language: str) -> str:
    """A lang attribute for text in another language than the page's, which may be written from right to left."""
    return format_html(' dir="auto" lang="{}"', language) if language and language != get_language() else ""


@register.filter
def language_name(code: str) -> str:
    """A language's name in the reader's language."""
    return languages.language_name(code, get_language())


@register.simple_tag
def list_query(asked, **changes) -> str:
    """The query string of a list with changes, with its question mark when there is one."""
    query = asked.query(**changes)
    return f"?{query}" if query else "?"


@register.simple_tag
def query_without(asked, facet: str, value: str) -> str:
    """The query string of a list with one choice taken back."""
    query = asked.without(facet, value).query()
    return f"?{query}" if query else "?"


@register.filter
def get(mapping, key):
    """A dictionary's value by a key that is a variable."""
    return mapping.get(key) if mapping else None


@register.simple_tag
def heat(count: int) -> str:
    """The shade of a cell by its count: five steps, doubling."""
    for step, least in ((5, 16), (4, 8), (3, 4), (2, 2), (1, 1)):
        if count >= least:
            return f"heat-{step}"
    return "heat-0"


@register.filter
def in_language(texts: dict[str, str]) -> str:
    """A text in the reader's language, else in one there is, marked as that language."""
    text, code = languages.wording_for(texts, get_language())
    return format_html('<span lang="{}">{}</span>', code, text) if text and code != get_language() else text


@register.filter
def weft(number: int) -> int:
    """The weft colour of an objective."""
    return weft_of(int(number))


@register.filter
def times(number: float, factor: float) -> float:
    """Multiply, for drawing."""
    return float(number) * float(factor)


@register.filter
def plus(number: float, more: float) -> str:
    """Add, for drawing; with a point in every language."""
    return f"{float(number) + float(more):g}"


@register.filter
def firsts(pairs) -> list:
    """The first of each pair."""
    return [first for first, _second in pairs]


@register.simple_tag(takes_context=True)
def page_query(context, number: int) -> str:
    """The query string of another page of the same list."""
    query = context["request"].GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"
