"""Home, coverage, about, vocabularies, gallery."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from minga.actors import queries as actors
from minga.design.answers import nothing_there
from minga.design.context import site_address
from minga.exchange import metadata
from minga.registry import counts, queries
from minga.registry.coverage import by_country_and_objective
from minga.registry.kinds import MEANINGS, PLURALS, Kind
from minga.registry.lifecycle import HOLDERS, STEPS, WHO_LABELS, State
from minga.registry.lists import RecordList
from minga.registry.paths import PATHS
from minga.registry.standing import WAY
from minga.vocabularies import queries as known

OBJECTIVES = range(1, 24)
NEWEST = 6
SHOWN = 10


def home(request: HttpRequest) -> HttpResponse:
    """What is here, what is new, and which objectives are covered where."""
    language = get_language()
    counted = counts.count({})
    states = actors.american_states(language)
    return render(
        request,
        "pages/home.html",
        {
            "counted": counted,
            "kinds": [(PATHS[kind], PLURALS[kind], MEANINGS[kind], counted.facets["kind"][kind]) for kind in Kind],
            "newest": queries.in_rows(RecordList(order="region").rows[:NEWEST], language),
            "weave": _weave(states),
            "covered": _covered(counted, states),
            "objectives": [(number, counted.facets["objective"][str(number)]) for number in OBJECTIVES],
            "json_ld": metadata.as_script(
                metadata.json_ld_of_site(
                    address=site_address(request) + request.path,
                    name=settings.SITE_NAME,
                    description=_("What the Americas have done, promised and learned on migration"),
                )
            ),
        },
    )


def _weave(states: list[str]) -> list[tuple[int, str, list[tuple[int, int, int]]]]:
    """The coverage as a cloth: (line, country, [(column, objective, count)])."""
    table = by_country_and_objective(states)
    return [
        (line, code, [(number - 1, number, table[code].get(number, 0)) for number in OBJECTIVES])
        for line, code in enumerate(states)
    ]


def _covered(counted: counts.Counted, states: list[str]) -> dict[str, int]:
    countries = counted.facets["country"]
    return {
        "countries": sum(1 for code in states if countries[code]),
        "states": len(states),
        "objectives": sum(1 for number in OBJECTIVES if counted.facets["objective"][str(number)]),
    }


def coverage(request: HttpRequest) -> HttpResponse:
    """The coverage table: country by objective, every cell a link to its records."""
    states = actors.american_states(get_language())
    table = by_country_and_objective(states)
    counted = counts.count({})
    rows = [
        (code, counted.facets["country"][code], [(number, table[code].get(number, 0)) for number in OBJECTIVES])
        for code in states
    ]
    totals = [(number, counted.facets["objective"][str(number)]) for number in OBJECTIVES]
    return render(
        request, "pages/coverage.html",
        {"rows": rows, "totals": totals, "counted": counted, "section": "coverage"},
    )  # fmt: skip


def about(request: HttpRequest) -> HttpResponse:
    """What the registry is, and what it is not."""
    return render(request, "pages/about.html", {"secretariat": actors.find_actor(settings.SECRETARIAT)})


def counting(request: HttpRequest) -> HttpResponse:
    """How things are counted."""
    return render(request, "pages/counting.html", {"counted": counts.count({})})


def lifecycle(request: HttpRequest) -> HttpResponse:
    """The way of a record, drawn from the declaration that the database enforces."""
    steps = [
        (step, [State(source).label for source in step.sources], State(step.target).label,
         [WHO_LABELS[who] for who in step.who])
        for step in STEPS.values() if step.name != "replace"
    ]  # fmt: skip
    page = {"way": WAY, "steps": steps, "states": [(state, HOLDERS[state]) for state in State]}
    return render(request, "pages/lifecycle.html", page)


def gallery(request: HttpRequest) -> HttpResponse:
    """The components of the design, each in its states, for those who build pages."""
    return render(request, "pages/gallery.html", {"objectives": list(OBJECTIVES), "examples": [0, 1, 2, 4, 8, 16]})


def vocabularies(request: HttpRequest) -> HttpResponse:
    """The frameworks and lists that records are classified by."""
    return render(request, "pages/vocabularies.html", {"schemes": known.schemes()})


def vocabulary(request: HttpRequest, scheme: str) -> HttpResponse:
    """One framework or list with its concepts."""
    found = next((each for each in known.schemes() if each.code == scheme), None)
    if found is None:
        return nothing_there(request)
    return render(request, "pages/vocabulary.html", {"scheme": found, "concepts": known.concepts(scheme)})


def concept(request: HttpRequest, scheme: str, code: str) -> HttpResponse:
    """One concept: its wording in each language with the standing of each, and what it is related to."""
    found = known.concept(scheme, code) if code.isprintable() else None
    if found is None:
        return nothing_there(request)
    carrying = queries.carrying(f"{scheme}:{code}")
    page = {
        "concept": found,
        "wordings": _wordings(found),
        "related": _related(found),
        "rows": queries.in_rows(carrying[:SHOWN], get_language()),
        "total": carrying.count(),
    }
    return render(request, "pages/concept.html", page)


def concept_uri(request: HttpRequest, scheme: str, code: str) -> HttpResponse:
    """A concept's stable URI leads to its page (303: the concept is not the page)."""
    if not code.isprintable():
        return nothing_there(request)
    response = redirect("concept", scheme, code)
    response.status_code = 303
    return response


STATUSES = {
    "official": lambda: _("official wording"),
    "official-recalled": lambda: _("official wording, written from memory and to be proof-read"),
    "agency": lambda: _("wording published by a UN agency"),
    "unofficial": lambda: _("unofficial, worded by this project"),
}


def _wordings(found) -> list[tuple[str, str, str, str]]:
    """(language, kind of text, text, standing) of a concept."""
    parts = (("label", _("Title"), found.labels), ("short", _("Short title"), found.short_labels),
             ("gloss", _("Gloss"), found.glosses))  # fmt: skip
    return [
        (language, label, texts[language], STATUSES.get(found.statuses.get(f"{part}.{language}", ""), str)())
        for language, _name in settings.LANGUAGES
        for part, label, texts in parts
        if texts.get(language)
    ]


def _related(found) -> list[tuple[str, str, str, str]]:
    """(relation, scheme, code, label) of what a concept is related to."""
    relations = {
        "sdg-target": _("Sustainable Development Goals"),
        "confused-with": _("Not to be confused with"),
        "imrf-round-table": _("Round table of the International Migration Review Forum"),
        "fund-thematic-area": _("Thematic area of the Migration Multi-Partner Trust Fund"),
        "objective": _("Objective of the Compact"),
        "principle": _("Guiding principle"),
    }
    return [
        (relations.get(each["relation"], each["relation"]), each["scheme"], each["code"],
         known.label(each["scheme"], each["code"], get_language()))
        for each in found.related
    ]  # fmt: skip
