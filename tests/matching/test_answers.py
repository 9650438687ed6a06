"""What answers a need: nearest by meaning, of what the person may read, with a probability, passages and a reason."""

import numpy as np
import pytest

from minga.matching import matching, model
from minga.matching.matching import answers_to, needs_for
from minga.matching.measuring import RAW
from minga.matching.reading import by_words_alone, read
from minga.matching.stories import Story, story_in
from minga.registry.lifecycle import State
from tests.access.people import make_person
from tests.making import make_record
from tests.search.encoder import WordEncoder

FORENSIC = {
    "title": "Zampoña forense de restos en la frontera",
    "summary": "Un banco de zampoña compara muestras. Las familias de la frontera entregan muestras de zampoña.",
}
NEED = (
    "Identificar restos en la frontera",
    "Queremos un banco de zampoña. Las familias de la frontera piden muestras.",
)


def ids(found) -> list[str]:
    return [each.version.record.public_id for each in found]


class TestANeed:
    def test_is_answered_by_the_record_that_says_the_same_and_by_why(self, embedded, reading_of):
        right = make_record(**FORENSIC, objectives=[8], populations=["children"], results="312 familias.")
        make_record(title="Costura para vender ropa", summary="Se aprende a coser y a vender ropa en la feria.")
        embedded()
        found = answers_to(reading_of(*NEED, objectives=(8,), populations=("children",)), limit=5)
        assert ids(found)[0] == right.record.public_id and len(found) == 5
        assert found[0].probability > found[1].probability
        assert "banco de zampoña" in found[0].asked or "familias" in found[0].asked
        assert "zampoña" in found[0].passage and found[0].language == "es"
        assert "same objective: 8" in found[0].why and "it tells its results" in found[0].why
        assert "Children and adolescents" in found[0].why

    def test_is_answered_by_an_offer_of_the_kind_of_help_that_is_asked_for(self, embedded, reading_of):
        offer = make_record(**FORENSIC, kind="offer", help_kinds=["training"])
        embedded()
        found = answers_to(reading_of(*NEED, help_kinds=("training",)), limit=3, kinds=("offer",))
        assert ids(found) == [offer.record.public_id] and "the same kind of help: Training" in found[0].why

    def test_gets_as_many_as_asked_for_however_unlikely(self, embedded, reading_of):
        embedded()
        found = answers_to(reading_of("Xyzzy plugh", "Frobnicate the gronk quux"), limit=10)
        assert len(found) == 10 and all(each.probability < 0.5 for each in found)

    def test_is_answered_by_none_of_other_kinds(self, embedded, reading_of):
        other, lesson = make_record(**FORENSIC, kind="need"), make_record(**FORENSIC, kind="lesson")
        embedded()
        found = ids(answers_to(reading_of(*NEED), limit=100))
        assert other.record.public_id not in found and lesson.record.public_id not in found

    @pytest.mark.parametrize("title", ["", "  ", "¿?", "12 34"])
    def test_that_says_nothing_gets_nothing(self, embedded, reading_of, title):
        embedded()
        assert answers_to(reading_of(title), limit=5) == []

    def test_of_a_hundred_pages_in_an_unknown_language_is_read_to_its_beginning(self, embedded):
        embedded()
        read_once = WordEncoder()
        story = story_in({"title": NEED[0], "text": NEED[1] + " Ñandutí porã heta." * 20_000, "lang": "gn"})
        found = answers_to(read(story, read_once), limit=3)
        assert len(found) == 3 and story.is_cut and story.spoken == "gn"
        assert max(map(len, read_once.encoded)) < 7_000

    def test_is_answered_by_words_alone_while_there_are_no_vectors(self, embedded):
        right = make_record(**FORENSIC)
        embedded()
        found = answers_to(by_words_alone(Story(*NEED, "es")), limit=3)
        assert ids(found)[0] == right.record.public_id and found[0].probability is None


class TestAnOffer:
    def test_sees_the_needs_that_it_may_answer(self, embedded, reading_of):
        need = make_record(kind="need", title=NEED[0], summary=NEED[1])
        make_record(kind="need", title="Coser y vender ropa", summary="Se pide un curso de costura para la feria.")
        embedded()
        found = needs_for(reading_of(FORENSIC["title"], FORENSIC["summary"]), limit=5)
        assert ids(found)[0] == need.record.public_id and found[0].probability > found[1].probability

    def test_sees_none_that_its_owner_may_not_read(self, embedded, reading_of, as_site):
        texts = {"kind": "need", "title": NEED[0], "summary": NEED[1]}
        public = make_record(**texts)
        shared = make_record(**texts, visibility="named", audience=("gtm",))
        draft = make_record(**texts, state=State.DRAFT)
        embedded()
        reading = reading_of(FORENSIC["title"], FORENSIC["summary"])
        for person, sees in (
            (make_person("focal_point", "gtm").pk, True),
            (make_person("focal_point", "slv").pk, False),
        ):
            with as_site(person):
                found = ids(needs_for(reading, limit=50))
            assert (shared.record.public_id in found) == sees and public.record.public_id in found
            assert draft.record.public_id not in found


class TestProbabilities:
    def rows(self, units: list[float]) -> np.ndarray:
        """Records so many units nearer than one that has nothing to do with the story."""
        usual = {"first": 0.82, "second": 0.3, "kin": 0.2, "objectives": 1.0}
        base = np.array([next(value for end, value in usual.items() if name.endswith(end)) for name in RAW])
        return base + np.outer(units, model.units())

    @pytest.mark.parametrize("question", [model.ANSWERS, model.NEEDS])
    def test_fall_with_nearness_and_stay_between_none_and_one(self, question):
        raw = self.rows([1.2, 0.6, 0.3, 0.0])
        found = model.shipped()[question].probabilities(raw, np.zeros(4, dtype=bool))
        assert list(found) == sorted(found, reverse=True) and 0 < found[-1] < found[0] < 1

    def test_do_not_favour_the_own_language(self):
        used = model.shipped()[model.ANSWERS]
        raw = self.rows([1.0, 1.0])
        raw[0] += used.own_language  # by how much a text of the own language usually lies nearer
        found = used.probabilities(raw, np.array([True, False]))
        assert found[0] == pytest.approx(found[1])

    def test_of_one_candidate_and_of_none_are_there(self):
        used = model.shipped()[model.ANSWERS]
        assert used.probabilities(np.zeros((0, len(RAW))), np.zeros(0, dtype=bool)).shape == (0,)
        assert used.probabilities(self.rows([1.0]), np.zeros(1, dtype=bool)).shape == (1,)


def test_every_probability_has_words():
    told = [matching.Match(None, sure).how_sure for sure in (0.9, 0.6, 0.3, 0.01, None)]
    assert told == ["very likely", "likely", "possible", "hardly likely", "not known"]
