"""Facets for readers: each value with its label in her language, its count and whether it is chosen."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minga.actors import queries as actors
from minga.design.languages import language_name
from minga.registry.counts import UNKNOWN
from minga.registry.kinds import PLURALS, Kind
from minga.registry.lists import SCHEMES, RecordList
from minga.vocabularies import queries as vocabularies

LABELS: dict[str, Promise] = {
    "kind": gettext_lazy("Kind"),
    "country": gettext_lazy("Country"),
    "objective": gettext_lazy("Objective of the Compact"),
    "principle": gettext_lazy("Guiding principle"),
    "population": gettext_lazy("People reached"),
    "level": gettext_lazy("Level"),
    "language": gettext_lazy("Language of the record"),
    "year": gettext_lazy("Year of start"),
    "progress": gettext_lazy("Progress"),
}
AT_ONCE = 7  # values that are visible before “more”


@dataclass(frozen=True)
class Value:
    """One value of a facet."""

    code: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """A facet with the values that exist in the list."""

    name: str
    label: Promise
    values: list[Value]
    more: list[Value]  # the rest, behind “more”

    @property
    def is_chosen(self) -> bool:
        return any(value.is_chosen for value in self.values + self.more)


def facets_of(asked: RecordList, language: str) -> list[Facet]:
    """The facets of a list, those without any value left out."""
    found = []
    for name, label in LABELS.items():
        if name == "kind" and asked.kind:
            continue
        values = _values(name, asked, language)
        if values:
            first = [value for position, value in enumerate(values) if position < AT_ONCE or value.is_chosen]
            found.append(Facet(name, label, first, [value for value in values if value not in first]))
    return found


def _values(name: str, asked: RecordList, language: str) -> list[Value]:
    counted = asked.counted.facets[name]
    chosen = asked.chosen.get(name, ())
    values = [
        Value(code, label_of(name, code, language), counted.get(code, 0), code in chosen)
        for code in dict.fromkeys([*counted, *chosen])
    ]
    return sorted(values, key=_order(name))


def _order(name: str):
    """Objectives and years by number; everything else by count, then by name."""
    if name == "objective":
        return lambda value: int(value.code)
    if name == "year":
        return lambda value: (value.code == UNKNOWN, -int(value.code) if value.code != UNKNOWN else 0)
    return lambda value: (value.code == UNKNOWN, -value.count, actors.sorting_key(value.label))


def label_of(name: str, code: str, language: str) -> str:
    """A facet value in the reader's words."""
    if code == UNKNOWN:
        return _("Unknown")
    match name:
        case "kind":
            return str(PLURALS[Kind(code)])
        case "country":
            return actors.country_name(code, language)
        case "language":
            return language_name(code, language)
        case "year":
            return code
        case "objective":
            label = vocabularies.label("gcm-objectives", vocabularies.objective_code(int(code)), language)
            return f"{code}. {label}"
    return vocabularies.label(SCHEMES[name], code, language)


def in_words(asked: RecordList, language: str) -> list[tuple[str, str, str, str]]:
    """What is chosen, as (facet, value, label of the facet, label of the value)."""
    return [
        (name, code, str(LABELS[name]), label_of(name, code, language))
        for name, codes in asked.chosen.items()
        for code in codes
    ]
