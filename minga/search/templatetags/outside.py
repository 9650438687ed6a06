"""Says on pages what leaves this machine: texts that a service is given, and what readers type."""

from django import template
from django.utils.translation import gettext as _

from minga.access.rowsecurity import sees_public_only
from minga.registry.models import Version, Visibility
from minga.search import sets

register = template.Library()


@register.simple_tag
def given_outside(version: Version) -> str:
    """A sentence for the band above a version that is not public: whether an outside service is given its text.

    Args:
        version: of whatever state.
    """
    if version.visibility == Visibility.PUBLIC or version.visibility not in sets.given_visibilities():
        return ""
    host = sets.service().host
    if version.is_listed:
        return " " + _("For search, its text is given to an outside service: %(host)s.") % {"host": host}
    return " " + _("Once it is listed, its text is given to an outside service for search: %(host)s.") % {"host": host}


@register.simple_tag
def queries_go_to() -> str:
    """The outside service that is given what this reader types into search; empty while nothing leaves."""
    return sets.host_of_queries()


@register.simple_tag
def is_found_by_words_alone() -> bool:
    """Whether versions that this reader may read are not given to the service that answers her."""
    is_given = sets.is_given_queries(visitor=False) and not sees_public_only()
    return is_given and sets.given_visibilities() != sets.ALL
