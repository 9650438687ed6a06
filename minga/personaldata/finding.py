"""Points out personal data in the text of a record before it is saved: find it, say what it is, take it out.

It helps people to see what they may have overlooked; it is no proof that a text holds nothing of the kind.
"""

import heapq
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from minga.personaldata import contacts, identifiers

# Stands for a finding while the search goes on: no letter, digit, space or sign of an address.
HOLE = "\ufffc"
# Every round finds what the last one laid bare; people's texts need two, only texts made to annoy need more.
MOST_ROUNDS = 25


class Sort(StrEnum):
    """What kind of personal data a finding is."""

    EMAIL = "email"
    TELEPHONE = "telephone"
    NATIONAL_ID = "national_id"
    PASSPORT = "passport"


_LABELS = {
    Sort.EMAIL: gettext_lazy("E-mail address"),
    Sort.TELEPHONE: gettext_lazy("Telephone number"),
    Sort.NATIONAL_ID: gettext_lazy("Identity number"),
    Sort.PASSPORT: gettext_lazy("Passport number"),
}


def label(sort: Sort) -> Promise:
    """The name of the sort, for people."""
    return _LABELS[sort]


@dataclass(frozen=True)
class Finding:
    """One passage that looks like personal data: `text[start:end]`, its country as ISO alpha-3 or ''."""

    sort: Sort
    start: int
    end: int
    text: str
    country: str = ""
    before: str = field(default="", repr=False, compare=False)  # folded; tells an office's line from a person's

    @property
    def looks_institutional(self) -> bool:
        """Whether it rather belongs to an office: a role's mailbox, a short or free line, a switchboard."""
        folded = Folded.of(self.text).text
        if self.sort is Sort.EMAIL:
            return contacts.is_office_email(folded)
        return self.sort is Sort.TELEPHONE and contacts.is_office_telephone(folded, self.before)


