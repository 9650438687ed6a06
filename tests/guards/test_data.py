"""The bundled data is whole: vocabularies in four languages, actors that exist, records with their sources."""

import json
import re
from pathlib import Path

import pytest

import minga

DATA = Path(minga.__file__).parent
LANGUAGES = {"es", "en", "fr", "pt"}
VOCABULARIES = sorted((DATA / "vocabularies" / "data").glob("*.json"))
RECORDS = [
    json.loads(line)
    for file in sorted((DATA / "registry" / "data").glob("*.jsonl"))
    for line in file.read_text(encoding="utf-8").splitlines()
]
EMAIL_OR_TELEPHONE = re.compile(r"[\w.+-]+@[\w-]+\.\w+|\+\d[\d\s()-]{8,}")


@pytest.fixture(scope="module")
def codes() -> dict[str, set[str]]:
    return {
        content["scheme"]["code"]: {each["code"] for each in content["concepts"]}
        for content in (json.loads(file.read_text(encoding="utf-8")) for file in VOCABULARIES)
    }


@pytest.mark.parametrize("file", VOCABULARIES, ids=lambda file: file.stem)
def test_vocabulary_has_every_language_and_points_at_what_exists(file, codes):
    content = json.loads(file.read_text(encoding="utf-8"))

    assert content["scheme"]["code"] == file.stem
    for each in content["concepts"]:
        assert set(each["labels"]) == LANGUAGES, each["code"]
        for texts in (each.get("short_labels"), each.get("glosses")):
            assert not texts or set(texts) == LANGUAGES, each["code"]
        for related in each.get("related", []):
            assert related["code"] in codes[related["scheme"]], each["code"]


class TestActors:
    folder = DATA / "actors" / "data"
    countries = json.loads((folder / "countries.json").read_text(encoding="utf-8"))["countries"]
    organisations = json.loads((folder / "organisations.json").read_text(encoding="utf-8"))["organisations"]

    def test_have_short_names_of_their_own(self):
        slugs = [each["slug"] for each in self.countries + self.organisations]

        assert len(slugs) == len(set(slugs))

    def test_that_are_american_states_are_thirty_five(self):
        american = [each for each in self.countries if each["m49_region"] == "019" and each["kind"] == "state"]

        assert len(american) == 35
        assert all(set(each["names"]) == LANGUAGES for each in american)

    def test_exist_wherever_they_are_named(self):
        slugs = {each["slug"] for each in self.countries + self.organisations}
        for name in ("memberships.json", "positions.json"):
            for each in json.loads((self.folder / name).read_text(encoding="utf-8")):
                assert {each["actor"], each.get("process", each["actor"])} <= slugs


class TestBundledRecords:
    def test_have_ids_of_their_own(self):
        ids = [each["id"] for each in RECORDS]

        assert len(ids) == len(set(ids))

    def test_name_their_source(self):
        assert [each["id"] for each in RECORDS if not each.get("source_url", "").startswith("http")] == []

    def test_hold_no_address_or_telephone_of_a_person(self):
        found = [each["id"] for each in RECORDS if EMAIL_OR_TELEPHONE.search(json.dumps(each, ensure_ascii=False))]

        assert found == []

    def test_cover_every_objective(self):
        assert {number for each in RECORDS for number in each["objectives"]} == set(range(1, 24))

    def test_are_never_synthetic(self):
        assert not any("synthetic" in json.dumps(each).lower() for each in RECORDS)
