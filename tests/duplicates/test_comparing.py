"""Texts are compared with what is recorded: across languages, without their own record, with reasons, within rights."""

import json

import numpy as np
import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings

from minga.duplicates import comparing
from minga.duplicates.candidates import Candidate, of_row, of_version
from minga.duplicates.comparing import Here, pairs, similar
from minga.language.encoders import TwoEncoders, unit
from minga.registry.lifecycle import LISTED, State
from minga.search import indexing, sets
from tests.access.people import make_person
from tests.access.test_confidentiality import is_public, make_world, worlds
from tests.making import Made, make_record, undone
from tests.search.encoder import WordEncoder, embed_all

TOLD = {
    "es": ("Registro civil itinerante en los cafetales de Coto Brus",
           "Desde 2015 el Registro Civil de Costa Rica y la OIM llevan brigadas a las fincas de Coto Brus. En tres años "
           "inscribieron a 4.788 niñas y niños ngäbe. Cada finca avisa por teléfono cuando nace alguien."),
    "en": ("Registrars travel to the coffee farms of Coto Brus",
           "Since 2015 Costa Rica's civil registry and IOM have taken mobile teams to farms in Coto Brus. In three years "
           "they registered 4,788 Ngäbe children. Each farm telephones when somebody is born."),
    "fr": ("Une école de couture pour réfugiées à Bogotá",
           "Depuis 2019, une fondation de Bogotá enseigne la couture à des femmes réfugiées. Huit cents ont suivi le cours."),
}  # fmt: skip


def told(code: str, **values) -> Made:
    title, summary = TOLD[code]
    return make_record(lang=code, title=title, summary=summary, countries=None, lessons=None, start=None, **values)


def row(code: str) -> dict:
    return dict(zip(("title", "summary"), TOLD[code], strict=True), id="c", lang=code)


@pytest.fixture
def embed(registry):
    def all_that_waits() -> None:
        indexing.embed(sets.plan(transaction.atomic), turn=transaction.atomic, told=lambda left: None)

    return all_that_waits


class TestAText:
    def test_is_found_in_another_language_with_what_both_say_side_by_side(self, embed):
        recorded, other = told("es"), told("fr")
        embed()
        found = similar(of_row(row("en")), limit=5, encoding=Here())

        assert found[0].version == recorded.version and found[0].probability > 0.5
        assert other.version not in [each.version for each in found if each.probability > 0.1]
        reasons = {each.kind: each for each in found[0].reasons}
        assert reasons["sentences"].there in TOLD["es"][1] and reasons["sentences"].here in TOLD["en"][1]
        assert reasons["countries"].text == "Same country: Costa Rica."
        assert reasons["numbers"].text == "Both give: 4,788."
        assert reasons["bodies"].text == "Both name: IOM." and reasons["years"].text == "Both give the years: 2015."

    def test_of_a_version_is_not_compared_with_its_own_record_and_needs_no_encoder(self, embed, monkeypatch):
        one, other = told("es"), told("en")
        embed()
        monkeypatch.setattr(Here, "wholes", None)
        found = similar(of_version(one.version), limit=50, encoding=Here())
        assert found[0].version == other.version and one.version not in [each.version for each in found]

    def test_that_is_recorded_twice_is_found_twice_for_certain(self, embed):
        twice = {told("es").version.pk, told("es").version.pk}
        embed()
        found = similar(of_row(row("es")), limit=2, encoding=Here(), explains=False)
        assert {each.version.pk for each in found} == twice and all(each.probability > 0.95 for each in found)

    def test_of_another_country_is_said_to_be_so(self, embed):
        recorded = told("es")
        embed()
        title, summary = (
            each.replace("Coto Brus", "Apartadó").replace("Costa Rica", "Colombia") for each in TOLD["es"]
        )
        found = similar(of_row({"title": title, "summary": summary}), limit=1, encoding=Here())
        assert found[0].version == recorded.version
        countries = next(each for each in found[0].reasons if each.kind == "countries")
        assert countries.text == "Different countries: Colombia here, Costa Rica there." and not countries.speaks_for

    @pytest.mark.parametrize("text", [
        {"title": "Registro civil"}, {"title": "", "summary": "Registro civil en fincas."}, {"title": "!!!", "summary": "x"},
        {"title": "مركز استقبال المهاجرين في المدينة"}, {"title": "Título", "summary": "Palabra tras palabra. " * 20_000},
    ], ids=["title only", "no title", "one letter", "a language that nobody knows", "a hundred pages"])  # fmt: skip
    def test_that_is_hard_to_read_gets_an_answer(self, embed, text):
        told("es")
        embed()
        found = similar(of_row(text), limit=3, encoding=Here())
        assert all(0 <= each.probability <= 1 for each in found)

    def test_that_says_nothing_has_no_match(self, registry):
        assert similar(Candidate("… 12"), limit=3, encoding=Here()) == []
        with pytest.raises(ValueError, match="neither"):
            of_row({"title": " ", "summary": None})


