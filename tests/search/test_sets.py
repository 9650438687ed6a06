"""A service makes search's vectors: what it is given, what happens when it fails, and how one model follows another."""

import hashlib
import json
from itertools import count

import numpy as np
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples

from minga.language import endpoint
from minga.language.encoders import unit
from minga.registry.lifecycle import LISTED, State
from minga.registry.models import Version
from minga.search import asking, axes, grammar, indexing, sets, vectors
from minga.search.finding import find
from minga.search.models import Passage, Stale, VectorSet
from tests.access.people import make_person
from tests.access.test_confidentiality import is_public, make_world, worlds
from tests.language.service import running, slow, status, told_for_each
from tests.making import make_record, undone
from tests.search.encoder import WordEncoder

ALL = "public,participants,named"


def words_of_length(size: int):
    """A model of words, as the tests' encoder, of some size; another model has other directions."""

    def vector(model: str, text: str) -> list[float]:
        encoder = WordEncoder()
        encoder.size = size
        return encoder._vector(
            f"{text}" if model == "one" else " ".join(f"{model}{word}" for word in text.split())
        ).tolist()

    return vector


@pytest.fixture
def here(monkeypatch):
    """The encoder of this machine: one of words, and its process."""
    encoder = WordEncoder()
    for module in (sets, asking):
        monkeypatch.setattr(module, "default_encoder", lambda: encoder)
    monkeypatch.setattr(asking.process, "ask", lambda _home, texts: encoder.queries(texts))
    for kept in (asking._kept, asking._quiet_until):
        kept.clear()
    vectors._known_scale_of.cache_clear()
    monkeypatch.setattr(axes, "MOST", {"vocabularies": 60, "interface": 10, "records": 10})
    monkeypatch.setattr(endpoint, "PAUSE_SECONDS", 0)
    return encoder


@pytest.fixture
def few(registry):
    """A registry of few records: an index of vectors takes its time."""
    listed = Version.objects.filter(is_listed=True).order_by("pk")
    kept = listed.values_list("pk", flat=True)[:12]
    listed.exclude(pk__in=list(kept)).update(state=State.ARCHIVED)


@pytest.fixture
def service(few, here, settings):
    """A service that the settings name; by default it is given public versions."""
    with running(words_of_length(96)) as made:
        settings.EMBEDDINGS_URL, settings.EMBEDDINGS_MODEL, settings.EMBEDDINGS_KEY = made.url, "one", "k"
        yield made


def work() -> sets.Plan:
    """What the worker does each minute."""
    plan = sets.plan(transaction.atomic)
    indexing.embed(plan, turn=transaction.atomic, told=lambda left: None)
    return plan


def names() -> set[str]:
    return set(VectorSet.objects.values_list("name", flat=True))


def outside() -> VectorSet:
    return VectorSet.objects.exclude(model="").get()


def given_all(settings) -> None:
    settings.EMBEDDINGS_VISIBILITIES = frozenset(ALL.split(","))


class TestWhatAServiceIsGiven:
    @pytest.mark.slow
    @examples(
        max_examples=6, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )  # fmt: skip
    @given(world=worlds)
    def test_holds_no_trace_of_what_is_not_public(self, service, world):
        with undone():
            made = make_world(world)
            work()
            sent = "\n".join(service.sent)
            assert [each.mark for each in made if not is_public(each) and each.mark in sent] == []
            # What was merged into another record stays readable, and is found no more.
            listed = [each for each in made if is_public(each) and each.version.state in LISTED]
            assert [each.mark for each in listed if each.mark not in sent] == []

    def test_is_what_visitors_type_and_nothing_of_people_who_are_signed_in(self, service, as_site):
        work()
        somebody = make_person("focal_point", "slv")
        with as_site(somebody.pk):
            vector, made_with = asking.vector_of("borrador confidencial")
            assert (made_with, len(vector)) == ("tests-words", 896)
            assert sets.host_of_queries() == ""
        with as_site(None):
            assert asking.vector_of("pregunta abierta")[1] == outside().name
            assert sets.host_of_queries() == "127.0.0.1"
        assert "pregunta abierta" in service.sent and "borrador confidencial" not in service.sent

    def test_is_more_where_the_operator_says_so(self, service, settings, as_site):
        settings.EMBEDDINGS_VISIBILITIES = frozenset(["public", "named"])
        named = make_record(visibility="named", audience=("gtm",))
        shared = make_record(visibility="participants", process="rcm")
        draft = make_record(state=State.DRAFT)
        plan = work()
        sent = "\n".join(service.sent)
        assert named.mark in sent and shared.mark not in sent and draft.mark not in sent
        assert plan.names == [outside().name] and not Passage.objects.filter(version=shared.version).exists()
        with as_site(make_person("focal_point", "slv").pk):
            assert asking.vector_of("una pregunta")[1] == outside().name

    def test_is_taken_back_from_search_when_the_operator_says_less(self, service, settings):
        given_all(settings)
        named = make_record(visibility="named", audience=("gtm",))
        work()
        assert Passage.objects.filter(version=named.version, made_with=outside().name).exists()
        settings.EMBEDDINGS_VISIBILITIES = frozenset(["public"])
        work()
        assert set(Passage.objects.filter(version=named.version).values_list("made_with", flat=True)) == {"tests-words"}


