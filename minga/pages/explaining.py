"""The page that says how proposals are made, how good they were on the last measurement, and that people decide.

Figures come from the shipped measurement and from the model that is in use here; none is typed by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from minga.actors import grants
from minga.evaluation import listing, measured


@dataclass(frozen=True)
class Measure:
    """A figure and what it means, in plain words."""

    name: str  # as the measurement calls it
    meaning: Promise


@dataclass(frozen=True)
class Part:
    """Something that was measured."""

    name: str  # as the measurement calls it
    label: Promise
    measures: tuple[Measure, ...]
    own: str  # the way that Minga goes
    plain: str  # the simplest way, to compare with
    plain_label: Promise


@dataclass(frozen=True)
class Topic:
    """Something that is proposed."""

    name: str  # as the measurement calls it
    title: Promise
    how: tuple[Promise, ...]  # paragraphs
    parts: tuple[Part, ...] = ()


_FIRST = Measure("any first", _("What is proposed first is among what people gave the record."))
_PRIMARY = Measure("primary in three", _("The record's main objective is among the first three proposals."))
_FOUND = Measure("r-precision", _("When as many are proposed as people gave the record, this share of them is right."))
_BELIEVED = Measure("calibration error", _("How far probabilities are off, on average."))
_ANSWERS = (
    Measure("first", _("What is proposed first is one that people chose as an answer.")),
    Measure("five", _("One of the first five proposals is.")),
    _BELIEVED,
)
_SAME = (
    Measure(
        "average precision", _("How well the same efforts are set before others; 100 per cent is without a mistake.")
    ),
    Measure(
        "precision at 95 % recall",
        _("When so many are shown that 95 of 100 true ones are among them, this share of what is shown is right."),
    ),
    _BELIEVED,
)
_BY_TITLE = _("comparing titles alone")
_BY_LETTERS = _("comparing letters")
_BY_WORDS = _("full text alone")
_BY_MEANING = _("nearness in meaning alone")
TOPICS = (
    Topic(
        "coding", _("Objectives and principles"),
        (
            _("While a record is written, Minga proposes objectives and principles of the Compact for it: each with a "
              "probability, with the sentences of the text that speak for it, and with what the objective is about. It weighs "
              "how near the text is in meaning to what is typically done for each objective, which of its words tell of one, "
              "and what people gave to records that are like it. Texts in Spanish, English, French and Portuguese are read by "
              "words and meaning; in other languages by meaning alone, which is less sure. A draft is read on this site's own "
              "machines and shown to no service outside."),
            _("What people confirm, refuse, add and remove is kept. From records that were published for everybody, a new model "
              "learns by night; it is used only if it is not worse than the one before, and the secretariat can go back. "
              "Nothing is learnt from drafts or from what is not public, since a model could give it away."),
        ),
        (
            Part("objectives", _("Objectives of the Compact"), (_FIRST, _PRIMARY, _FOUND, _BELIEVED),
                 "coding", "nearest title", _BY_TITLE),
            Part("principles", _("Guiding principles"), (_FIRST, _FOUND, _BELIEVED),
                 "coding", "nearest title", _BY_TITLE),
        ),
    ),
    Topic(
        "duplicates", _("The same effort, recorded twice"),
        (
            _("Records that look the same or overlap are shown to whoever writes, in whatever language they are, with what is the "
              "same in both and what each says. Nobody is shown a record that she may not read. Whether it is the same, people say."),
        ),
        (
            Part("among all records", _("Told again, found among all records"), _SAME,
                 "duplicates", "fuzzy match", _BY_LETTERS),
            Part("among all records, another language", _("Told again in another language, found among all records"), _SAME,
                 "duplicates", "fuzzy match", _BY_LETTERS),
        ),
    ),
    Topic(
        "needs", _("What answers a need"),
        (
            _("For a country's request, Minga proposes practices and offers that could answer it, each with the passage and the "
              "reason. Whether it does, the country says."),
            _("It weighs how near the texts are in meaning, which of their words say the same in whatever language, and whether "
              "they are about the same objectives of the Compact. That texts of one language lie nearer by nature is taken off. A "
              "need is read on this site's own machines, shown to no service outside and kept nowhere else. The figures are of "
              "invented requests in another language than the record that answers them."),
        ),
        (
            Part("needs", _("For a need, what answers it"), _ANSWERS, "matching", "full text", _BY_WORDS),
            Part("offers", _("For an offer, the needs that it answers"), _ANSWERS, "matching", "both encoders", _BY_MEANING),
        ),
    ),
)  # fmt: skip


def how_proposed(request: HttpRequest) -> HttpResponse:
    """How proposals are made, and how good they are."""
    known = measured.read()
    topics = [(topic, known.get(topic.name), _tables(topic, known.get(topic.name))) for topic in TOPICS]
    own = next((each for each in listing.models() if each.is_in_use and each.made_at), None)
    return render(request, "pages/proposals.html", {
        "topics": topics, "own_model": own, "own_rows": _own_rows(own) if own else [],
        "may_choose": bool(getattr(request, "person", None)) and bool(grants.roles() & {"administrator", "secretariat"}),
    })  # fmt: skip


def _tables(topic: Topic, found: measured.Measured | None) -> list[dict[str, Any]]:
    """The parts of a topic that were measured, with a row for each figure."""
    told = []
    for part in topic.parts if found else ():
        ways = found.found.get(part.name, {})
        if part.own in ways:
            own, plain = ways[part.own], ways.get(part.plain, {})
            rows = [_row(each, own, plain) for each in part.measures if each.name in own]
            told.append({"part": part, "rows": rows, "number": int(own.get("number") or own.get("texts") or 0)})
    return told


def _row(measure: Measure, own: Mapping[str, float], plain: Mapping[str, float]) -> dict[str, Any]:
    name = measure.name
    return {
        "meaning": measure.meaning, "value": own[name], "low": own.get(f"{name} low"), "high": own.get(f"{name} high"),
        "plain": plain.get(name),
    }  # fmt: skip


def _own_rows(own: listing.Listed) -> list[dict[str, Any]]:
    return [
        _row(each, own.figures[part.name], own.figures_of_other.get(part.name, {})) | {"part": part}
        for part in TOPICS[0].parts for each in (_FIRST, _FOUND) if each.name in own.figures.get(part.name, {})
    ]  # fmt: skip
