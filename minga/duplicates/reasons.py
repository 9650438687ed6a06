"""Why two texts may tell of the same effort, or may not, side by side and in the reader's words."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from minga.actors.models import Actor
from minga.actors.names import in_language, key_of
from minga.actors.queries import country_name
from minga.classification.texts import sentences_of
from minga.duplicates.candidates import MOST_SENTENCES, SHORTEST_SENTENCE, Candidate, of_version
from minga.duplicates.facts import WORD, Facts
from minga.duplicates.features import SMALL, Usual
from minga.duplicates.model import trained
from minga.duplicates.numerals import fold
from minga.registry.models import Version
from minga.vocabularies.queries import label

NAMED = 5  # of a kind that are named
RARE = 3.0  # of a name or number (`Usual.rarity`) that is worth telling
# Of sentences to the second encoder: nine of ten retellings have one so near to one of their record, of near misses one
# in six.
SAYS_THE_SAME = 0.45
MOST_THERE = 2 * MOST_SENTENCES

Embed = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class Reason:
    """One thing that both texts say, or about which they differ."""

    kind: str  # countries, actor, bodies, people, years, numbers, names, sentences
    text: str  # in a line
    here: str = ""  # what the candidate says
    there: str = ""  # what the record says
    speaks_for: bool = True

    def told(self) -> dict[str, Any]:
        """As JSON would have it."""
        return asdict(self)


def reasons_of(
    candidate: Candidate,
    versions: Sequence[Version],
    facts: Mapping[int, Facts],
    close: Collection[Version],
    embed: Embed,
) -> dict[int, tuple[Reason, ...]]:
    """Reasons for each of some versions: id -> reasons, sentences first.

    Args:
        candidate: what they are compared with.
        versions: listed, each with its participations.
        facts: what each names.
        close: those whose sentences are looked at.
        embed: makes vectors of sentences.
    """
    said = _sentences(candidate, close, embed)
    own = candidate.facts.agencies
    named = _bodies({slug for each in versions for slug in own & facts[each.pk].agencies})
    usual = trained().usual
    found = {}
    for version in versions:
        there = facts[version.pk]
        rows = [
            said.get(version.pk), _countries(candidate, version, there), _actor(candidate, version),
            _common("bodies", _("Both name"), [named[each] for each in sorted(own & there.agencies) if each in named]),
            _people(candidate, version), _years(candidate, version, there),
            _common("numbers", _("Both give"), _numbers(candidate.facts, there, usual)),
            _common("names", _("Both name"), _names(candidate.facts, there, version, usual)),
        ]  # fmt: skip
        found[version.pk] = tuple(row for row in rows if row)
    return found


def _common(kind: str, what: str, values: Sequence[str]) -> Reason | None:
    if not values:
        return None
    text = ", ".join(values[:NAMED])
    return Reason(kind, f"{what}: {text}.", text, text)


def _countries(candidate: Candidate, version: Version, facts: Facts) -> Reason | None:
    here = list(candidate.places) or _most(candidate.facts)
    there = list(version.places) or _most(facts)
    if not here or not there:
        return None
    told, of_record = _country_names(here), _country_names(there)
    if common := [code for code in here if code in there]:
        names = _country_names(common)
        text = ngettext("Same country: %(names)s.", "Same countries: %(names)s.", len(common)) % {"names": names}
        return Reason("countries", text, told, of_record)
    text = _("Different countries: %(here)s here, %(there)s there.") % {"here": told, "there": of_record}
    return Reason("countries", text, told, of_record, speaks_for=False)


def _most(facts: Facts) -> list[str]:
    return [code for code, _number in facts.countries.most_common(NAMED)]


def _country_names(codes: Sequence[str]) -> str:
    names = ", ".join(country_name(code, get_language()) for code in codes[:NAMED])
    return names + (" …" if len(codes) > NAMED else "")


def _actor(candidate: Candidate, version: Version) -> Reason | None:
    """An actor that both give as one of theirs."""
    theirs = {key_of(part.name_as_given): part.name_as_given for part in version.participations.all()}
    common = [theirs[key] for each in candidate.actors if (key := key_of(each)) in theirs]
    return _common("actor", _("Same actor"), list(dict.fromkeys(common)))


def _bodies(slugs: Collection[str]) -> dict[str, str]:
    """Names of known bodies in the reader's language."""
    language = get_language()
    found = Actor.objects.filter(slug__in=slugs).values_list("slug", "names", "acronyms")
    return {
        slug: in_language(acronyms, language)[0] or in_language(names, language)[0] for slug, names, acronyms in found
    }


def _people(candidate: Candidate, version: Version) -> Reason | None:
    language = get_language()
    common = [code for code in candidate.populations if code in version.populations]
    return _common("people", _("Same people"), [label("populations", code, language) for code in common])


def _years(candidate: Candidate, version: Version, facts: Facts) -> Reason | None:
    here, there = candidate.facts.years, facts.years
    if common := sorted(here & there):
        return _common("years", _("Both give the years"), [str(year) for year in common])
    if not here or not there:
        return None
    told, of_record = _span(here), version.starts or _span(there)
    text = _("Different years: %(here)s here, %(there)s there.") % {"here": told, "there": of_record}
    return Reason("years", text, told, of_record, speaks_for=False)


def _span(years: Collection[int]) -> str:
    return str(min(years)) if len(years) == 1 else f"{min(years)}–{max(years)}"


def _numbers(here: Facts, there: Facts, usual: Usual) -> list[str]:
    common = [each for each in here.numbers & there.numbers if each > SMALL and usual.rarity(f"#{each:g}") >= RARE]
    return [
        number_format(int(each) if each.is_integer() else each, force_grouping=True)
        for each in sorted(common, reverse=True)
    ]


def _names(here: Facts, there: Facts, version: Version, usual: Usual) -> list[str]:
    """Names in common as the record writes them, the rarest first."""
    common = (here.names & there.capitals) | (there.names & here.capitals)
    rare = sorted((each for each in common if usual.rarity(each) >= RARE), key=lambda each: (-usual.rarity(each), each))
    spelled = {
        fold(word): word
        for text in (version.summary, version.title)
        for word in WORD.findall(text)
        if word[0].isupper()
    }
    return [" ".join(spelled.get(word, word.title()) for word in each.split()) for each in rare[:NAMED]]


def _sentences(candidate: Candidate, versions: Collection[Version], embed: Embed) -> dict[int, Reason]:
    """For each version the sentence that says what one of the candidate's says."""
    theirs = {version.pk: _sentences_of(version) for version in versions}
    told = list(dict.fromkeys([*candidate.sentences, *(each for some in theirs.values() for each in some)]))
    if not versions or not candidate.sentences:
        return {}
    vectors = dict(zip(told, embed(told), strict=True))
    here = np.array([vectors[each] for each in candidate.sentences])
    found = {}
    for pk, sentences in theirs.items():
        if not sentences:
            continue
        near = here @ np.array([vectors[each] for each in sentences]).T
        one, other = np.unravel_index(int(near.argmax()), near.shape)
        if near[one, other] >= SAYS_THE_SAME:
            quoted = {"here": candidate.sentences[one], "there": sentences[other]}
            text = _("“%(there)s” there says what “%(here)s” here says.") % quoted
            found[pk] = Reason("sentences", text, **quoted)
    return found


def _sentences_of(version: Version) -> list[str]:
    """Sentences of a version that may say the same, literally."""
    read = of_version(version)
    found = [
        each for text in (read.summary, *read.further) for each in sentences_of(text) if len(each) >= SHORTEST_SENTENCE
    ]
    return found[:MOST_THERE] or read.sentences
