"""What was understood of a search that finds nothing, and how it can be loosened: each part with a link without it."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from minga.registry.facets import LABELS, label_of
from minga.search import grammar
from minga.search.lists import SearchList


@dataclass(frozen=True)
class Part:
    """A part of a search."""

    what: str
    said: str  # in the reader's words
    query: str = ""  # the query string of the search without it
    without: str = ""  # what that does


def parts_of(asked: SearchList, language: str) -> list[Part]:
    """What was understood, words first.

    Args:
        asked: the search.
        language: the reader's.
    """
    typed = grammar.read(asked.typed)
    bare = " ".join(grammar.write(replace(typed, phrases=(), chosen={}, excluded={})).split())
    loose = bare
    for phrase in typed.phrases:
        loose = loose.replace(phrase, "", 1)
    found = [Part(_("Words"), " ".join(loose.split()))] if loose.strip() else []
    for phrase in typed.phrases:
        left = tuple(each for each in typed.phrases if each != phrase)
        found.append(
            _part(asked, typed, _("Exactly so"), f"“{phrase}”", _("Search its words in any order"), phrases=left)
        )
    for facet, values in asked.understood.chosen.items():
        for value in values if facet != "kind" or not asked.kind else ():
            chosen = _less(typed.chosen, facet, value)
            left = asked.without(facet, value)
            found.append(
                _part(left, typed, LABELS[facet], label_of(facet, value, language), _("Leave it out"), chosen=chosen)
            )
    for facet, values in typed.excluded.items():
        for value in values:
            what = _("Not: %(facet)s") % {"facet": LABELS[facet]}
            excluded = _less(typed.excluded, facet, value)
            found.append(
                _part(asked, typed, what, label_of(facet, value, language), _("Leave it out"), excluded=excluded)
            )
    if asked.actor:
        found.append(_part(replace(asked, actor=""), typed, _("Actor"), asked.actor, _("Leave it out")))
    return found


def _part(asked: SearchList, typed: grammar.Query, what, said: str, without: str, **changed) -> Part:
    return Part(str(what), said, asked.query(q=grammar.write(replace(typed, **changed)), page=1), without)


def _less(chosen: dict[str, tuple[str, ...]], facet: str, value: str) -> dict[str, tuple[str, ...]]:
    left = {**chosen, facet: tuple(each for each in chosen.get(facet, ()) if each != value)}
    return {name: values for name, values in left.items() if values}