class TestPagesSay:
    def test_what_leaves_where_something_is_typed(self, service, as_site, settings):
        work()
        with as_site(None):
            assert "servicio externo" in (text := Client().get("/es/records/").content.decode()) or "127.0.0.1" in text
        settings.EMBEDDINGS_URL = ""
        with as_site(None):
            assert "127.0.0.1" not in Client().get("/es/records/").content.decode()

    def test_in_the_confidential_band_whether_its_text_leaves(self, service, settings):
        from minga.search.templatetags.outside import given_outside

        named = make_record(visibility="named", audience=("gtm",)).version
        draft = make_record(visibility="named", audience=("gtm",), state=State.DRAFT).version
        draft.refresh_from_db()
        named.refresh_from_db()
        assert given_outside(named) == given_outside(draft) == ""
        given_all(settings)
        assert "its text is given to an outside service: 127.0.0.1" in given_outside(named)
        assert "Once it is listed" in given_outside(draft)
        assert given_outside(make_record().version) == ""


class TestAServiceThatFails:
    @pytest.mark.parametrize("behaves", [
        status(500), status(401), told_for_each([1.0] * 8), told_for_each([float("nan")] * 96), status(200, b"?"), slow(1.0),
    ])  # fmt: skip
    def test_later_is_caught_up_with_and_nothing_is_given_up(self, service, settings, monkeypatch, behaves):
        given_all(settings)
        work()
        made = make_record(title="Zamoria uno")
        if behaves.__qualname__.startswith("slow"):
            monkeypatch.setattr(endpoint, "PASSAGES_SECONDS", 0.1)
        service.behaves = behaves
        work()
        assert not Passage.objects.filter(version=made.version).exists()
        assert Stale.objects.get(version=made.version).tries < indexing.MOST_TRIES

        service.behaves = lambda texts: None
        monkeypatch.setattr(endpoint, "PASSAGES_SECONDS", 30)
        assert indexing.is_there_work(sets.plan(transaction.atomic))
        work()
        assert Passage.objects.filter(version=made.version, made_with=outside().name).exists()

    def test_from_the_first_day_leaves_search_as_it_was(self, service, as_site):
        service.behaves = status(503)
        plan = work()
        assert plan.wanted is None and names() == {"tests-words"}
        with as_site(None):
            assert asking.vector_of("una pregunta")[1] == "tests-words"
            assert sets.host_of_queries() == ""

    def test_at_a_query_is_answered_for_by_words_alone_and_left_in_peace(self, service, settings, as_site):
        given_all(settings)
        work()
        service.behaves, before = status(500), len(service.sent)
        with as_site(None):
            assert asking.vector_of("una pregunta") == (None, "")
            assert asking.vector_of("otra pregunta") == (None, "")
            assert "se buscan solo las palabras" in Client().get("/es/records/", {"q": "remesas"}).content.decode()
        assert len(service.sent) == before + 1

    def test_at_a_query_is_answered_for_by_this_machine_where_it_knows_the_records(self, service, as_site):
        work()
        service.behaves = status(500)
        with as_site(None):
            assert asking.vector_of("una pregunta")[1] == "tests-words"

    def test_at_one_text_does_not_keep_the_others_waiting(self, service):
        made, other = make_record(title="Zamoria uno"), make_record(title="Quetzalida dos")
        service.behaves = lambda texts: (400, b"") if any("Zamoria" in text for text in texts) else None
        work()
        assert Passage.objects.filter(version=other.version, made_with=outside().name).exists()
        assert Stale.objects.get(version=made.version).tries == indexing.MOST_TRIES
        assert outside().complete_at is not None


