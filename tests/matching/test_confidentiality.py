"""A match betrays nothing that the person may not read, and a need leaves no trace anywhere."""

import io
from unittest.mock import patch

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as of_examples
from hypothesis import strategies as st

from minga.language import endpoint
from minga.matching import matching, reading, showing
from minga.registry.kinds import Kind
from minga.registry.lifecycle import State
from minga.registry.models import Visibility
from minga.search.models import VectorSet
from tests.access.people import everybody
from tests.making import AT, Made, make_record, undone
from tests.search.encoder import WordEncoder

SAID = "Un banco de zampoña compara muestras de familias de la frontera."
records = st.lists(
    st.fixed_dictionaries({
        "state": st.sampled_from(State.values), "visibility": st.sampled_from(Visibility.values),
        "kind": st.sampled_from([*matching.KINDS, Kind.NEED]), "owner": st.sampled_from(["slv", "gtm"]),
    }), min_size=2, max_size=6,
)  # fmt: skip


def make(each: dict) -> Made:
    where = {"process": "rcm"} if each["visibility"] == "participants" else {}
    where |= {"audience": ("gtm",)} if each["visibility"] == "named" else {}
    return make_record(**each, **where, summary=SAID)


@pytest.mark.slow
@of_examples(
    max_examples=6, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(world=records)
def test_each_role_is_told_what_it_may_read_and_the_hidden_change_nothing(as_site, embedded, reading_of, world):
    """Matches, probabilities and reasons are the same as if what she may not read were not there."""
    with undone():
        made = [make(each) for each in world]
        people = everybody()
        embedded()
        story = reading_of("Falta un banco de zampoña", "Las familias de la frontera piden muestras.")
        for person in people:
            hidden = [each for each in made if not person.may_read(each.version)]
            with as_site(person.pk):
                told = _told(story)
            assert not {each.mark for each in hidden if each.mark in str(told)}
            with undone():
                for each in hidden:
                    with connection.cursor() as cursor:
                        cursor.execute("delete from search_passage where version_id = %s", [each.version.pk])
                        cursor.execute("delete from search_wording where version_id = %s", [each.version.pk])
                with as_site(person.pk):
                    assert _told(story) == told


def _told(story: reading.Reading) -> list[tuple]:
    found = [*matching.answers_to(story, limit=20), *matching.needs_for(story, limit=20)]
    return [(each.version.pk, each.version.title, each.probability, each.passage, each.why) for each in found]


def test_a_need_leaves_this_machine_for_no_service(embedded, monkeypatch, settings):
    """Not even where a service may be given what is not public and answers all searches."""
    settings.EMBEDDINGS_URL, settings.EMBEDDINGS_MODEL = "https://embeddings.example/v1", "other"
    settings.EMBEDDINGS_VISIBILITIES = frozenset(Visibility.values)
    need = make_record(kind="need", owner="slv", state=State.DRAFT, title="Falta zampoña", summary=SAID)
    embedded()
    asked: list = []
    monkeypatch.setattr(endpoint.Endpoint, "queries", lambda self, texts: asked.append(texts))
    monkeypatch.setattr(endpoint.Endpoint, "passages", lambda self, texts: asked.append(texts))
    monkeypatch.setattr(showing, "ByProcess", WordEncoder)
    monkeypatch.setattr(showing, "LEAST", 0.0)  # the models are of another encoder
    for has_local_set in (False, True):
        if has_local_set:
            monkeypatch.setattr(reading, "default_encoder", WordEncoder)
            VectorSet.objects.get_or_create(name="tests-words", defaults={"size": 896, "begun_at": AT})
        assert showing.matches_for(need.version).matches
    assert asked == []


def test_a_need_is_stored_nowhere_and_not_logged(embedded, monkeypatch, capfd):
    make_record(summary=SAID)
    need = make_record(kind="need", owner="slv", state=State.DRAFT, title="Falta zampoña qwxmark", summary=SAID)
    embedded()
    monkeypatch.setattr(showing, "ByProcess", WordEncoder)
    monkeypatch.setattr(showing, "LEAST", 0.0)  # the models are of another encoder
    monkeypatch.setattr(reading, "default_encoder", WordEncoder)
    VectorSet.objects.get_or_create(name="tests-words", defaults={"size": 896, "begun_at": AT})
    written: list[str] = []

    def listen(execute, sql, params, many, context):
        written.append(sql.lstrip().split(None, 1)[0].lower())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen), patch("sys.stdout", io.StringIO()) as said:
        assert showing.matches_for(need.version).matches
    assert not {"insert", "update", "delete", "create", "copy"} & set(written)
    assert "qwxmark" not in said.getvalue() + "".join(capfd.readouterr())
