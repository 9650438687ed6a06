"""A record's page says what is known, what is not, and what became of it."""

import pytest
from django.test import Client

from minga.registry import changes
from minga.registry.kinds import Kind
from minga.registry.lifecycle import State
from minga.registry.paths import PATHS
from tests.making import AT, BY, make_record, put_in_state


@pytest.fixture
def read(as_site):
    def read_as_visitor(path: str):
        with as_site():
            return Client().get(path)

    return read_as_visitor


def page_of(made, language: str = "es") -> str:
    return f"/{language}/{PATHS[made.record.kind]}/{made.record.public_id}/"


class TestARecordsPage:
    @pytest.mark.parametrize("kind", Kind.values)
    def test_is_there_for_every_kind(self, read, kind):
        made = make_record(kind=kind)

        page = read(page_of(made))

        assert page.status_code == 200
        assert made.mark in page.content.decode()

    def test_shows_what_nobody_has_said(self, read):
        made = make_record(level=None, results=None)

        page = read(page_of(made)).content.decode()

        gaps = page.split('class="gaps"')[1]
        assert "Nivel" in gaps and "Resultados" in gaps
        assert "Desconocido" in page  # progress

    def test_shows_a_translation_to_its_readers_and_the_original_to_others(self, read):
        made = make_record()

        english, french = read(page_of(made, "en")).content.decode(), read(page_of(made, "fr")).content.decode()

        assert f"Title {made.mark}" in english and "?original" in english
        assert f'lang="es">Título {made.mark}' in french

    def test_of_another_kind_leads_to_the_right_address(self, read):
        made = make_record(kind=Kind.NEED)

        answer = read(f"/es/practices/{made.record.public_id}/")

        assert answer.status_code == 301 and answer.url == page_of(made)

    def test_has_no_script_of_its_text(self, read):
        made = make_record(title="</script><script>alert(1)</script>", summary="<img src=x onerror=alert(1)>")

        page = read(page_of(made)).content.decode()

        assert "<script>alert" not in page and "<img src=x" not in page


class TestAWithdrawnRecord:
    def test_says_so_at_its_address_and_why(self, read):
        made = make_record(state=State.PUBLISHED)
        changes.withdraw_record(made.record, reason="La fuente se equivocó.", by=BY, at=AT)

        answer = read(page_of(made))

        assert answer.status_code == 410
        assert "La fuente se equivocó." in answer.content.decode()
        assert made.mark not in answer.content.decode()

    def test_is_led_to_by_the_address_that_was_cited(self, read):
        made = make_record(state=State.PUBLISHED)
        changes.withdraw_record(made.record, reason="Repetida.", by=BY, at=AT)

        assert read(f"/r/{made.record.public_id}/").url == page_of(made)

    def test_is_not_withdrawn_without_a_reason(self, registry):
        made = make_record(state=State.PUBLISHED)

        with pytest.raises(changes.NotPossible):
            changes.withdraw_record(made.record, reason="  ", by=BY, at=AT)

    def test_that_was_never_public_is_nothing_there(self, read):
        made = make_record(state=State.DRAFT)
        put_in_state(made.version, State.NOT_SUITABLE)

        assert read(page_of(made)).status_code == 404
