"""What coding reads of a record: its sentences as they stand, its language, and what is no record."""

import pytest

from minga.classification.texts import LONGEST, MOST_SENTENCES, guess_language, sentences_of, text_of


def test_sentences_stand_in_the_text_as_they_are():
    text = "La ley 4.788 protege a las víctimas. ¿Quién decide? «El juez.» Y así sigue…\nOtra línea sin punto"
    found = list(sentences_of(text))

    assert len(found) >= 4
    assert all(each in text for each in found)


@pytest.mark.parametrize(("text", "language"), [
    ("Las víctimas de trata reciben albergue y atención en el país", "es"),
    ("The victims of trafficking receive shelter and care in the country", "en"),
    ("Les victimes de la traite reçoivent un hébergement et des soins dans le pays", "fr"),
    ("As vítimas do tráfico de pessoas recebem abrigo e atenção em todo o país", "pt"),
    ("Пострадавшие получают помощь", ""), ("", ""),
])  # fmt: skip
def test_language_is_guessed_from_small_words(text, language):
    assert guess_language(text) == language


def test_a_language_that_is_not_ours_is_guessed():
    assert text_of({"title": "Los derechos de las personas", "lang": "xx"}).spoken == "es"


@pytest.mark.parametrize("row", [{}, {"title": " ", "summary": None}, {"title": 7}, {"title": "A", "summary": ["b"]}])
def test_what_holds_no_text_is_refused(row):
    with pytest.raises(ValueError, match="title"):
        text_of(row)


def test_a_hundred_pages_are_cut():
    text = text_of(
        {"title": "Long", "summary": "It goes on and on here. " * 20_000, "results": "More of it. " * 20_000}
    )

    assert len(text.summary) == LONGEST and len(text.sentences) == MOST_SENTENCES


def test_a_title_alone_is_its_own_sentence():
    assert text_of({"title": "Remesas"}).sentences == ["Remesas"]
