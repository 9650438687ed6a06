"""Whatever is typed has an answer that helps: on the page as a visitor sees it, and on the command line."""

import html
import json
import re
from pathlib import Path
from unittest.mock import patch

import pytest
from django.test import Client

from minga.installation.problems import InstallationProblem
from minga.search import asking, commands, grammar, indexing, wordlist
from minga.search.answering import answers
from tests.making import make_record
from tests.search.encoder import WordEncoder, embed_all

LONG = "migración " * 1_000  # ten thousand characters


@pytest.fixture
def page(registry, as_site):
    """A search page in English, as a visitor sees it; `away`: no encoder answers."""
    encoder = WordEncoder()

    def show(typed: str, *, path: str = "/en/records/", away: bool = False, **more: str) -> str:
        def vector_of(words: str):
            return (None, "") if away or not words.strip() else (encoder.queries([words])[0], encoder.name)

        with as_site(None), patch.object(asking, "vector_of", vector_of):
            answer = Client().get(path, {"q": typed, **more})
        assert answer.status_code == 200
        return html.unescape(answer.content.decode())

    return show


def found(shown: str) -> list[str]:
    """The results of a page: their public ids."""
    return re.findall(r'<h3><a href="/\w+/\w+/(\w+)/"', shown)


def listed(**values) -> str:
    """A record that can be found; its public id."""
    made = make_record(with_actor=False, **values)
    embed_all()
    wordlist.follow()
    return made.record.public_id


class TestWhatIsTyped:
    @pytest.mark.parametrize("typed", ["", "   ", "\t\n"])
    def test_nothing_shows_the_whole_list(self, page, typed):
        assert found(page(typed)) == found(page("")) != []

    @pytest.mark.parametrize("typed", ['""', '"', '" "', "\x00", "\x00\x00"])
    def test_signs_without_words_show_all_records_and_say_so(self, page, typed):
        shown = page(typed)
        assert "Nothing was understood to be searched for; these are all records." in shown and found(shown)

    @pytest.mark.parametrize(
        "typed",
        [LONG, "a" * 10_000, "el la de que y en", "the of and", "🙂", "🙂🙂 👩‍👩‍👧", "'; drop table registry_version; --",
         "1) or 1=1 --", "migración & trabajo | !remesas <-> (x", "a:* & b:A", "!!!", "((((", "\\", "\\\\'", "%s %(a)s {0} {{ x }}",
         '"sin cerrar', 'uno "dos', 'a"b"c"', "“sin cerrar", "«abierto", "-", "-:", "x:y:z", "٣ ٤ ٥", "\u202eabc\u202c"],
    )  # fmt: skip
    def test_anything_is_a_page(self, page, typed):
        for away in (False, True):
            shown = page(typed, away=away)
            assert "records</h2>" in shown or "record</h2>" in shown

    def test_sql_and_tsquery_are_words_and_nothing_else(self, page):
        made = listed(title="Zurcidora & migración | !remesas <-> (trabajo:*)")
        for typed in ("zurcidora' | 'x:*", "!zurcidora", "zurcidora:*B", "zurcidora <-> remesas", "zurcidora'; --"):
            assert found(page(typed, away=True))[0] == made

    def test_a_nul_sign_is_a_space(self, page):
        made = listed(title="Zurcidora de redes")
        assert found(page("zurcidora\x00redes", away=True))[0] == made

    @pytest.mark.parametrize("typed", ['"zurcidora de', "“zurcidora de redes", 'zurcidora "de redes'])
    def test_an_unbalanced_quotation_mark_is_left_out(self, page, typed):
        made = listed(title="Zurcidora de redes")
        assert found(page(typed, away=True))[0] == made

    def test_curly_quotation_marks_quote(self, page):
        listed(title="Redes de zurcidora")
        made = listed(title="Zurcidora de redes")
        for typed in ("“zurcidora de redes”", "«zurcidora de redes»", '"zurcidora de redes"'):
            assert found(page(typed, away=True)) == [made]


class TestFromRightToLeft:
    @pytest.mark.parametrize(
        ("language", "title"), [("ar", "برنامج دعم العمال المهاجرين"), ("he", "תוכנית לתמיכה במהגרי עבודה")]
    )
    def test_is_found_and_shown_in_its_direction(self, page, language, title):
        made = listed(title=title, lang=language, summary=title)
        shown = page(title, path="/pt/records/")
        assert found(shown)[0] == made
        assert re.search(rf'<h3><a [^>]*dir="auto" lang="{language}"', shown)
        assert 'name="q"' in shown and re.search(r'<input type="search"[^>]*dir="auto"', shown)
        record = page("", path=f"/pt/practices/{made}/")
        assert f'<h1 dir="auto" lang="{language}">{title}</h1>' in record

    def test_stands_apart_in_a_sentence_of_the_page(self, page):
        assert f"<bdi>{'كلمة مجهولة'}</bdi>" in page("كلمة مجهولة country:ATG")


class TestALanguageThatWeDoNotKnow:
    @pytest.mark.parametrize(
        ("language", "title", "typed", "mistyped"),
        [("ht", "Pwojè Lekòl Timoun nan Ouanamenthe", "Lekol Ouanamenthe", "Lekol Ouanamenthee"),
         ("miq", "Wangki Tasbaya Uplika Nani", "Tasbaya Uplika", "Tasabya Uplika")],
    )  # fmt: skip
    def test_is_found_by_its_words_as_they_are_by_meaning_and_with_a_mistake(
        self, page, language, title, typed, mistyped
    ):
        made = listed(title=title, lang=language, summary="")
        assert found(page(typed, away=True))[0] == made
        assert found(page(mistyped, away=True))[0] == made
        assert found(page(title.lower()))[0] == made

    def test_of_a_query_is_no_error_on_the_command_line(self, registry):
        listed(title="Pwojè Lekòl", lang="ht", summary="")
        for language in ("ht", "xx", "español", "es'; drop table x; --"):
            assert isinstance(answers("Pwojè lekòl", language=language, chosen={}, vector=None, limit=3), list)


