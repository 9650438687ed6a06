"""The scorer of duplicates is measured by models that have not seen the record, beside methods that learn nothing."""

import json

import numpy as np
import pytest

from minga.duplicates import model, training
from minga.evaluation import duplicates
from minga.evaluation.labelled import Labelled
from minga.evaluation.ranking import FOLDS, fold_of
from minga.language.encoders import TwoEncoders
from tests.search.encoder import WordEncoder

RECORDS = [
    {"id": f"r{n}", "kind": "practice", "lang": "es", "title": f"Ventanilla {word}", "countries": ["SLV"],
     "summary": f"Atiende a {word} en {word}polis desde 20{n + 10}, con {n + 31} brigadas de {word}istas."}
    for n, word in enumerate(["zur", "quet", "lamb", "port", "gris", "nubl", "trab", "viol", "xil", "yer", "beta", "kilo"])
]  # fmt: skip
RETELLINGS = [
    {"about": each["id"], "same": same, "lang": "en", "title": f"Desk {each['title']}" if same else "Other desk",
     "summary": each["summary"].replace("Atiende", "Serves") if same else f"Something near {each['id']} in 1999."}
    for each in RECORDS for same in (True, False)
]  # fmt: skip


@pytest.fixture
def few(monkeypatch, tmp_path) -> Labelled:
    """Few records and texts, and a model of the test's own."""
    monkeypatch.setattr(duplicates, "records", list)
    monkeypatch.setattr(duplicates, "SAMPLES", 20)
    monkeypatch.setattr(model, "FILE", tmp_path / "model.json")
    yield Labelled(records=RECORDS, retellings=RETELLINGS)
    model.trained.cache_clear()


def encoder() -> WordEncoder:
    return WordEncoder(TwoEncoders.name)


def test_methods_are_told_with_intervals_on_each_set(few):
    assert duplicates.train(few, encoder()) == len(RETELLINGS)
    told = duplicates.evaluate(few, encoder())

    assert "among all records, another language" in told and "beside its own record" in told
    for methods in told.values():
        assert list(methods) == ["fuzzy match", "both encoders", "duplicates"]
        for figures in methods.values():
            for name in ("average precision", "precision at 95 % recall"):
                assert figures[f"{name} low"] <= figures[name] <= figures[f"{name} high"]
        assert "calibration error" in methods["duplicates"] and "calibration error" not in methods["both encoders"]
    assert told["among all records"]["duplicates"]["average precision"] > 0.9


def test_no_text_is_scored_by_a_model_that_saw_its_record(few, monkeypatch):
    trained: list[set[str]] = []
    real = training.train

    def spy(rows, usual):
        trained.append({row.about for row in rows})
        return real(rows, usual)

    monkeypatch.setattr(training, "train", spy)
    duplicates.train(few, encoder())
    unseen = duplicates.Unseen()

    for row in RETELLINGS:
        fold = fold_of(row["about"])
        assert unseen.model_for(row) is unseen._folds[fold] and row["about"] not in trained[1 + fold]
    new = {**RETELLINGS[0], "title": "Never seen"}
    assert len(trained) == 1 + FOLDS and unseen.model_for(new) is unseen._whole


def test_the_same_texts_train_the_same_model(few):
    duplicates.train(few, encoder())
    first = model.FILE.read_bytes()
    duplicates.train(few, encoder())
    assert model.FILE.read_bytes() == first


def test_what_is_shipped_was_trained_on_what_is_shipped():
    from minga.evaluation.labelled import read

    kept = json.loads(model.FILE.read_text(encoding="utf-8"))
    assert set(kept["trained_on"]) == {duplicates.key_of(row) for row in read([]).retellings}
    assert kept["made_with"] == TwoEncoders.name and len(kept["folds"]) == FOLDS


def test_figures_of_a_known_case():
    scores, same = np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, False, True, False])
    assert duplicates.average_precision(scores, same) == pytest.approx((1 + 2 / 3) / 2)
    assert duplicates.precision_at_recall(scores, same) == pytest.approx(2 / 3)
    assert duplicates.calibration_error(scores, same) == pytest.approx((0.1 + 0.8 + 0.3 + 0.6) / 4)
    level = np.full(4, 0.5)
    assert duplicates.average_precision(level, same) == 0.5  # no order is made up among the level
