"""The page of an objective's lessons."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from minga.design.answers import nothing_there
from minga.lessons.telling import lessons_of
from minga.registry import queries
from minga.vocabularies import queries as vocabularies


def of_objective(request: HttpRequest, number: int) -> HttpResponse:
    """What records say they learned about an objective, by theme, each passage quoted and cited."""
    code = vocabularies.objective_code(number)
    concept = vocabularies.concept("gcm-objectives", code) if number < 1000 else None
    if concept is None:
        return nothing_there(request)
    found = lessons_of(number)
    versions = {each.version.pk: each.version for each in found.said}
    rows = {row.version.pk: row for row in queries.in_rows(versions.values(), get_language())}
    page = {"number": number, "concept": concept, "lessons": found, "rows": rows, "section": "objectives"}
    return render(request, "lessons/of_objective.html", page)