@dataclass(frozen=True)
class Folded:
    """A text as the patterns read it, and where each of its characters begins and ends in the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, text: str) -> "Folded":
        """Fold to plain letters, ASCII digits, hyphens and spaces; leave out what nobody sees."""
        if text.isascii():
            return cls(text, range(len(text)), range(1, len(text) + 1))
        kept, starts, ends = [], [], []
        for at, character in enumerate(text):
            folded = _fold(character)
            if folded:
                kept.append(folded)
                starts.append(at)
                ends.append(at + 1)
            elif ends and unicodedata.category(character) in ("Mn", "Me"):
                ends[-1] = at + 1  # an accent goes with its letter
        return cls("".join(kept), starts, ends)

    def without(self, spans: Iterable[tuple[int, int]]) -> "Folded":
        """The same with one hole for each span; spans are ordered and do not overlap."""
        kept, starts, ends, last = [], [], [], 0
        for start, end in [*spans, (len(self.text), None)]:
            kept.append(self.text[last:start])
            starts += self.starts[last:start]
            ends += self.ends[last:start]
            if end is not None:
                kept.append(HOLE)
                starts.append(self.starts[start])
                ends.append(self.ends[end - 1])
                last = end
        return Folded("".join(kept), starts, ends)


@lru_cache(maxsize=4096)
def _fold(character: str) -> str:
    """One character as the patterns read it: exactly one, or none."""
    if character.isascii():
        return character
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me"):
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Zs":
        return " "
    if category == "Pd" or character == "\u2212":
        return "-"
    if character in "\u2018\u2019":
        return "'"
    composed = unicodedata.normalize("NFKC", character)
    if len(composed) == 1 and composed.isascii() and not composed.isdigit():
        return composed
    base = unicodedata.normalize("NFD", character)[0]
    return base if base.isascii() and base.isalpha() else character


@dataclass(frozen=True)
class _Span:
    sort: Sort
    start: int
    end: int
    country: str


def find(text: str, countries: Sequence[str] = ()) -> list[Finding]:
    """Point out the personal data in a text.

    Args:
        text: free text in Spanish, English, French or Portuguese.
        countries: those of the record, ISO alpha-3; their telephone and identity numbers are known by their form.

    Returns:
        Findings in the order of the text that do not overlap.
    """
    folded, found = Folded.of(text), []
    searches: list[Callable[[str, Sequence[str]], list[_Span]]] = [_emails, _hidden_emails, _links, _numbers]
    for _ in range(MOST_ROUNDS):
        before = len(found)
        for search in searches:
            spans = search(folded.text, countries)
            found += [_finding(text, folded, span) for span in spans]
            folded = folded.without((span.start, span.end) for span in spans) if spans else folded
        if len(found) == before:
            break
    return sorted(found, key=lambda each: each.start)


def without(text: str, findings: Iterable[Finding], mark: str) -> str:
    """The text with the findings replaced by the mark.

    Args:
        text: the text that the findings were found in.
        findings: in any order, not overlapping.
        mark: best in brackets, without digits and without words that announce a number ("tel.", "DNI").
    """
    pieces, last = [], 0
    for each in sorted(findings, key=lambda each: each.start):
        pieces += [text[last : each.start], mark]
        last = each.end
    return "".join([*pieces, text[last:]])


def _finding(text: str, folded: Folded, span: _Span) -> Finding:
    start, end = folded.starts[span.start], folded.ends[span.end - 1]
    before = folded.text[max(0, span.start - 60) : span.start]
    return Finding(span.sort, start, end, text[start:end], span.country, before)


def _emails(text: str, _countries: Sequence[str]) -> list[_Span]:
    return _apart(_Span(Sort.EMAIL, each.start, each.end, "") for each in contacts.emails(text))


def _hidden_emails(text: str, _countries: Sequence[str]) -> list[_Span]:
    return _apart(_Span(Sort.EMAIL, each.start, each.end, "") for each in contacts.hidden_emails(text))


def _links(text: str, _countries: Sequence[str]) -> list[_Span]:
    return _apart(_Span(Sort.TELEPHONE, each.start, each.end, "") for each in contacts.linked_telephones(text))


def _apart(spans: Iterable[_Span]) -> list[_Span]:
    """Those that begin after the end of the last."""
    kept: list[_Span] = []
    for span in spans:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _numbers(text: str, countries: Sequence[str]) -> list[_Span]:
    return _Sweep(contacts.without_links(text), countries).spans()


class _Sweep:
    """Reads the numbers of a text from left to right, so that a list goes on being what its first number was."""

    def __init__(self, text: str, countries: Sequence[str]):
        self.text, self.countries, self.regions = text, countries, contacts.regions_of(countries)
        self.telltale: dict[int, _Span] = {}
        self.shaped: dict[int, _Span] = {}
        self.lines: dict[int, bool] = {}  # where a telephone number may begin -> whether right behind its word
        self.words: dict[int, identifiers.Word] = {}
        for each in contacts.telltale(text, self.regions):
            self.telltale.setdefault(each.start, _Span(Sort.TELEPHONE, each.start, each.end, each.country))
        for number in identifiers.shaped(text, countries):
            self.shaped.setdefault(number.start, _of_person(number))
        for place, near in contacts.announced(text):
            self.lines[place] = near or self.lines.get(place, False)
        self.words.update(identifiers.announced(text))
        self.places = sorted({*self.telltale, *self.shaped, *self.lines, *self.words})  # sorted: already a heap

    def spans(self) -> list[_Span]:
        """What was found, ordered."""
        found, end = [], 0
        while self.places:
            place = heapq.heappop(self.places)
            span = self._at(place) if place >= end else None
            if span:
                found.append(span)
                end = span.end
                self._go_on(span, self.words.get(place))
        return found

    def _at(self, place: int) -> _Span | None:
        """What stands at this place; a word right before it says more than the form of the number."""
        if place in self.telltale:
            return self.telltale[place]
        near = self.lines.get(place)
        word = self.words.get(place)
        line = self._line(place, near) if near and not word else None
        number = identifiers.read(self.text, place, word, self.countries) if word and not line else None
        if line or place in self.shaped or number:
            return line or self.shaped.get(place) or _of_person(number)
        return None if near is None else self._line(place, near)

    def _line(self, place: int, near: bool) -> _Span | None:
        contact = contacts.read(self.text, place, near, self.regions)
        return contact and _Span(Sort.TELEPHONE, contact.start, contact.end, contact.country)

    def _go_on(self, span: _Span, word: identifiers.Word | None) -> None:
        """Note where the next number of the same list may begin."""
        if span.sort is Sort.TELEPHONE:
            place = contacts.after(self.text, span.end)
            if place is not None:
                self.lines.setdefault(place, True)
        else:
            place = identifiers.after(self.text, span.end) if word else None
            if place is not None:
                self.words.setdefault(place, word)
        if place is not None:
            heapq.heappush(self.places, place)


def _of_person(number: identifiers.Number) -> _Span:
    sort = Sort.PASSPORT if number.is_passport else Sort.NATIONAL_ID
    return _Span(sort, number.start, number.end, number.country)
