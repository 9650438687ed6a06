"""Another framework comes from a file, without code; codes in records survive a new version of it."""

import json

import pytest
from django.test import Client

from minga.common.keeping import forget_everything
from minga.vocabularies.loading import UnusableVocabulary, load_file
from minga.vocabularies.models import Concept
from tests.making import make_record


def write_plan(folder, version: str, codes: list[str]):
    """A national plan as a vocabulary file."""
    file = folder / f"plan-{version}.json"
    concepts = [{"code": code, "notation": code, "labels": {"es": f"Medida {code}"}} for code in codes]
    scheme = {"code": "slv-plan", "version": version, "is_framework": True, "names": {"en": "Plan", "es": "Plan"}}
    file.write_text(json.dumps({"scheme": scheme, "concepts": concepts}), encoding="utf-8")
    return file


class TestAnotherFramework:
    def test_has_pages_and_gathers_its_records(self, as_site, tmp_path):
        load_file(write_plan(tmp_path, "2023", ["M1", "M2"]))
        made = make_record(concepts=["slv-plan:M2"])

        with as_site():
            page = Client().get("/es/vocabularies/slv-plan/M2/").content.decode()
            listed = Client().get("/es/vocabularies/").content.decode()

        assert "Medida M2" in page and made.mark in page
        assert "slv-plan" in listed

    def test_keeps_what_a_newer_version_leaves_out(self, as_site, tmp_path):
        load_file(write_plan(tmp_path, "2023", ["M1", "M2"]))
        made = make_record(concepts=["slv-plan:M1"])

        load_file(write_plan(tmp_path, "2026", ["M2", "M3"]))

        assert Concept.objects.get(scheme="slv-plan", code="M1").is_retired
        assert Concept.objects.get(scheme="slv-plan", code="M2").since == "2023"
        forget_everything()
        with as_site():
            assert made.mark in Client().get("/es/vocabularies/slv-plan/M1/").content.decode()

    def test_that_is_loaded_again_changes_nothing(self, registry, tmp_path):
        file = write_plan(tmp_path, "2023", ["M1", "M2"])
        load_file(file)
        before = list(Concept.objects.filter(scheme="slv-plan").values())

        load_file(file)

        assert list(Concept.objects.filter(scheme="slv-plan").values()) == before

    @pytest.mark.parametrize("content", ["", "[]", '{"scheme": {}}', '{"scheme": {"code": "x"}, "concepts": []}'])
    def test_that_is_none_is_refused_with_its_name(self, registry, tmp_path, content):
        file = tmp_path / "broken.json"
        file.write_text(content)

        with pytest.raises(UnusableVocabulary, match=r"broken\.json"):
            load_file(file)
