"""A passage that was redacted is nowhere any more, and comes back by no door."""

import json
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from minga.audit import changes as audit
from minga.audit.by import By
from minga.installation.home import Home
from minga.redaction import changes, restored, words
from minga.redaction.models import Redaction
from minga.redaction.stores import DERIVED, NO_RECORD_TEXT, STORES
from minga.registry.lifecycle import State
from minga.registry.models import Edit, Transition, Translation, Version
from tests.making import AT, make_record
from tests.search.encoder import embed_all

PASSAGE = "Juana Inés Quispe, de 17 años"
NOW = datetime(2026, 5, 6, 12, 0, tzinfo=UTC)
TEXTS = ("text", "character varying", "jsonb", "ARRAY")


@pytest.fixture
def home(installation, tmp_path, monkeypatch) -> Home:
    """The list outside the database goes into a folder of the test's own."""
    monkeypatch.setattr(changes.outside, "FILE", str(tmp_path / "redactions.jsonl"))
    return Home.of_environment()


def everything_kept(table_names) -> str:
    """All text of all tables, as the operator sees it."""
    found = []
    with connection.cursor() as cursor:
        for table in table_names:
            cursor.execute(f"select to_jsonb(t)::text from {table} t")
            found += [text for (text,) in cursor.fetchall()]
    return "\n".join(found)


def a_record_that_holds_it():
    """A record with the passage in every store that a test can reach."""
    made = make_record(
        owner="slv", summary=f"Atendió a {PASSAGE.upper()}; luego volvió.", lessons=[f"Hablar con {PASSAGE}."]
    )
    second = make_record(record=made.record, owner="slv", state=State.DRAFT, title=f"Caso de {PASSAGE}")
    Translation.objects.create(version=second.version, language="fr", origin="author", authority="parallel",
                               title=f"Cas de {PASSAGE}")  # fmt: skip
    Transition.objects.create(version=made.version, name="return", to_state="draft", at=AT, reason=f"Quite a {PASSAGE}")
    Edit.objects.create(version=second.version, at=AT, revision=1, field="summary", value=f"Antes: {PASSAGE}.")
    audit.note("record.return", subject=f"record:{made.record.public_id}", by_operator="tests", reason=f"Es {PASSAGE}")
    return made


def redact(record, **how) -> int:
    asked = changes.ask(record.pk, reason="Datos de una menor de edad.", by=By(operator="tests"), at=NOW, **how)
    return changes.apply(Redaction.objects.get(pk=asked.pk))


class TestARedactedPassage:
    def test_is_in_no_table_any_more_and_leaves_a_mark(self, registry, home):
        made = a_record_that_holds_it()
        embed_all()
        assert "quispe" in everything_kept(set(DERIVED)).casefold()
        places = redact(made.record, passage="juana ines quispe de 17 anos")

        assert places >= 7
        kept = everything_kept({store.table for store in STORES} | DERIVED.keys())
        assert "quispe" not in kept.casefold()
        assert "[█ 2026-05-06]; luego volvió." in kept

    def test_is_told_of_at_the_record_with_date_and_reason(self, registry, home, as_site):
        made = a_record_that_holds_it()
        redact(made.record, passage=PASSAGE)
        with as_site():
            page = Client().get(f"/es/practices/{made.record.public_id}/").content.decode()

        assert "Datos de una menor de edad." in page
        assert "Quispe" not in page

    def test_changes_what_an_import_compares_by(self, registry, home):
        made = a_record_that_holds_it()
        before = made.version.fingerprint
        redact(made.record, passage=PASSAGE)

        assert Version.objects.get(pk=made.version.pk).fingerprint != before

    def test_is_kept_nowhere_not_even_in_the_list_of_redactions(self, registry, home, tmp_path):
        made = a_record_that_holds_it()
        redact(made.record, passage=PASSAGE)

        assert "quispe" not in (tmp_path / "redactions.jsonl").read_text(encoding="utf-8").casefold()
        assert "quispe" not in everything_kept(["redaction_redaction"]).casefold()

    def test_is_taken_out_again_after_a_restore(self, registry, home, tmp_path):
        made = a_record_that_holds_it()
        redact(made.record, passage=PASSAGE)
        line = (tmp_path / "redactions.jsonl").read_text(encoding="utf-8")
        Redaction.objects.all().delete()
        again = make_record(record=made.record, owner="slv", state=State.ARCHIVED, summary=f"Otra vez {PASSAGE}.")
        (tmp_path / "old.jsonl").write_text(line, encoding="utf-8")

        assert restored.apply_again(tmp_path / "old.jsonl") == 1
        assert "Quispe" not in Version.objects.get(pk=again.version.pk).summary

    def test_does_not_touch_another_record(self, registry, home):
        made, other = a_record_that_holds_it(), make_record(summary=f"Habla {PASSAGE}.")
        redact(made.record, passage=PASSAGE)

        assert PASSAGE in Version.objects.get(pk=other.version.pk).summary

    def test_needs_a_reason_that_does_not_repeat_it(self, registry, home):
        made = a_record_that_holds_it()
        for reason in ("", f"Habla de {PASSAGE}"):
            with pytest.raises(changes.CannotRedact):
                changes.ask(made.record.pk, passage=PASSAGE, reason=reason, by=By(operator="tests"), at=NOW)


class TestTheStores:
    def test_are_all_known(self, registry):
        known = {store.table for store in STORES} | NO_RECORD_TEXT.keys() | DERIVED.keys()
        with connection.cursor() as cursor:
            cursor.execute("select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'")
            tables = {name for (name,) in cursor.fetchall()}

        assert tables - known == set()
        assert known - tables == set()

    def test_name_every_column_that_holds_free_text(self, registry):
        codes = {"external_id", "public_id", "kind", "state", "visibility", "language", "region", "level", "progress",
                 "starts", "ends", "fingerprint", "name", "from_state", "to_state", "by_operator", "role", "origin",
                 "authority", "slug", "standing", "name_source", "country", "iso2", "m49", "m49_region",
                 "m49_subregion", "confidence", "sources", "act", "subject", "media_type", "field", "outcome",
                 "places", "objectives", "principles", "concepts", "populations", "audience", "to", "problem",
                 "verdict", "chosen", "text"}  # fmt: skip
        missing = []
        with connection.cursor() as cursor:
            for store in STORES:
                cursor.execute(
                    "select column_name from information_schema.columns where table_name = %s and data_type = any (%s)",
                    [store.table, list(TEXTS)],
                )
                named = {name for (name,) in cursor.fetchall()}
                missing += [f"{store.table}.{name}" for name in named - codes - set(store.columns)]

        assert missing == []


class TestWords:
    @given(before=st.text(), after=st.text(), passage=st.lists(st.text("abcdeé", min_size=1), min_size=1, max_size=6))
    def test_are_found_wherever_they_stand(self, before, after, passage):
        found = words.words_of(" ".join(passage))
        digest = words.digest_of(found, key="k", salt="s")
        text = f"{before} {', '.join(passage)} {after}"
        cleaned, count = words.without(text, number=len(found), digest=digest, key="k", salt="s", mark="█")

        assert count >= 1
        assert words.without(cleaned, number=len(found), digest=digest, key="k", salt="s", mark="█")[0] is not None

    @given(
        value=st.recursive(
            st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
        )
    )
    def test_leave_what_does_not_hold_them_as_it_was(self, value):
        how = {"number": 2, "digest": "0" * 64, "key": "k", "salt": "s", "mark": "█"}

        assert words.in_value(json.loads(json.dumps(value)), **how) == (value, 0)
