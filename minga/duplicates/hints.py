"""What is recorded already that a text may repeat: told while somebody writes it, before it is imported, to its moderator.

It is compared as far as the current person may read what is recorded. What she has answered is not asked again while both
texts stay what they are.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from django.utils.translation import gettext as _

from minga.duplicates import comparing, deciding
from minga.duplicates.candidates import Candidate
from minga.duplicates.comparing import Encoding, InSite, Match
from minga.duplicates.models import Decision
from minga.duplicates.reasons import Reason
from minga.language.process import Away

# Of texts that the scorer had not seen: at the first, 99 in 100 told were the same and 93 of 100 of the same were told; at
# the second, 96 and 100. Of titles alone, every second told at the second was the same.
SAME = 0.5
OVERLAPS = 0.1
MOST = 3  # that are told at once
FEWEST_WORDS = 4  # below, a text says too little to be compared
KEPT = 2_000  # vectors that a process keeps, by digests of what they are of: a text is compared again at each pause


@dataclass(frozen=True)
class Hint:
    """A record that a text may repeat."""

    match: Match
    answer: Decision | None = None  # what was decided of the two, if anything

    @property
    def looks_the_same(self) -> bool:
        """Whether it looks the same; else the two may overlap."""
        return self.match.probability >= SAME

    @property
    def sentences(self) -> list[Reason]:
        """The reasons that quote both texts."""
        return [each for each in self.match.reasons if each.kind == "sentences"]

    @property
    def reasons(self) -> list[Reason]:
        """The other reasons."""
        return [each for each in self.match.reasons if each.kind != "sentences"]

    @property
    def how(self) -> str:
        """In words."""
        return _("This looks the same") if self.looks_the_same else _("These may overlap")


@dataclass(frozen=True)
class Hints:
    """What is told of a text."""

    standing: str  # "found", "nothing", "no_text" (too little of it), "later" (no encoder answers)
    open: list[Hint] = field(default_factory=list)
    answered: list[Hint] = field(default_factory=list)

    @property
    def same(self) -> int:
        """How many look the same."""
        return sum(each.looks_the_same for each in self.open)


class Remembering:
    """Keeps the vectors of what was compared last, so that a pause costs only what was written since."""

    def __init__(self, encoding: Encoding):
        """Remember for another encoding.

        Args:
            encoding: what makes the vectors.
        """
        self._encoding = encoding

    def wholes(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoding`."""
        return _remembered("whole", texts, self._encoding.wholes)

    def sentences(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoding`."""
        return _remembered("sentence", texts, self._encoding.sentences)


_kept: OrderedDict[bytes, np.ndarray] = OrderedDict()
_lock = Lock()


def _remembered(kind: str, texts: Sequence[str], make: Callable[[Sequence[str]], np.ndarray]) -> np.ndarray:
    keys = [hashlib.sha256(f"{kind}\n{text}".encode()).digest() for text in texts]
    with _lock:
        known = {key: _kept[key] for key in keys if key in _kept}
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if new:
        known |= dict(zip(new, make(list(new.values())), strict=True))
    with _lock:
        for key in keys:
            _kept[key] = known[key]
            _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return np.array([known[key] for key in keys], dtype=np.float32)


def hints_for(candidate: Candidate, *, most: int = MOST, encoding: Encoding | None = None) -> Hints:
    """What a text may repeat, the likeliest first.

    Args:
        candidate: the text; where it has a record, what was answered about that.
        most: at most so many open ones.
        encoding: of texts; the site's own process without it.
    """
    if len(candidate.whole.split()) < FEWEST_WORDS or not candidate.says_something:
        return Hints("no_text")
    try:
        found = comparing.similar(
            candidate, limit=2 * most + 4, least=OVERLAPS, encoding=Remembering(encoding or InSite())
        )
    except Away:
        return Hints("later")
    settled = deciding.settled(candidate.record) if candidate.record else {}
    hints = []
    for match in found:
        answer = settled.get(match.version.record_id)
        hints.append(Hint(match, answer if answer and deciding.holds(answer, match.probability) else None))
    told = [each for each in hints if each.answer is None][:most]
    return Hints("found" if told else "nothing", told, [each for each in hints if each.answer])


def probability_of(candidate: Candidate, record: int, *, encoding: Encoding | None = None) -> float | None:
    """How likely a text tells of the same as a record, as she was shown it; None where she was not.

    Args:
        candidate: the text.
        record: the id of the other record.
        encoding: of texts; the site's own process without it.
    """
    told = hints_for(candidate, encoding=encoding)
    return next(
        (each.match.probability for each in (*told.open, *told.answered) if each.match.version.record_id == record),
        None,
    )
