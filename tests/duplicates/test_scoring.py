"""The scorer: more in common never counts against a pair, absent things are borne, and languages do not weigh."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minga.duplicates import model
from minga.duplicates.facts import Facts, facts_of
from minga.duplicates.features import FEATURES, NAMED, ROW, SIGNS, in_common, standing_out

ROWS = np.column_stack([np.linspace(0.86, 0.80, ROW), np.linspace(0.5, 0.3, ROW)])
LONG = 120 * "palabra "
HERE = facts_of("Registro de nacimientos", f"En Coto Brus, Costa Rica, 10.000 personas desde 2015 con la OIM. {LONG}")


def probability(similarity=(0.93, 0.72), there: Facts = HERE, here: Facts = HERE) -> float:
    rows = ROWS.copy()
    rows[0] = similarity
    return float(model.trained().probabilities(rows, here, [there] * ROW)[0])


class TestAPair:
    @given(st.floats(0.7, 0.99), st.floats(0.2, 0.99), st.floats(0, 0.1), st.floats(0, 0.2))
    def test_is_never_less_likely_for_being_more_alike(self, first, second, more_first, more_second):
        low, high = (
            probability((first, second)),
            probability((min(1, first + more_first), min(1, second + more_second))),
        )
        assert 0 <= low <= high + 1e-9 <= 1 + 1e-9

    def test_of_the_same_text_is_certain_and_of_strangers_is_not(self):
        assert probability((1.0, 1.0)) > 0.99
        assert probability((0.83, 0.4)) < 0.01

    def test_is_likelier_for_the_same_country_years_and_numbers_than_for_others(self):
        other = facts_of("Registro", f"En el Darién, Panamá, 3.150 inscripciones de 2009 a 2012. {LONG}")
        silent = facts_of("Registro", LONG)
        near = (0.905, 0.66)
        assert probability(near, other) < probability(near, silent) <= probability(near, HERE)

    def test_with_nothing_named_at_all_has_a_probability(self):
        assert 0 <= probability(there=Facts(), here=Facts()) <= 1

    def test_is_weighed_without_its_languages(self):
        said = [facts_of("A desk in Tapachula", f"For 4,788 people from Honduras since 2015, by IOM. {LONG}"),
                facts_of("Un bureau à Tapachula", f"Pour 4 788 personnes du Honduras depuis 2015, par l’OIM. {LONG}")]  # fmt: skip
        own = facts_of("Una oficina en Tapachula", f"Para 4.788 personas de Honduras desde 2015, de la OIM. {LONG}")
        assert probability(there=said[0], here=own) == pytest.approx(probability(there=said[1], here=own))
        assert not any("lang" in each for each in FEATURES)


def test_what_stands_out_is_measured_among_those_that_are_not_the_same():
    usual = model.trained().usual
    one, three = ROWS.copy(), ROWS.copy()
    one[0] = three[0] = three[1] = three[2] = (0.95, 0.8)
    assert standing_out(three, usual)[0].tolist() == pytest.approx(standing_out(one, usual)[0].tolist(), abs=1.5)
    assert (standing_out(one, usual)[0] > 3).all()


@pytest.mark.parametrize("number", [0, 1, 2, 5])
def test_few_records_are_filled_up_with_what_is_usual(number):
    scores = standing_out(ROWS[:number], model.trained().usual)
    assert scores.shape == (number, 2) and np.isfinite(scores).all()


def test_texts_of_all_lengths_are_scored_without_a_jump():
    found = []
    for words in range(5, 130):
        facts = facts_of("a " * words)
        found.append(probability(there=facts, here=facts))
    assert max(abs(np.diff(found))) < 0.1


def test_what_long_texts_may_come_to_is_no_less_than_what_they_do():
    trained, rows = model.trained(), ROWS.copy()
    rows[0] = (0.9, 0.6)
    bound = trained.highest(rows, standing_out(rows, trained.usual))
    assert (trained.probabilities(rows, HERE, [HERE] * ROW) <= bound + 1e-12).all()


def test_weights_keep_their_signs_in_every_model_that_is_shipped():
    kept = json.loads(model.FILE.read_text(encoding="utf-8"))
    for weights in (kept["weights"], *kept["folds"]):
        for by_name in weights.values():
            assert all(SIGNS[each] * by_name[each] >= 0 for each in FEATURES)


def test_each_feature_of_what_is_named_has_a_value():
    assert len(in_common(HERE, HERE, model.trained().usual)) == len(NAMED)
