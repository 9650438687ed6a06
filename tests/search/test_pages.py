"""The search page and its command, on the bundled records with the real encoder."""

import json
from unittest.mock import patch

import pytest
from django.test import Client

from minga.language.encoders import default_encoder
from minga.search import asking, indexing
from minga.search.models import Stale
from minga.search.shipped import WithShipped
from tests.making import make_record


@pytest.fixture
def page(registry, as_site):
    """The text of a search page, as a visitor sees it; the encoder answers from this process."""
    encoder = default_encoder()
    indexing.refresh_marked()
    shipped = WithShipped(encoder)
    indexing.mark_other_encoders(shipped)
    while Stale.objects.filter(made_with=encoder.name).exists():
        indexing.embed_batch(shipped)

    def show(typed: str, *, path: str = "/es/records/", away: bool = False, **more: str) -> str:
        vector = (None, "") if away or not typed.strip() else (encoder.queries([typed])[0], encoder.name)
        with as_site(None), patch.object(asking, "vector_of", lambda words: vector):
            answer = Client().get(path, {"q": typed, **more})
        assert answer.status_code == 200
        return answer.content.decode()

    return show


def test_a_question_in_one_language_finds_what_is_written_in_another(page):
    shown = page("help for families who lose a relative on the route", path="/en/records/")
    first = shown.split('<ol class="records"')[1].split("</li>")[0]
    assert "migrantes desaparecidos" in first and 'class="passage"' in first and 'class="why"' in first


def test_the_page_teaches_the_grammar_to_whoever_clicks(page):
    shown = page("remesas", country="MEX")
    assert "<code>remesas country:MEX</code>" in shown


def test_search_goes_on_without_the_encoder_and_says_so(page):
    shown = page("remesas", away=True)
    assert "se buscan solo las palabras" in shown and '<ol class="records"' in shown


def test_nonsense_finds_nothing_and_says_what_to_do(page):
    assert "No se encuentra nada" in page("xyzzyq plugh")


def test_a_passage_is_shown_as_text_and_never_as_markup(page):
    make_record(title="Zurcidora <b>x</b>", summary="Una <script>alert(1)</script> zurcidora \x02 de redes.")
    indexing.refresh_marked()
    shown = page("zurcidora", away=True)
    assert "<script>alert" not in shown and "<mark>" in shown


@pytest.mark.parametrize("path", ["/es/records/export.json", "/es/records/feed.atom"])
def test_what_was_found_leaves_as_a_file_and_can_be_followed(page, as_site, path):
    with as_site(None), patch.object(asking, "vector_of", lambda words: (None, "")):
        answer = Client().get(path, {"q": '"Estatuto Temporal de Protección"'})
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert "ETPV" in text.decode() and "Grupos Beta" not in text.decode()


def test_the_command_answers_many_in_one_process(page, capsys, tmp_path):
    from minga.search.answering import answers

    found = answers("Puentes de Esperanza", language="es", chosen={}, vector=None, limit=3)
    assert found[0]["external_id"] == "practice-caravana-madres-migrantes-desaparecidos"
    assert set(found[0]) == {"id", "external_id", "owner", "kind", "lang", "title", "score", "passage", "why"}
    json.dumps(found)