class TestARecord:
    def test_with_a_title_only_is_found_and_has_a_page(self, page):
        made = listed(title="Zurcidora sola", summary=None, lessons=None, objectives=[], countries=[], start=None)
        for typed in ("zurcidora", '"zurcidora sola"', "zurcidroa"):
            assert found(page(typed))[0] == made
        assert "Zurcidora sola" in page("", path=f"/pt/practices/{made}/")


class TestTheEncoderAway:
    def test_words_are_searched_and_it_is_said(self, page):
        made = listed(title="Zurcidora de redes")
        shown = page("zurcidora", away=True)
        assert found(shown) == [made]
        assert "Only words are searched at the moment, not meaning" in shown
        assert "Only words are searched" not in page("zurcidora")

    def test_nothing_of_it_is_said_where_there_are_only_filters(self, page):
        assert "Only words are searched" not in page("country:SLV", away=True)


class TestFilters:
    def test_alone_are_a_list_like_any_other(self, page):
        made = listed(title="Zurcidora", countries=["ATG"], level="local")
        assert found(page("country:ATG level:local")) == [made]

    @pytest.mark.parametrize("typed", ["country:XXX", "objective:99", "year:x", "nivel:nada", "-kind:nothing"])
    def test_with_a_value_that_is_none_are_left_out_and_said(self, page, typed):
        made = listed(title="Zurcidora")
        shown = page(f"zurcidora {typed}")
        assert found(shown)[0] == made and f"This filter is not known and was left out: {typed}." in shown


class TestAnEmptyPage:
    def test_says_what_was_understood_and_loosens_each_part_by_a_link(self, page, as_site):
        listed(title="Zurcidora de redes", countries=["SLV"])
        shown = page('zurcidora "sin par" country:ATG,SLV -kind:pledge', level="local")
        for part in ("Words: <bdi>zurcidora</bdi>", "Exactly so: <bdi>“sin par”</bdi>", "<bdi>Antigua and Barbuda</bdi>",
                     "<bdi>Local</bdi>", "Not: Kind: <bdi>Pledges</bdi>"):  # fmt: skip
            assert part in shown
        links = re.findall(r'<li>[^<]*<bdi>[^<]*</bdi> <a href="(\?[^"]*)"', shown)
        asked = [dict(part.partition("=")[::2] for part in link[1:].split("&")) for link in links]
        assert len(asked) == 5
        assert [each.get("level") for each in asked].count(None) == 1
        assert (
            sum("pledge" not in each["q"] for each in asked) == 1 and sum("ATG" not in each["q"] for each in asked) == 1
        )
        assert sum("sin+par" in each["q"] for each in asked) == 5 and sum("%22" not in each["q"] for each in asked) == 1

    def test_without_filters_asks_for_other_words(self, page):
        shown = page("xyzzyq plugh", away=True)
        assert "Say it in other words, or with fewer." in shown and "Words: <bdi>xyzzyq plugh</bdi>" in shown

    def test_of_one_kind_leads_to_all_records(self, page):
        assert '"/en/records/?q=xyzzyq"' in page("xyzzyq", path="/en/pledges/", away=True)


class TestSpellingOnThePage:
    def test_the_corrected_search_is_offered_and_made(self, page):
        made = listed(title="Zurcidora de Quetzalida", countries=["SLV"])
        shown = page('"zurcidroa de" quetsalida country:SLV', away=True, level="national")
        assert found(shown) == [made]
        assert 'Did you mean: <a href="?level=national&q=%22' in shown
        assert "“<bdi>quetsalida</bdi>”; “<bdi>Quetzalida</bdi>” was searched too." in shown

    def test_what_was_typed_can_be_searched_alone_through_filters_and_pages(self, page):
        listed(title="Zurcidora de Quetzalida")
        shown = page("quetsalida", away=True, spelling="typed")
        assert found(shown) == [] and "Did you mean" not in shown
        assert '<input type="hidden" name="spelling" value="typed">' in shown


class TestManyQueriesFromAFile:
    def write(self, tmp_path: Path, *lines: bytes) -> Path:
        file = tmp_path / "queries.jsonl"
        file.write_bytes(b"\n".join(lines))
        return file

    def test_may_have_empty_lines_and_leave_out_id_and_language(self, tmp_path):
        file = self.write(tmp_path, b'{"query": "a"}', b"", b'{"id": 7, "lang": null, "query": ""}')
        assert commands._lines(file) == [{"id": 1, "lang": "", "query": "a"}, {"id": 7, "lang": "", "query": ""}]

    @pytest.mark.parametrize(
        "broken",
        [b"{", b"[]", b"7", b"null", b'"x"', b'{"id": 1}', b'{"query": null}', b'{"query": ["a"]}', b"\xff\xfe",
         b'{"query": "a"', b'{"query": "a"} x'],
    )  # fmt: skip
    def test_that_is_broken_names_the_line(self, tmp_path, broken):
        file = self.write(tmp_path, b'{"query": "a"}', b"", broken)
        with pytest.raises(InstallationProblem, match=r"Line 3 of .*queries\.jsonl"):
            commands._lines(file)

    def test_are_answered_whatever_they_hold(self, registry):
        indexing.refresh_marked()
        for typed in ("", LONG, "🙂", "\x00", '"', "'; --", "שלום", "country:XXX", "country:SLV"):
            grammar.read(typed)
            json.dumps(answers(typed, language="", chosen={}, vector=None, limit=3))
