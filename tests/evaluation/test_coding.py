"""Coding is measured by models that have not seen the record, beside methods that learn nothing."""

import numpy as np
import pytest

from minga.classification import training
from minga.evaluation import coding
from tests.search.encoder import WordEncoder

METHODS = ["nearest title", "all views", "activities", "coding"]


@pytest.fixture
def few(monkeypatch):
    """Few records and examples, so that it is fast."""
    some = training.records()[:30]
    monkeypatch.setattr(training, "records", lambda: some)
    monkeypatch.setattr(training, "examples", lambda: [])
    return some


def test_all_methods_are_told_with_intervals(few):
    told = coding.evaluate([], WordEncoder())

    assert list(told) == ["objectives", "principles"] and list(told["objectives"]) == METHODS
    for kind, methods in told.items():
        assert ("primary first" in methods["coding"]) == (kind == "objectives")
        for name in ("any first", "r-precision", "calibration error"):
            assert methods["coding"][f"{name} low"] <= methods["coding"][name] <= methods["coding"][f"{name} high"]
        assert "calibration error" not in methods["activities"]


def test_no_record_is_scored_by_a_model_that_saw_it(few, monkeypatch):
    trained: list[set[bytes]] = []
    scored: list[tuple[int, bytes]] = []
    real = training.train

    def spy(given, kind, typical):
        made = real(given, kind, typical)
        trained.append({each.vector.tobytes() for each in given.readings})

        class Spied:
            def probabilities(self, readings, number=len(trained) - 1):
                scored.extend((number, each.vector.tobytes()) for each in readings)
                return made.probabilities(readings)

        return Spied()

    monkeypatch.setattr(training, "train", spy)
    other = {
        "id": "new",
        "kind": "practice",
        "lang": "en",
        "title": "Remittances",
        "summary": "Fees",
        "objectives": [20],
    }
    renamed = few[0] | {"id": "another-id"}
    coding.evaluate([*few[:12], renamed, other], WordEncoder())

    assert scored and not any(vector in trained[number] for number, vector in scored)


def test_figures_of_a_known_case():
    labels = np.array([[1, 0, 1], [0, 1, 0]], dtype=float)
    given = training.Labelled([None, None], labels, np.array([0, -1]), np.ones(2, dtype=bool))
    told = coding.figures(coding.Found(np.array([[[0.9, 0.8, 0.1], [0.0, 1.0, 0.0]]]), True), given)

    assert told["any first"] == 1 and told["primary first"] == 1 and told["r-precision"] == 0.75
    assert told["calibration error"] == pytest.approx((0.1 + 0.8 + 0.9) / 6, abs=0.001)


def test_training_adds_given_records_and_keeps_one_of_each(few, monkeypatch, tmp_path):
    kept = {}
    monkeypatch.setattr(coding.model, "save", lambda models, encoder: kept.update({each.kind: each for each in models}))
    number = coding.train([few[0] | {"objectives": [22]}], WordEncoder())

    assert number == len([row for row in few if row["objectives"] or row["principles"]])
    assert kept["objectives"].learnt.near_labels[:, 21].sum() >= 1
