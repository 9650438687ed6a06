"""What a list is called in a line: the words that were typed, then what was chosen, in the reader's language."""

from django.utils.translation import gettext as _

from minga.actors.models import Standing
from minga.actors.queries import find_actor
from minga.design.languages import wording_for
from minga.registry.facets import in_words
from minga.registry.kinds import PLURALS, Kind
from minga.registry.lists import RecordList
from minga.search import grammar
from minga.search.lists import SearchList


def name_of(asked: RecordList, language: str) -> str:
    """The name of a list: «remesas · México · Prácticas».

    Args:
        asked: the list.
        language: the reader's.
    """
    parts = [asked.typed] if isinstance(asked, SearchList) else []
    parts += [label for _facet, _code, _facet_label, label in in_words(asked, language)]
    parts += [str(PLURALS[Kind(asked.kind)])] if asked.kind else []
    parts += [_name_of_actor(asked.actor, language)] if asked.actor else []
    return " · ".join(" ".join(part.split()) for part in parts) or _("All records")


def as_typed(asked: RecordList) -> str:
    """The same list as one would type it; without words, its filters."""
    if isinstance(asked, SearchList):
        return asked.asked_as_typed
    return grammar.write(grammar.Query(chosen=dict(asked.asked)))


def _name_of_actor(slug: str, language: str) -> str:
    """Its name, unless it was only proposed: that is text of a record, which a name that is kept would outlive."""
    actor = find_actor(slug)
    if actor is None or actor.standing != Standing.ESTABLISHED:
        return slug
    return wording_for(actor.names, language)[0] or slug
