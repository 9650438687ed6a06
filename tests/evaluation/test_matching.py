"""Matching is measured by models that have not seen the record that answers; nothing is kept."""

import json
from unittest.mock import patch

import numpy as np
import pytest

from minga.evaluation import fitting, matching, searching
from minga.evaluation.fitting import Example, calibration, fit
from minga.evaluation.labelled import Labelled
from minga.matching import model
from minga.matching.measuring import RAW
from minga.registry.models import Version
from tests.search.encoder import WordEncoder

THEMES = ("zampoña", "zurcidora", "quetzal", "guanaco", "alpaca", "chirimoya")
RECORDS = [
    {"id": f"practice-{n}", "kind": "practice", "lang": "es", "title": f"La {word} de las costas", "objectives": [8],
     "summary": f"Atiende a quien busca {word} en la costa.", "countries": ["SLV"], "source_url": "https://example.org/"}
    for n, word in enumerate(THEMES)
]  # fmt: skip
NEEDS = [
    {
        "lang": "en",
        "title": f"Looking for {word}",
        "text": f"Our office needs a {word} at once.",
        "answers": [f"practice-{n}"],
    }
    for n, word in enumerate(THEMES)
]

OFFER = {"id": "offer-1", "kind": "offer", "lang": "es", "title": "Una zurcidora para oficinas", "objectives": [8],
         "summary": "Se ofrece una zurcidora de la costa.", "countries": ["SLV"], "for_need": "need-1"}  # fmt: skip


@pytest.fixture
def fast(registry):
    """A fast encoder, and records that no model has seen."""
    encoder = WordEncoder()
    with (
        patch.object(searching, "default_encoder", lambda: encoder),
        patch.object(matching, "default_encoder", lambda: encoder),
    ):
        yield


def example(number: int, *, lead: float, own: bool = False) -> Example:
    """A need with ten candidates, of which the first answers."""
    chance = np.random.default_rng(number)
    raw = chance.standard_normal((10, len(RAW))) * model.units() * 0.3 + 1.0
    raw[0] += lead * model.units()
    language = np.zeros(10, dtype=bool)
    language[5:] = own
    return Example(f"key {number}", number % 5, raw, language, np.arange(10) == 0, raw[:, 0])


def test_needs_are_asked_of_all_methods_and_nothing_is_kept(fast, tmp_path):
    before = Version.objects.count()
    needs = [each | {"id": f"need-{number}"} for number, each in enumerate(NEEDS)]
    offers = tmp_path / "offers.jsonl"
    offers.write_text(json.dumps(OFFER), encoding="utf-8")
    with patch.object(matching, "OFFERS", offers):
        told = matching.evaluate(Labelled(records=RECORDS, needs=needs))
    assert Version.objects.count() == before
    assert {"full text", "both encoders", "search", "matching"} <= told["needs"].keys()
    assert told["needs"]["matching"]["number"] == 6 and told["needs"]["matching"]["first"] >= 0.8
    assert told["offers"]["matching"]["first"] >= 0.8
    assert told["needs, invented offers"]["matching"]["first"] == told["invented offers"]["matching"]["first"] == 1
    for name in ("first", "five", "calibration error", "calibration error of the first"):
        assert f"{name} low" in told["needs"]["matching"]


def test_training_keeps_a_model_for_each_fold_and_what_it_saw(fast, tmp_path):
    kept = tmp_path / "matching.json"
    with patch.object(fitting, "FILE", kept):
        assert matching.train(Labelled(records=RECORDS, needs=NEEDS)) == 6
        unseen = fitting.Unseen()
    told = json.loads(kept.read_text())
    assert len(told["trained_on"]) == 12 and len(told["answers"]["folds"]) == len(told["needs"]["folds"]) == 5
    seen = Example(told["trained_on"][0], 3, *[np.zeros(1)] * 4)
    new = Example("new", 3, *[np.zeros(1)] * 4)
    assert unseen.model_for(seen, "answers") is unseen._folds["answers"][3]
    assert unseen.model_for(new, "answers") is unseen._whole["answers"]


def test_a_model_tells_what_answers_from_what_does_not():
    made = fit([example(number, lead=3.0) for number in range(20)])
    held = example(99, lead=3.0)
    found = made.probabilities(held.raw, held.own_language)
    assert found.argmax() == 0 and found[0] > 0.5 > found[1:].max()
    nothing = held.without_answers()
    assert made.probabilities(nothing.raw, nothing.own_language).max() < 0.5


def test_the_advantage_of_the_own_language_is_learnt_and_taken_off():
    examples = [example(number, lead=3.0, own=True) for number in range(20)]
    for each in examples:
        each.raw[each.own_language] += 2.0 * model.units()
    made = fit(examples)
    near = [place for place, name in enumerate(RAW) if name != "objectives"]
    assert made.own_language[near] == pytest.approx(2.0 * model.units()[near], rel=0.2)
    assert made.own_language[RAW.index("objectives")] == 0
    assert made.probabilities(examples[0].raw, examples[0].own_language).argmax() == 0


def test_calibration_of_a_known_case():
    answered = [(np.array([0.9, 0.1]), np.array([True, False]))] * 10
    told = calibration(answered, [np.array([0.1])] * 10)
    both = 1 / (1 + fitting.UNANSWERED)
    assert told["calibration error of the first"] == pytest.approx(0.1 * both + 0.1 * (1 - both), abs=0.001)
    assert told["first, answered"] == 0.9 and told["first, unanswered"] == 0.1


def test_what_is_shipped_was_trained_on_what_is_shipped():
    kept = json.loads(model.FILE.read_text(encoding="utf-8"))
    assert len(kept["trained_on"]) >= 150
    assert set(kept["answers"]["whole"]["order"]) == set(RAW)