class TestAnotherModel:
    def test_takes_over_when_it_is_whole_and_not_before(self, service, settings, as_site, monkeypatch):
        given_all(settings)
        monkeypatch.setattr(indexing, "AT_ONCE", 4)
        work()
        before, number = outside(), Passage.objects.count()
        settings.EMBEDDINGS_MODEL = "two"
        axes.set_up(sets.service(), turn=transaction.atomic)
        questions = count()
        service.behaves = lambda texts: (500, b"") if next(questions) > 2 else None
        made = make_record()
        work()  # begun, and then the service is down
        assert len(names()) == 2 and Passage.objects.filter(made_with=before.name).count() == number
        assert Passage.objects.exclude(made_with=before.name).exists()
        service.behaves = lambda texts: None
        service.models.clear()
        with as_site(None):
            assert asking.vector_of("una pregunta")[1] == before.name
        assert service.models == {"one"}  # asked for as the old model

        work()
        assert outside().model == "two" and outside().complete_at
        assert set(Passage.objects.values_list("made_with", flat=True)) == {outside().name}
        assert Passage.objects.filter(version=made.version).exists()
        with as_site(None):
            assert asking.vector_of("una pregunta")[1] == outside().name

    def test_whose_forerunner_cannot_be_asked_any_more_leaves_words_alone(self, service, settings, as_site):
        given_all(settings)
        work()
        settings.EMBEDDINGS_MODEL, service.known = "two", {"two"}
        with as_site(None):
            assert asking.vector_of("una pregunta") == (None, "")
        work()
        asking._quiet_until.clear()
        with as_site(None):
            assert asking.vector_of("una pregunta")[1] == outside().name

    def test_gives_way_to_this_machine_when_the_service_is_taken_out(self, service, settings, as_site):
        given_all(settings)
        work()
        settings.EMBEDDINGS_URL = ""
        with as_site(None):
            assert asking.vector_of("una pregunta") == (None, "")
        work()
        assert names() == {"tests-words"}
        assert set(Passage.objects.values_list("made_with", flat=True)) == {"tests-words"}

    def test_of_another_size_lives_in_the_same_table_and_is_found(self, service):
        made = make_record(title="Zamoria quetzalteca", summary="Atiende zurcidoras en la costa norte del país.")
        work()
        for known in VectorSet.objects.all():
            vector = sets.encoder_of(known).queries(["Atiende zurcidoras en la costa norte del país"])[0]
            assert len(vector) == known.size
            found = find(grammar.read("zurcidoras costa"), language="fr", vector=vector, encoder=known.name)
            assert found.hits[0].version == made.version.pk


class TestAnIndex:
    def test_serves_the_search_of_each_set_as_the_site(self, service, as_site):
        work()
        for known in VectorSet.objects.all():
            compared = vectors.Comparison(np.ones(known.size, dtype=np.float32), known.name)
            with as_site(None), connection.cursor() as cursor:
                cursor.execute("set local enable_seqscan = off; set local enable_sort = off")
                cursor.execute(
                    f"explain (format json) select p.version_id, {compared.similarity('p')} from search_passage p where"
                    f" p.number = 0 and p.made_with = %s order by {compared.distance('p')} limit 10",
                    [compared.given, known.name, compared.given],
                )
                told = json.dumps(cursor.fetchone()[0])
            with connection.cursor() as cursor:
                cursor.execute("select search_index_name(%s)", [known.name])
                assert f'"Index Name": "{cursor.fetchone()[0]}"' in told

    def test_goes_with_its_set(self, service, settings):
        work()
        name = outside().name
        settings.EMBEDDINGS_URL = ""
        work()
        with connection.cursor() as cursor:
            cursor.execute("select to_regclass(search_index_name(%s))", [name])
            assert cursor.fetchone() == (None,)

    def test_is_not_made_by_the_site(self, service, as_site):
        work()
        for act in ("make", "drop"):
            with as_site(None), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"select search_{act}_index(%s)", [outside().name])


