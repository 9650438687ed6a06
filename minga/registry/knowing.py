"""What this installation knows that a row may point at, gathered once for an import or a form."""

from collections import defaultdict

from django.conf import settings

from minga.actors.resolving import Countries
from minga.common.keeping import kept
from minga.registry.checking import Known
from minga.vocabularies.models import Concept

KEPT_SECONDS = 300


def what_is_known() -> Known:
    """Countries and concepts by their codes; retired concepts too, since records keep their codes."""
    concepts: dict[str, set[str]] = defaultdict(set)
    for scheme, code in Concept.objects.values_list("scheme_id", "code"):
        concepts[scheme].add(code)
    return Known(
        countries=Countries().code_of,
        concepts={scheme: frozenset(codes) for scheme, codes in concepts.items()},
        longest_field=settings.LONGEST_FIELD,
    )


@kept(seconds=KEPT_SECONDS)
def what_is_known_for_a_while() -> Known:
    """The same, kept for some minutes in this process: countries and vocabularies are public and change rarely."""
    return what_is_known()
