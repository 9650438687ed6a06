"""What a text names is read whatever its language: numbers by value, countries by names, people and cities."""

import time

import pytest

from minga.duplicates.facts import facts_of
from minga.duplicates.numerals import numbers_in


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1.224.000 permisos", [1_224_000]),
        ("1,224,000 permits", [1_224_000]),
        ("1 224 000 permis", [1_224_000]),
        ("1,7 millones", [1_700_000]),
        ("ten million dollars, sixteen thousand people", [10_000_000, 16_000]),
        ("vingt-cinq institutions, quatre-vingt-douze mille personnes", [25, 92_000]),
        ("duzentos e quarenta e três; cuarenta y cinco", [243, 45]),
        ("Decreto 216 del 1 de marzo de 2021", [216, 1, 2021]),
        ("2015, 2016 y 2017", [2015, 2016, 2017]),
        ("17.6 per cent, 17,6 %", [17.6, 17.6]),
        ("una persona, one day, um ano", []),
        ("", []),
    ],
)
def test_numbers_are_read_by_their_value(text, numbers):
    assert list(numbers_in(text)) == numbers


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Formación de parteras guatemaltecas", {"GTM"}),
        ("Des sages-femmes guatémaltèques", {"GTM"}),
        ("A desk in Tapachula for people from Honduras", {"MEX", "HND"}),
        ("EE. UU. y el Salvador", {"USA", "SLV"}),
        ("it helped us and our towns", set()),  # not the United States
        ("La antigua ciudad y su gente", set()),  # not Antigua
        ("Kreyòl ayisyen", set()),
        ("مركز استقبال المهاجرين", set()),
    ],
)
def test_countries_are_known_by_names_people_and_cities(text, countries):
    assert set(facts_of(text).countries) == countries


def test_agencies_are_the_same_in_all_languages():
    said = [
        "La OIM y ACNUR",
        "IOM and UNHCR",
        "L'OIM et le HCR",
        "Organización Internacional para las Migraciones, ACNUR",
    ]
    assert {facts_of(each).agencies for each in said} == {frozenset({"iom", "unhcr"})}


def test_names_are_words_with_a_capital_within_a_sentence():
    facts = facts_of("Dos registros en Belladère", "Equipos del Colibrí trabajan. Nadie espera en Ouanaminthe.")
    assert {"colibri", "belladere", "ouanaminthe"} <= facts.names
    assert not {"dos", "equipos", "nadie"} & facts.names and {"dos", "equipos"} <= facts.capitals


def test_what_is_given_beside_the_text_is_named_too():
    facts = facts_of("Un programa", places=["COL"], dates=["2019-05", ""], actors=["Migración Colombia", "OIM"])
    assert facts.countries["COL"] >= 2 and facts.years == {2019} and "iom" in facts.agencies


def test_a_hundred_pages_are_read_no_further_than_five():
    text = "Ochocientas personas en Tapachula. " * 10_000
    begun = time.perf_counter()
    facts = facts_of("Título", text)
    assert time.perf_counter() - begun < 2
    assert facts.numbers == {800} and facts.countries["MEX"] < 500
