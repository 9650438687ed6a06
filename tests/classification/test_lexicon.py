"""Terms are read in the language of the text: what means one thing in Spanish means another in Portuguese."""

import json

import pytest

from minga.classification.lexicon import FILE, lexicon_of
from minga.classification.training import DATA, KINDS, examples
from minga.vocabularies.loading import FOLDER as VOCABULARIES


def objectives_told(text: str, language: str) -> set[int]:
    lexicon = lexicon_of("objectives")
    return {int(lexicon.labels[place]) + 1 for place in lexicon.hits(text, language)}


@pytest.mark.parametrize(("text", "language", "told", "untold"), [
    ("víctimas de la trata de personas", "es", 10, 9), ("tráfico ilícito de migrantes", "es", 9, 10),
    ("tráfico de pessoas", "pt", 10, 9), ("contrabando de migrantes", "pt", 9, 10),
    ("le trafic illicite de migrants", "fr", 9, 10), ("la traite d’êtres humains", "fr", 10, 9),
    ("human trafficking", "en", 10, 9), ("migrant smuggling", "en", 9, 10),
])  # fmt: skip
def test_false_friends_are_kept_apart(text, language, told, untold):
    found = objectives_told(text, language)
    assert told in found and untold not in found


def test_stems_phrases_and_elisions_are_found():
    assert 4 in objectives_told("Elle reçoit une carte d’identité", "fr")
    assert 20 in objectives_told("Las REMESADORAS bajan su precio", "es")
    assert 15 not in objectives_told("the watershed", "en")


def test_nothing_is_found_in_other_languages():
    assert not lexicon_of("objectives").hits("trafficking remesas", "de")


@pytest.mark.parametrize("kind", KINDS)
def test_each_label_has_terms_and_activities_in_four_languages(kind):
    codes = [str(each) for each in KINDS[kind]]
    for name, fewest in ((FILE.name, 8), ("activities.json", 6)):
        told = json.loads((DATA / name).read_text(encoding="utf-8"))[kind]
        assert list(told) == codes
        for languages in told.values():
            assert list(languages) == ["en", "es", "fr", "pt"] and min(map(len, languages.values())) >= fewest
            assert name == FILE.name or len({len(texts) for texts in languages.values()}) == 1


def test_labels_are_those_of_the_vocabularies():
    concepts = json.loads((VOCABULARIES / "gcm-principles.json").read_text(encoding="utf-8"))["concepts"]
    assert [each["code"] for each in concepts] == list(KINDS["principles"])


def test_examples_are_marked_as_invented():
    for each in examples():
        assert each["synthetic"] is True and set(each["objectives"]) <= set(KINDS["objectives"])
        assert set(each["principles"]) <= set(KINDS["principles"]) and each["title"] and each["summary"]
