"""Reads actors. What a person may read of proposed actors the database decides."""

import unicodedata
from typing import Any

from minga.actors.models import Actor, Membership
from minga.actors.names import in_language
from minga.actors.resolving import COUNTRY_KINDS
from minga.common.keeping import kept

KEPT_SECONDS = 300
AMERICAS = "019"
PROCESS_KINDS = ("regional_consultative_process", "regional_process", "global_process", "un_network")


@kept(seconds=KEPT_SECONDS)
def countries(language: str) -> dict[str, dict[str, Any]]:
    """ISO alpha-3 -> name, region and slug of every country and territory. Public, and kept for a few minutes."""
    return {
        code: {"name": in_language(names, language)[0], "region": region, "subregion": subregion, "slug": slug,
               "kind": kind}
        for code, names, region, subregion, slug, kind in Actor.objects.filter(kind__in=COUNTRY_KINDS).values_list(
            "country", "names", "m49_region", "m49_subregion", "slug", "kind")
    }  # fmt: skip


def country_name(code: str, language: str) -> str:
    """A country's name for a reader; the code when nobody knows it."""
    known = countries(language).get(code)
    return known["name"] if known else code


def sorted_by_name(codes: list[str], language: str) -> list[str]:
    """Codes in the order of their names in the reader's language, accents aside."""
    return sorted(codes, key=lambda code: sorting_key(country_name(code, language)))


def sorting_key(text: str) -> str:
    """Letters without case and accents, for alphabetical order in our four languages."""
    return unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()


def american_states(language: str) -> list[str]:
    """The codes of the States of the Americas, in alphabetical order of the reader's language."""
    known = countries(language)
    return sorted_by_name(
        [code for code, each in known.items() if each["region"] == AMERICAS and each["kind"] == "state"], language
    )


def find_actor(slug: str) -> Actor | None:
    """An actor that the person may read, by its short name."""
    return Actor.objects.select_related("parent").filter(slug=slug).first()


def find_country(code: str) -> Actor | None:
    """The country or territory of an ISO alpha-3 code."""
    return Actor.objects.filter(country=code, kind__in=COUNTRY_KINDS).first()


def memberships_of(actor: Actor) -> list[Membership]:
    """The processes an actor belongs to, with status and period."""
    return list(actor.memberships.select_related("process"))


def members_of(process: Actor) -> list[Membership]:
    """The actors that belong to a process."""
    return list(process.members.select_related("actor"))
