"""Pages that gather what concerns an objective, a principle, a country or an actor."""

import re
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from minga.actors import queries as known_actors
from minga.actors.models import Actor, Standing
from minga.actors.names import in_language, key_of
from minga.actors.resolving import COUNTRY_KINDS
from minga.design.answers import nothing_there
from minga.registry import counts, queries
from minga.registry.kinds import PLURALS, Kind
from minga.registry.lists import RecordList
from minga.registry.paths import PATHS
from minga.vocabularies import queries as vocabularies

SHOWN = 10
ACTORS_PER_PAGE = 100


@dataclass(frozen=True)
class Gathering:
    """What the registry holds for a page: the newest records, how many there are, and by what they can be split."""

    rows: list[queries.Row]
    counted: counts.Counted
    query: str
    kinds: list[tuple[str, object, int]]

    @classmethod
    def of(cls, asked: RecordList) -> "Gathering":
        """Gather the records of a list."""
        counted = asked.counted
        kinds = [(PATHS[kind], PLURALS[kind], counted.facets["kind"][kind]) for kind in Kind]
        return cls(
            queries.in_rows(asked.rows[:SHOWN], get_language()), counted, asked.query(),
            [each for each in kinds if each[2]],
        )  # fmt: skip

    @property
    def objectives(self) -> list[tuple[int, int]]:
        """(objective, count), those without a record left out."""
        return sorted((int(code), number) for code, number in self.counted.facets["objective"].items())

    @property
    def countries(self) -> list[tuple[str, int]]:
        """(country, count), most first."""
        return self.counted.facets["country"].most_common()


def _missing(request: HttpRequest) -> HttpResponse:
    return nothing_there(request)


def objectives(request: HttpRequest) -> HttpResponse:
    """The 23 objectives with how much the registry holds of each."""
    counted = counts.count({})
    listed = [
        (int(concept.notation), concept, counted.facets["objective"][concept.notation])
        for concept in vocabularies.concepts("gcm-objectives")
    ]
    return render(request, "pages/objectives.html", {"objectives": listed, "section": "objectives"})


def objective(request: HttpRequest, number: int) -> HttpResponse:
    """An objective: its title, what belongs to it and what it is confused with, and its records."""
    concept = vocabularies.concept("gcm-objectives", vocabularies.objective_code(number)) if number < 1000 else None
    if concept is None:
        return _missing(request)
    language = get_language()
    page = {
        "number": number,
        "concept": concept,
        "title": vocabularies.text_in(concept.labels, language),
        "gloss": vocabularies.text_in(concept.glosses, language),
        "targets": [each["code"] for each in concept.related if each["relation"] == "sdg-target"],
        "confused": [
            int(each["code"].removeprefix("GCM-O")) for each in concept.related if each["relation"] == "confused-with"
        ],
        "gathered": Gathering.of(RecordList({"objective": (str(number),)})),
        "section": "objectives",
    }
    return render(request, "pages/objective.html", page)


def principles(request: HttpRequest) -> HttpResponse:
    """The ten guiding principles."""
    counted = counts.count({})
    listed = [
        (concept, counted.facets["principle"][concept.code]) for concept in vocabularies.concepts("gcm-principles")
    ]
    return render(request, "pages/principles.html", {"principles": listed})


def principle(request: HttpRequest, code: str) -> HttpResponse:
    """A guiding principle and its records."""
    concept = vocabularies.concept("gcm-principles", code)
    if concept is None:
        return _missing(request)
    return render(
        request, "pages/principle.html",
        {"concept": concept, "gathered": Gathering.of(RecordList({"principle": (code,)}))},
    )  # fmt: skip


def countries(request: HttpRequest) -> HttpResponse:
    """All countries of which the registry holds something, those of the Americas first and complete."""
    language = get_language()
    counted = counts.count({}).facets["country"]
    states = known_actors.american_states(language)
    others = known_actors.sorted_by_name([code for code in counted if code not in states], language)
    page = {
        "americas": [(code, counted[code]) for code in states],
        "others": [(code, counted[code]) for code in others],
        "section": "countries",
    }
    return render(request, "pages/countries.html", page)


def country(request: HttpRequest, code: str) -> HttpResponse:
    """A country: its records, its bodies, the processes it belongs to, what it did about the Compact."""
    if not re.fullmatch(r"[A-Za-z]{3}", code):
        return _missing(request)
    if code != code.upper():
        return HttpResponsePermanentRedirect(reverse("country", args=[code.upper()]))
    state = known_actors.find_country(code)
    if state is None:
        return _missing(request)
    bodies = Actor.objects.filter(country=code, standing=Standing.ESTABLISHED).exclude(kind__in=COUNTRY_KINDS)
    page = {
        "actor": state,
        "name": in_language(state.names, get_language())[0],
        "gathered": Gathering.of(RecordList({"country": (code,)})),
        "made": Gathering.of(RecordList(actor=state.slug)),
        "bodies": bodies,
        "memberships": known_actors.memberships_of(state),
        "positions": list(state.positions.all()),
        "section": "countries",
    }
    return render(request, "pages/country.html", page)


def actors(request: HttpRequest) -> HttpResponse:
    """Agencies, networks, authorities, organisations: those of which the registry holds something come with a count."""
    wanted = "".join(sign for sign in request.GET.get("q", "") if sign.isprintable()).strip()[:100]
    found = Actor.objects.exclude(kind__in=COUNTRY_KINDS)
    if wanted:
        found = found.filter(Q(aliases__key__contains=key_of(wanted) or wanted)).distinct()
    else:
        found = found.filter(Q(standing=Standing.ESTABLISHED))
    language = get_language()
    named = sorted(
        ((in_language(actor.names, language), actor) for actor in found[:2000]),
        key=lambda each: known_actors.sorting_key(each[0][0]),
    )
    shown = Paginator(named, ACTORS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "pages/actors.html", {"shown": shown, "wanted": wanted, "section": "actors"})


def actor(request: HttpRequest, slug: str) -> HttpResponse:
    """An actor: names, what it belongs to, who belongs to it, its records. A country has a page of its own."""
    found = known_actors.find_actor(slug)
    if found is None:
        return _missing(request)
    if found.kind in COUNTRY_KINDS:
        return HttpResponsePermanentRedirect(reverse("country", args=[found.country]))
    language = get_language()
    name, name_language = in_language(found.names, language)
    page = {
        "actor": found,
        "name": name,
        "name_language": name_language,
        "acronym": in_language(found.acronyms, language)[0] if found.acronyms else "",
        "gathered": Gathering.of(RecordList(actor=slug)),
        "memberships": known_actors.memberships_of(found),
        "members": known_actors.members_of(found),
        "parts": list(found.parts.all()),
        "section": "actors",
    }
    return render(request, "pages/actor.html", page)
