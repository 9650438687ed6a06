"""What a result shows beside its title: the passage that answers, with the words of the query marked, and why it is here."""

from dataclasses import dataclass

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minga.registry.models import Version
from minga.search.finding import Hit
from minga.search.lists import SearchList

LONGEST = 340  # characters of a passage that are shown
_BEGIN, _END = "\x02", "\x03"  # signs that no text holds: what is marked is escaped first
_HEADLINE = f"StartSel={_BEGIN}, StopSel={_END}, MaxWords=45, MinWords=25, MaxFragments=1, HighlightAll=false"


@dataclass(frozen=True)
class Told:
    """What is told of a result."""

    passage: SafeString
    language: str
    why: str


def told_of(asked: SearchList, versions: list[Version]) -> dict[int, Told]:
    """Version id -> what is told of it.

    Args:
        asked: the search.
        versions: of the shown page.
    """
    hits = {hit.version: hit for hit in asked.hits}
    shown = [(version, hits[version.pk]) for version in versions if version.pk in hits]
    words = asked.reading.query.words
    passages = [
        (hit.passage or version.summary, hit.passage_language or version.language, " ".join((words, *hit.alike)))
        for version, hit in shown
    ]
    marked = dict(zip([version.pk for version, _hit in shown], _marked(passages), strict=True))
    return {
        version.pk: Told(marked[version.pk], hit.passage_language or version.language, why(hit))
        for version, hit in shown
    }


def why(hit: Hit) -> str:
    """Why it is here, in a line."""
    number = len(hit.words)
    if hit.why == "meaning":
        return _("It speaks of the same in other words or another language.")
    words = ngettext("%(number)d word of yours stands in it", "%(number)d words of yours stand in it", number) % {
        "number": number}  # fmt: skip
    if hit.why == "words":
        return words + "."
    return _("%(words)s, and it speaks of the same.") % {"words": words}


def _marked(passages: list[tuple[str, str, str]]) -> list[SafeString]:
    """Passages as HTML: cut around the words that answer, these marked, everything else escaped.

    Args:
        passages: text, its language, the words to mark: those of the query and what says the same in that language.
    """
    if not passages:
        return []
    texts, languages, words = zip(*passages, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "select ts_headline(search_configuration(p.language), p.text, (select coalesce(string_agg(quote_literal(l), ' | '),"
            " '''''')::tsquery from unnest(tsvector_to_array(to_tsvector(search_configuration(p.language), p.words))) l), %s)"
            " from unnest(%s::text[], %s::text[], %s::text[]) with ordinality as p(text, language, words, place)"
            " order by p.place", [_HEADLINE, [_clean(text) for text in texts], list(languages), list(words)],
        )  # fmt: skip
        found = [headline for (headline,) in cursor.fetchall()]
    return [_as_html(_shortened(text)) for text in found]


def _clean(text: str) -> str:
    return text.replace(_BEGIN, " ").replace(_END, " ").replace("\n", " ")


def _shortened(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    cut = text[:LONGEST].rsplit(" ", 1)[0]
    return cut + (_END if cut.count(_BEGIN) > cut.count(_END) else "") + " …"


def _as_html(text: str) -> SafeString:
    html = escape(text).replace(_BEGIN, "<mark>").replace(_END, "</mark>")
    return mark_safe(html)