def test_limit_and_least_hold(embed):
    for _number in range(4):
        told("es")
    embed()
    assert len(similar(of_row(row("en")), limit=2, encoding=Here(), explains=False)) == 2
    assert similar(of_row(row("fr")), limit=9, least=0.9, encoding=Here(), explains=False) == []


def test_pairs_of_stored_versions_are_scored_without_an_encoder_as_texts_are(embed, monkeypatch):
    one, other, third = told("es"), told("en"), told("fr")
    embed()
    monkeypatch.setattr(comparing, "default_encoder", None)
    versions = [each.version.pk for each in (one, other, third)]
    scored = {(version, near): probability for version, near, probability in pairs(versions)}
    of_text = {each.version.pk: each.probability for each in similar(of_version(one.version), limit=40, explains=False)}

    assert scored[one.version.pk, other.version.pk] > 0.5 > scored.get((one.version.pk, third.version.pk), 0)
    assert scored[one.version.pk, other.version.pk] == pytest.approx(of_text[other.version.pk], abs=0.02)
    likely = {each for each, probability in scored.items() if probability >= 0.2}
    assert {(version, near) for version, near, _probability in pairs(versions, least=0.2)} == likely
    assert list(pairs([])) == [] and list(pairs([0])) == []


class TwoParts(WordEncoder):
    """Words as directions, five parts of the first encoder to one of the second, as the vectors of this machine are."""

    def passages(self, texts):
        first, second = (unit(part) for part in np.hsplit(super().passages(texts), [384]))
        return unit(np.hstack([np.sqrt(TwoEncoders.SHARE) * first, second]))


class Words:
    """Encodes for tests, fast."""

    def __init__(self):
        self.encoder = TwoParts(comparing.made_with())
        self.wholes, self.sentences = self.encoder.passages, self.encoder.words


@pytest.mark.slow
class TestAReader:
    @settings(
        max_examples=25,
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(world=worlds)
    def test_is_told_of_nothing_that_she_may_not_read(self, as_site, world):
        with undone():
            made = make_world(world)
            words = Words()
            embed_all(words.encoder)
            hidden = {each.mark for each in made if not is_public(each)}
            with as_site():
                for each in made:
                    # A copy of its words: whoever reads the record would be told of it for certain.
                    copied = of_row({"title": f"Título {each.mark}", "summary": f"Resumen con ñ y ç: {each.mark}."})
                    found = similar(copied, limit=40, encoding=words)
                    said = json.dumps([[m.version.title, *(reason.there for reason in m.reasons)] for m in found])
                    assert not {mark for mark in hidden if mark in said}
                    assert all(match.version.is_public for match in found)
                    is_listed = is_public(each) and each.version.state in LISTED
                    assert is_listed == (each.version.pk in [match.version.pk for match in found])

    def test_is_scored_as_if_what_she_may_not_read_were_not_there(self, as_site):
        words = Words()
        for mark in range(6):
            make_record(title=f"Ventanilla {mark}", visibility="public")
        text = of_row({"title": "Ventanilla municipal", "summary": "Resumen con ñ y ç."})
        embed_all(words.encoder)
        with as_site():
            before = [(each.version.pk, each.probability) for each in similar(text, limit=40, encoding=words)]
        for mark in range(20):
            make_record(title=f"Ventanilla municipal {mark}", visibility="named", audience=("gtm",))
            make_record(title=f"Ventanilla municipal {mark}", state=State.DRAFT)
        embed_all(words.encoder)
        with as_site():
            assert [(each.version.pk, each.probability) for each in similar(text, limit=40, encoding=words)] == before
        reader = make_person("focal_point", "gtm")
        with as_site(reader.pk):
            found = similar(text, limit=40, encoding=words)
            assert sum(each.version.visibility == "named" for each in found) == 20