class TestLanguageAxes:
    """A model that knows the language of a text far better than its matter. What it has not learnt is English to it."""

    @pytest.fixture
    def separating(self, few, here, settings):
        groups = [wordings for texts in axes.parallel_texts().values() for wordings in list(texts)[:150]]
        groups.append(self.RECORD)
        known = {text: (number, code) for number, each in enumerate(groups) for code, text in each.items()}
        of = {text.split("\n")[0]: place for text, place in known.items()}

        def vector(_model: str, text: str) -> list[float]:
            matter, language = of.get(text.split("\n", maxsplit=1)[0], (hash(text), "en"))
            return (self._direction(f"matter {matter}") + 3 * self._direction(f"language {language}")).tolist()

        with running(vector) as made:
            settings.EMBEDDINGS_URL, settings.EMBEDDINGS_MODEL = made.url, "separating"
            yield made

    RECORD = {
        "es": "Comedores para la niñez en la frontera norte",
        "en": "Canteens for children at the northern border",
    }

    @staticmethod
    def _direction(what: str) -> np.ndarray:
        seed = int.from_bytes(hashlib.sha256(what.encode()).digest()[:4], "big")
        return unit(np.random.default_rng(seed).standard_normal((1, 128)))[0]

    def test_taken_out_let_a_translation_be_found(self, separating, settings):
        made = make_record(title=self.RECORD["es"], summary="")
        work()
        known = outside()
        assert len(known.axes) > 0 and "vocabularies" in known.made_from

        raw = endpoint.raw_queries(sets.service(), [self.RECORD["en"]])[0]
        texts = dict(Passage.objects.filter(made_with=known.name, number=0).values_list("version_id", "text"))
        as_made = endpoint.raw_passages(sets.service(), list(texts.values()))
        assert list(texts)[int((as_made @ raw).argmax())] != made.version.pk

        without = sets.encoder_of(known).queries([self.RECORD["en"]])[0]
        query = grammar.read(self.RECORD["en"])
        assert find(query, language="fr", vector=without, encoder=known.name).hits[0].version == made.version.pk

    def test_are_computed_from_public_texts_alone(self, registry, here):
        hidden = make_record(visibility="named", audience=("gtm",))
        draft = make_record(state=State.DRAFT)
        public = make_record()
        told = json.dumps([list(texts) for texts in axes.parallel_texts().values()])
        assert public.mark in told and hidden.mark not in told and draft.mark not in told

    def test_are_named_in_what_vectors_are_made_with(self, separating):
        made = axes.set_up(sets.service(), turn=transaction.atomic)
        assert made.name.startswith(f"separating+axes-{len(made.axes)}/128/")
        assert axes.set_up(sets.service(), turn=transaction.atomic).name == made.name

    def test_are_left_out_where_a_model_needs_none(self, registry, here, settings):
        groups = np.random.default_rng(1).standard_normal((60, 1, 64)) + 0.1 * np.random.default_rng(2).standard_normal(
            (60, 3, 64)
        )
        assert len(axes._best_axes([unit(group) for group in groups])) == 0

    def test_are_not_computed_for_a_model_that_tells_nothing_apart(self, registry, here, settings):
        with running(lambda _model, text: [1.0, 2.0, 3.0]) as made:
            settings.EMBEDDINGS_URL, settings.EMBEDDINGS_MODEL = made.url, "blind"
            with pytest.raises(endpoint.ServiceWrong, match="tell one text from another"):
                axes.set_up(sets.service(), turn=transaction.atomic)


def test_how_far_it_is_tells_of_each_set(service):
    plan = work()
    told = {each.name: each for each in indexing.status(plan)}
    public = Version.objects.filter(is_public=True).count()
    assert told[outside().name].listed == told[outside().name].embedded == public
    assert all(each.is_complete and not each.waiting for each in told.values())
    assert told.keys() == {outside().name, "tests-words"}
