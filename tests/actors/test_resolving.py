"""Spellings of one actor mean that actor; what may mean two is asked about; nothing is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minga.actors.models import Actor
from minga.actors.names import key_of
from minga.actors.resolving import Countries, Resolver


@pytest.fixture
def resolver(registry) -> Resolver:
    return Resolver()


def slug_of(resolution) -> str | None:
    return Actor.objects.get(pk=resolution.actor).slug if resolution.actor else None


class TestOneActor:
    @pytest.mark.parametrize(
        ("spelling", "slug"),
        [
            ("EE.UU.", "usa"), ("EE. UU.", "usa"), ("eeuu", "usa"), ("U.S.A.", "usa"), ("Estados Unidos de América", "usa"),
            ("États-Unis", "usa"), ("Rep. Dom.", "dom"), ("República Dominicana", "dom"), ("OIM", "iom"), ("IOM", "iom"),
            ("International Organization for Migration (IOM)", "iom"), ("ACNUR", "unhcr"), ("HCR", "unhcr"),
            ("CEPAL", "eclac"), ("Bolivia", "bol"), ("Bolivia (Estado Plurinacional de)", "bol"), ("Brasil", "bra"),
        ],
    )  # fmt: skip
    def test_is_meant_by_each_of_its_spellings(self, resolver, spelling, slug):
        assert slug_of(resolver.resolve(spelling)) == slug


class TestWhatMayMeanTwo:
    @pytest.mark.parametrize("spelling", ["CAN", "Granada", "Guiana"])
    def test_is_asked_about(self, resolver, spelling):
        resolution = resolver.resolve(spelling)

        assert resolution.actor is None and resolution.actors

    def test_is_not_taken_from_an_acronym_in_brackets(self, resolver):
        assert resolver.resolve("Refugio Nueva Vida (OIM)").actors == ()


class TestCountries:
    @pytest.mark.parametrize(
        ("text", "code"), [("SLV", "SLV"), ("El Salvador", "SLV"), ("Dominica", "DMA"), ("Haïti", "HTI"), ("XXX", None),
                           ("Guinea Ecuatorial", "GNQ"), ("Ruritania", None)],
    )  # fmt: skip
    def test_are_known_by_code_and_by_name(self, registry, text, code):
        assert Countries().code_of(text) == code


@given(st.text())
def test_keys_do_not_change_when_taken_twice(text):
    assert key_of(key_of(text)) == key_of(text)
