"""Coding proposes all labels with probabilities and literal sentences, whatever the text, with the shipped model."""

from pathlib import Path

import numpy as np
import pytest

from minga.classification import model
from minga.classification.coding import Coder
from minga.classification.texts import Text, text_of
from minga.classification.training import KINDS, Labelled, examples, records, train
from minga.language.encoders import TwoEncoders, unit
from tests.search.encoder import WordEncoder

ROW = {
    "id": "one", "lang": "es", "title": "Línea para víctimas de trata", "results": "Se atendió a 300 víctimas de trata.",
    "summary": "La policía detecta a víctimas de trata de personas. La casa está en la capital. Un juez las escucha.",
}  # fmt: skip


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder(WordEncoder())


def test_all_labels_come_ranked_with_probabilities(coder):
    [coded] = coder.code([text_of(ROW)])

    assert sorted(each.code for each in coded.objectives) == list(KINDS["objectives"])
    assert sorted(each.code for each in coded.principles) == sorted(KINDS["principles"])
    for proposals in (coded.objectives, coded.principles):
        said = [each.probability for each in proposals]
        assert said == sorted(said, reverse=True) and min(said) >= 0 and max(said) <= 1
    assert set(coded.told()["objectives"][0]) == {"n", "probability", "evidence"}
    assert set(coded.told()["principles"][0]) == {"code", "probability", "evidence"}


def test_evidence_is_a_sentence_of_the_record(coder):
    rows = [ROW, *records()[:8]]
    for row, coded in zip(rows, coder.code([text_of(row) for row in rows]), strict=True):
        told = " ".join([row["summary"], *(row.get("lessons") or []), *(str(row.get(each)) for each in model_fields())])
        assert all(each in told for proposal in coded.objectives for each in proposal.evidence)
    [coded] = coder.code([text_of(ROW)])
    trafficking = next(each for each in coded.objectives if each.code == 10)
    assert trafficking.evidence[0] in ("La policía detecta a víctimas de trata de personas.", ROW["results"])


def model_fields() -> tuple[str, ...]:
    return "results", "replication", "innovation"


@pytest.mark.parametrize("text", [
    Text("Remesas"), Text(""), Text("", "   "), Text("Hilfe für Menschen", "Sie bekommen Hilfe.", "de"), Text("移民", "移民数据。"),
    Text("Long", "Words without any end of a sentence " * 6_000), Text("\x00", "…"),
])  # fmt: skip
def test_any_text_is_coded(coder, text):
    [coded] = coder.code([text])
    assert len(coded.objectives) == 23 and all(np.isfinite(each.probability) for each in coded.objectives)


def test_known_vectors_are_used_and_must_fit(coder):
    texts = [text_of(row) for row in records()[:3]]
    encoder = WordEncoder()
    known = encoder.passages([text.whole for text in texts])
    fresh = WordEncoder()
    told = Coder(fresh).code(texts, known, most_embedded=0)

    assert not fresh.encoded
    assert [each.objectives[0].code for each in told] == [each.objectives[0].code for each in coder.code(texts)]
    with pytest.raises(ValueError, match="shape"):
        coder.code(texts, known[:2])
    assert coder.code([]) == []


class TestTheShippedModel:
    """What is shipped is what training makes of the bundled records and the examples."""

    def test_was_trained_on_what_is_there(self):
        shipped = model.load()
        for kind in KINDS:
            rows = [row for row in [*records(), *examples()] if row.get(kind)]
            told = np.array([[code in row[kind] for code in KINDS[kind]] for row in rows])
            assert np.array_equal(shipped[kind].learnt.near_labels, told), "run: minga train coding"

    @pytest.mark.parametrize("kind", KINDS)
    def test_comes_out_the_same_from_its_vectors(self, kind):
        shipped = model.load()[kind]
        rows = [row for row in [*records(), *examples()] if row.get(kind)]
        texts = [text_of(row) for row in rows]
        readings = [
            model.read(text, vector, shipped.lexicon)
            for text, vector in zip(texts, shipped.learnt.near_vectors, strict=True)
        ]
        primary = [
            KINDS[kind].index(row[kind][0]) if kind == "objectives" and row.get("kind") != "pledge" else -1
            for row in rows
        ]
        is_record = np.array([not row.get("synthetic") for row in rows])
        given = Labelled(readings, shipped.learnt.near_labels, np.array(primary), is_record)
        again = train(given, kind, shipped.standing.activities)

        assert np.abs(again.probabilities(readings) - shipped.probabilities(readings)).max() < 0.02

    def test_was_made_with_this_encoder(self):
        with np.load(model.FILE, allow_pickle=False) as kept:
            assert str(kept["encoder"]) == TwoEncoders.name, "run: minga train coding"
        assert Path(model.FILE).stat().st_size < 2_000_000

    def test_has_vectors_of_both_encoders_with_one_say(self):
        near = model.load()["objectives"].learnt.near_vectors
        assert np.allclose((near[:, : model.FIRST] ** 2).sum(axis=1), 0.5, atol=0.01)
        assert np.allclose(model.balanced(unit(np.ones((2, 896)))) @ np.ones(896), 29.5, atol=1)


def test_saved_models_are_read_back(tmp_path):
    shipped = model.load()
    model.save(list(shipped.values()), "some", tmp_path / "kept.npz")
    again = model.load(tmp_path / "kept.npz")

    assert np.allclose(again["objectives"].learnt.ridge, shipped["objectives"].learnt.ridge)
    assert np.allclose(again["principles"].weights.coefficients, shipped["principles"].weights.coefficients)
