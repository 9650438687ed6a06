"""What is found, by whom, and in which order: in the real database, with an encoder of words."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minga.common.keeping import forget_everything
from minga.registry.lifecycle import State
from minga.search import grammar, indexing, wordlist
from minga.search.finding import find
from minga.search.models import Passage, Stale, Wording, WordVector
from minga.search.sets import Making, Plan
from tests.access.people import make_person
from tests.making import make_record, put_in_state
from tests.search.encoder import WordEncoder, embed_all


@pytest.fixture
def search(registry):
    """Finds as whoever is acting: the public ids, best first."""

    def found(typed: str, *, language: str = "", by_meaning: bool = True) -> list[str]:
        encoder = WordEncoder()
        query = grammar.read(typed)
        vector = encoder.queries([query.words])[0] if by_meaning and query.words else None
        hits = find(query, language=language, vector=vector, encoder=encoder.name).hits
        names = dict(Wording.objects.values_list("version_id", "version__record__public_id"))
        return [names[hit.version] for hit in hits if hit.version in names]

    return found


def made_and_embedded(**values):
    made = make_record(**values)
    embed_all()
    return made


class TestWords:
    def test_are_found_with_and_without_accents_and_endings(self, search):
        made = made_and_embedded(title="Regularización migratoria quetzalteca")
        for typed in ("regularizacion quetzalteca", "Regularizaciones QUETZALTECAS", "quetzaltéca"):
            assert search(typed, language="es", by_meaning=False)[0] == made.record.public_id

    def test_of_another_language_do_not_vote(self, search):
        made = made_and_embedded(title="Formación de personal quetzalcoa", lang="es")
        assert search("formación quetzalcoa", language="es", by_meaning=False)[0] == made.record.public_id
        assert search("formación quetzalcoa", language="fr", by_meaning=False) == []

    def test_names_acronyms_and_numbers_do_in_whatever_language(self, search):
        made = made_and_embedded(title="Convenio ZQXT 21.325 de Cooperación")
        for typed in ("ZQXT", "Act 21.325"):
            assert made.record.public_id in search(typed, language="en", by_meaning=False)

    def test_in_quotation_marks_must_stand_as_they_are(self, search):
        made = made_and_embedded(title="Puente de Esperanza del Zquil")
        other = made_and_embedded(title="Esperanza del puente de Zquil")
        assert search('"puente de esperanza del zquil"') == [made.record.public_id]
        assert other.record.public_id not in search('"Puente de Esperanza" zquil')


class TestFilters:
    def test_are_typed(self, search):
        here = made_and_embedded(title="Zamoria uno", countries=["SLV"], start="2019-05")
        there = made_and_embedded(title="Zamoria dos", countries=["GTM"], start="2022")
        assert search("zamoria country:GTM", by_meaning=False) == [there.record.public_id]
        assert search("zamoria país:slv año:2018..2020", by_meaning=False) == [here.record.public_id]
        assert search("zamoria -country:SLV", by_meaning=False) == [there.record.public_id]
        by_meaning = search("zamoria country:GTM")
        assert by_meaning[0] == there.record.public_id and here.record.public_id not in by_meaning

    def test_alone_find_what_passes_them(self, search):
        made = made_and_embedded(title="Zamoria", countries=["CUB"], level="local")
        assert search("country:CUB level:local") == [made.record.public_id]


class TestConfidentiality:
    @pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.ARCHIVED])
    def test_what_is_not_listed_is_not_there(self, search, state):
        made = make_record(state=State.PUBLISHED, title="Zurcidora secreta")
        embed_all()
        assert Wording.objects.filter(version=made.version).exists()
        put_in_state(made.version, state)
        assert not Wording.objects.filter(version=made.version).exists()
        assert not Passage.objects.filter(version=made.version).exists()

    def test_what_one_may_not_read_is_not_found_nor_weighs(self, search, as_site):
        hidden = made_and_embedded(title="Zurcidora secreta", visibility="named", audience=("gtm",))
        reader, stranger = make_person("focal_point", "gtm"), make_person("focal_point", "slv")
        with as_site(reader.pk):
            assert search("zurcidora", language="es")[0] == hidden.record.public_id
        for person in (None, stranger.pk):
            with as_site(person):
                assert hidden.record.public_id not in search("zurcidora secreta", language="es")
                assert find(grammar.read("zurcidora"), language="es", vector=None).lexemes in ([], ["zurcidor"])
                assert not Wording.objects.filter(version=hidden.version).exists()
                assert not Passage.objects.filter(version=hidden.version).exists()


class TestEmbedding:
    def test_a_changed_text_is_embedded_anew_and_another_encoder_takes_over(self, registry):
        made = made_and_embedded(title="Zamoria uno")
        other = embed_all(WordEncoder("tests-others"))
        assert any("Zamoria uno" in text for text in other.encoded)
        assert set(Passage.objects.filter(version=made.version).values_list("made_with", flat=True)) == {
            "tests-words", "tests-others"}  # fmt: skip

    def test_what_an_encoder_fails_at_waits_behind_the_others_and_is_left_in_the_end(self, registry):
        class Failing(WordEncoder):
            def passages(self, texts):
                if any("Zamoria" in text for text in texts):
                    raise ValueError("no")
                return super().passages(texts)

        made = make_record(title="Zamoria")
        plan = Plan((Making(Failing()),), frozenset([Failing().name]))
        indexing.embed(plan, turn=transaction.atomic, told=lambda left: None)
        assert Stale.objects.get(version=made.version).tries == indexing.MOST_TRIES
        assert Wording.objects.filter(version=made.version).exists()

    def test_vectors_of_another_encoder_are_not_compared(self, search):
        made = make_record(title="Zamoria uno")
        embed_all(WordEncoder("tests-others"))
        assert search("zamoria", language="fr") == []
        assert made.record.public_id in search("zamoria", language="es")


NONSENSE = st.text(max_size=300) | st.sampled_from([
    "", "   ", '"', '""', 'a"b', "🙂🙂", "el la de que y", "'; drop table registry_version; --", "a & | ! <-> (b", "país:",
    "-", "-:", "year:..", "year:9999..1", "country:XXX", "שלום עולם", "a" * 10_000, "kreyòl ayisyen", "x:y:z", "\\\\", "%s %(a)s",
])  # fmt: skip


@pytest.mark.django_db
class TestNonsense:
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(typed=NONSENSE)
    def test_is_never_an_error(self, registry, typed):
        query = grammar.read(typed)
        vector = WordEncoder().queries([query.words])[0] if query.words else None
        find(query, language="", vector=vector, encoder="tests-words")
        assert grammar.read(grammar.write(query)).chosen == query.chosen


class TestLanguagesWithoutStems:
    def test_are_found_by_their_words_as_they_are(self, search):
        made = made_and_embedded(title="Pwoteksyon timoun zankoyo", lang="ht")
        assert search("timoun zankoyo", language="ht", by_meaning=False) == [made.record.public_id]
        assert search("zankoyo", by_meaning=False) == [made.record.public_id]


class TestKin:
    def test_a_record_that_says_the_same_word_by_word_comes_first(self, registry):
        """A word of another language is found by what it says, where the words of a text as a whole say little."""
        made = made_and_embedded(title="Zurcidora qubana")
        other = made_and_embedded(title="Herrera qubana")
        encoder = WordEncoder()
        wordlist.renew()
        wordlist.embed(encoder, turn=transaction.atomic)
        forget_everything()
        seamstress = dict(zip(["couturiere"], encoder.words(["zurcidora"]), strict=True))
        query = grammar.read("couturiere")
        vector = encoder.queries(["qubana"])[0]
        hits = find(query, language="fr", vector=vector, encoder=encoder.name, word_vectors=seamstress).hits
        places = [hit.version for hit in hits]
        assert places.index(made.version.pk) < places.index(other.version.pk)
        assert {hit.version: hit.kin for hit in hits}[made.version.pk] == pytest.approx(1.0, abs=0.02)

    def test_words_of_what_is_not_public_are_not_in_the_list(self, registry):
        made_and_embedded(title="Zankoyo secreto", visibility="named", audience=("gtm",))
        wordlist.renew()
        wordlist.embed(WordEncoder(), turn=transaction.atomic)
        assert not WordVector.objects.filter(key="zankoyo").exists()
