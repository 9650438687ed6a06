"""What others read: citations, feeds, meta data, the sitemap."""

import json
import re
from datetime import date
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils.translation import override

from minga.exchange import metadata, sitemaps
from minga.exchange.citations import Citation
from minga.registry.lifecycle import State
from minga.registry.models import Version
from tests.making import Made, make_record

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAPS = {"m": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
ADDRESS = "https://minga.example/r/abc/"


def citation(made: Made) -> Citation:
    """A citation of a made record on a day."""
    return Citation.of(made.version, registry="Minga", address=ADDRESS, today=date(2026, 11, 24))


class TestACitation:
    def test_is_a_sentence_in_the_readers_language(self, registry):
        made = make_record(title="Ventanilla", actor="Red {a}")

        with override("en"):
            text = citation(made).text("en")

        assert (
            text == f"Red {{a}} (2026). Ventanilla [Practice, version 1]. Minga. {ADDRESS} (seen on November 24, 2026)"
        )

    def test_does_without_a_maker(self, registry):
        made = make_record(title="Ventanilla", with_actor=False)

        with override("en"):
            assert citation(made).text("en").startswith("Ventanilla (2026) [Practice, version 1].")

    def test_in_ris_has_one_tag_a_line(self, registry):
        ris = citation(make_record(title="Dos\nlíneas", actor="OIM")).ris()

        lines = ris.split("\r\n")
        assert lines[0] == "TY  - ELEC"
        assert "TI  - Dos líneas" in lines
        assert "AU  - OIM" in lines
        assert lines[-2:] == ["ER  - ", ""]
        assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])

    def test_in_bibtex_escapes_what_tex_would_read(self, registry):
        made = make_record(title=r"50 % de {a} & b_c ~ \d", actor="Ñandú #1")

        bibtex = citation(made).bibtex()

        assert r"title = {{50 \% de \{a\} \& b\_c \textasciitilde{} \textbackslash{}d}}" in bibtex
        assert r"author = {{Ñandú \#1}}" in bibtex
        assert bibtex.startswith(f"@misc{{minga-{made.record.public_id},")


@pytest.fixture
def feed(as_site):
    """A list's feed as a visitor gets it."""

    def read(path: str) -> ElementTree.Element:
        with as_site():
            answer = Client().get(path)
        assert answer["Content-Type"].startswith("application/atom+xml")
        return ElementTree.fromstring(answer.content)

    return read


class TestAFeed:
    def test_has_the_newest_of_its_list_with_the_lists_filters(self, feed):
        made = make_record(lang="gn", objectives=[8])
        make_record(lang="gn", state=State.DRAFT)

        entries = feed("/en/practices/feed.atom?language=gn&sort=title&nonsense=1").findall("a:entry", ATOM)

        assert [each.findtext("a:title", "", ATOM) for each in entries] == [f"Title {made.mark}"]
        assert entries[0].findtext("a:author/a:name", "", ATOM) == f"Instituto {made.mark}"
        assert entries[0].find("a:category", ATOM).get("term").startswith("8. ")
        assert entries[0].findtext("a:id", "", ATOM) == f"http://testserver/r/{made.record.public_id}/"
        assert entries[0].find("a:link", ATOM).get("href") == f"http://testserver/en/practices/{made.record.public_id}/"

    def test_says_its_own_address_with_what_was_chosen(self, feed):
        root = feed("/es/records/feed.atom?country=COL&page=3")

        links = {each.get("rel"): each.get("href") for each in root.findall("a:link", ATOM)}
        assert links["self"] == "http://testserver/es/records/feed.atom?country=COL"
        assert links["alternate"] == "http://testserver/es/records/?country=COL"
        assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "es"

    def test_of_an_empty_list_is_a_feed(self, feed):
        root = feed("/fr/lessons/feed.atom?country=ATG")

        assert root.findall("a:entry", ATOM) == []
        assert root.findtext("a:author/a:name", "", ATOM) == "Minga"

    def test_keeps_to_fifty(self, feed):
        assert len(feed("/en/records/feed.atom").findall("a:entry", ATOM)) == 50

    def test_opens_whatever_signs_a_text_has(self, feed):
        make_record(title="a\ufffe\uffff<b>&", actor="c\uffffd", lang="gn")

        entry = feed("/pt/records/feed.atom?language=gn").find("a:entry", ATOM)

        assert entry.findtext("a:title", "", ATOM) == "a<b>&"


class TestMetaData:
    def test_of_a_record_says_what_it_is(self, registry):
        made = make_record(title="</script><b>", actor="OIM")

        described = metadata.json_ld_of_record(
            made.version, address=ADDRESS, registry="Minga", countries=["El Salvador"]
        )
        script = metadata.as_script(described)

        assert "<" not in script
        assert json.loads(script) == described
        assert described["@id"] == ADDRESS
        assert described["author"]["name"] == "OIM"
        assert described["temporalCoverage"] == "2019-05/.."

    def test_of_a_list_names_its_records_in_order(self):
        described = metadata.json_ld_of_list(address=ADDRESS, name="N", total=7, records=[("A", "a"), ("B", "b")])

        assert described["mainEntity"]["numberOfItems"] == 7
        assert [each["position"] for each in described["mainEntity"]["itemListElement"]] == [1, 2]

    def test_in_dublin_core_repeats_elements(self, registry):
        made = make_record(countries=["SLV", "GTM"])

        pairs = metadata.dublin_core(made.version, address=ADDRESS, registry="Minga")

        assert [content for name, content in pairs if name == "DC.coverage"] == ["SLV", "GTM"]
        assert ("DC.identifier", ADDRESS) in pairs


class TestTheSitemap:
    def test_names_every_public_record_once_in_each_language(self, as_site, monkeypatch):
        monkeypatch.setattr(sitemaps, "PART", 30)
        make_record(state=State.DRAFT)
        with as_site():
            index = ElementTree.fromstring(Client().get("/sitemap.xml").content)
            parts = [each.text.removeprefix("http://testserver") for each in index.findall("m:sitemap/m:loc", MAPS)]
            found = [ElementTree.fromstring(Client().get(part).content) for part in parts]
            public = set(Version.objects.filter(is_public=True).values_list("record__public_id", flat=True))

        addresses = [each.text for part in found for each in part.findall("m:url/m:loc", MAPS)]
        records = [each for each in addresses if re.search(r"/[0-9a-z]{10}/$", each) and each.split("/")[-2] in public]
        assert len(addresses) == len(set(addresses))
        assert len(records) == 4 * len(public)
        links = found[1].find("m:url", MAPS).findall("x:link", MAPS)
        assert {each.get("hreflang") for each in links} == {"es", "en", "fr", "pt"}

    def test_leads_to_pages_that_are_there(self, as_site):
        with as_site():
            root = ElementTree.fromstring(Client().get("/sitemap-0.xml").content)
            for each in root.findall("m:url/m:loc", MAPS)[1::4]:
                assert Client().get(each.text.removeprefix("http://testserver")).status_code == 200, each.text

    def test_is_named_in_robots_txt(self, as_site):
        with as_site():
            assert "Sitemap: http://testserver/sitemap.xml" in Client().get("/robots.txt").content.decode()

    def test_has_no_part_beyond_its_last(self, as_site):
        with as_site():
            assert Client().get("/sitemap-99.xml").status_code == 404
