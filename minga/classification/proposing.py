"""What is proposed to a person for a draft that she may read: made of its text alone, anew each time, kept nowhere.

Only the process that holds the encoder of this machine is asked, never a service outside. While it is away or slow,
there are no proposals and the page says that they come later.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from minga.classification import using
from minga.classification.coding import LIKELY, Coded, Coder, Proposal
from minga.classification.models import Decision
from minga.classification.texts import FURTHER, LONGEST, Text, text_of
from minga.classification.training import KINDS
from minga.installation.home import Home
from minga.language import process
from minga.language.encoders import TwoEncoders
from minga.registry.drafts import typed_values
from minga.registry.models import Version

# For pages alone: the command line tells all labels.
LIKELY_ENOUGH = 0.25
MOST = {"objectives": 5, "principles": 4}
HOW_SURE = ((0.75, "very_likely"), (0.5, "likely"), (0.0, "possible"))
CLEARLY_MORE = 0.25  # so much likelier than what was rejected: by the same model, so the text has come to say it
MOST_EMBEDDED = 40  # sentences
PATIENT_SECONDS = 8.0  # that a second look waits for the encoder of a busy machine
KEPT = 50  # texts whose proposals a process keeps: a page is looked at several times
READ = ("title", "summary", *FURTHER)  # the fields that are read
NEGATIVE = {Decision.What.REJECTED, Decision.What.REMOVED}

_kept: "OrderedDict[tuple[str, Text], Coded]" = OrderedDict()
_lock = Lock()


class Standing(StrEnum):
    """Whether there are proposals."""

    READY = "ready"
    LATER = "later"  # the encoder does not answer
    NO_TEXT = "no_text"
    UNCLEAR = "unclear"  # the text says too little for any label


@dataclass(frozen=True)
class Proposed:
    """A label that is proposed for a draft."""

    kind: str
    code: str
    probability: float
    evidence: tuple[str, ...]
    by_terms: bool

    @property
    def value(self) -> str:
        """How a form sends it back."""
        return f"{self.kind}:{self.code}"

    @property
    def how_sure(self) -> str:
        """In words."""
        told = {"very_likely": _("very likely"), "likely": _("likely"), "possible": _("possible")}
        return told[next(word for least, word in HOW_SURE if self.probability >= least)]

    @property
    def reason(self) -> str:
        """Why it is proposed, plainly."""
        if not self.evidence:
            return _("The text as a whole is like what such efforts typically do.")
        if self.by_terms:
            return _("The words of this passage speak of it.")
        return _("No word names it; of all sentences this one is nearest to what such efforts typically do.")


@dataclass(frozen=True)
class Proposals:
    """What is proposed for a draft."""

    standing: Standing
    open: dict[str, list[Proposed]] = field(default_factory=dict)  # kind -> the likeliest first
    refused: list[Proposed] = field(default_factory=list)  # by a person, for this text
    remarks: list[str] = field(default_factory=list)  # what makes them less sure

    @property
    def number(self) -> int:
        """How many wait for an answer."""
        return sum(map(len, self.open.values()))


class AskedEncoder:
    """The encoder of this machine, by the process that holds it; raises `process.Away`."""

    name, size = TwoEncoders.name, TwoEncoders.size

    def __init__(self, seconds: float):
        self._seconds = seconds

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoder`."""
        return self._ask(texts, "passage")

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoder`."""
        return self._ask(texts, "query")

    def words(self, words: Sequence[str]) -> np.ndarray:
        """See `TwoEncoders.words`."""
        return self._ask(words, "word")

    def _ask(self, texts: Sequence[str], kind: str) -> np.ndarray:
        return process.ask(Home.of_environment(), texts, kind=kind, seconds=self._seconds)


def proposals_for(version: Version, *, is_patient: bool = False) -> Proposals:
    """What is proposed for a draft, without what it has already and what was refused for it.

    Args:
        version: that the current person may read.
        is_patient: whether the encoder of a busy machine is waited for longer than a page may take.
    """
    values = typed_values(version)
    text = _text(version, values)
    if text is None:
        return Proposals(Standing.NO_TEXT)
    used = using.in_use()
    coded = _coded(text, used, seconds=PATIENT_SECONDS if is_patient else process.ANSWER_SECONDS)
    if coded is None:
        return Proposals(Standing.LATER)
    found = {kind: _above(kind, getattr(coded, kind), values) for kind in KINDS}
    decided = decisions_on(version)
    refused = [each for of_kind in found.values() for each in of_kind if is_refused(each, decided, used.name)]
    open_ones = {
        kind: [each for each in of_kind if each not in refused][: MOST[kind]] for kind, of_kind in found.items()
    }
    is_unclear = not any(open_ones.values()) and not refused and not any(values.get(kind) for kind in KINDS)
    standing = Standing.UNCLEAR if is_unclear else Standing.READY
    return Proposals(standing, open_ones, refused, _remarks(text, values))


def probability_of(version: Version, kind: str, code: str, *, asks: bool = True) -> tuple[float | None, str]:
    """How likely a label is for a draft, and the name of the model that says so; (None, "") where it is not known.

    Args:
        version: the draft.
        kind: of label.
        code: of the label.
        asks: whether the encoder may be asked; else only what this process still knows counts.
    """
    text = _text(version, typed_values(version))
    used = using.in_use()
    seconds = process.ANSWER_SECONDS if asks else 0
    if text is None or not (coded := _coded(text, used, seconds=seconds)):
        return None, ""
    return next(each.probability for each in getattr(coded, kind) if str(each.code) == code), used.name


def decisions_on(version: Version) -> dict[tuple[str, str], Decision]:
    """The latest decision about each label, on this version or an earlier one of its record: (kind, code) -> decision."""
    made = Decision.objects.filter(version__record=version.record_id, version__number__lte=version.number)
    return {(each.kind, each.code): each for each in made.order_by("at", "pk")}


def is_refused(each: Proposed, decided: dict[tuple[str, str], Decision], model: str) -> bool:
    """Whether a person said no to a label, and the text has not come to say it clearly since.

    Args:
        each: what would be proposed.
        decided: the latest decisions.
        model: that would propose it.
    """
    last = decided.get((each.kind, each.code))
    if last is None or last.what not in NEGATIVE:
        return False
    is_other_text = last.probability is not None and each.probability >= last.probability + CLEARLY_MORE
    return not (is_other_text and last.model == model)


def _above(kind: str, proposals: Sequence[Proposal], values: dict[str, Any]) -> list[Proposed]:
    given = values.get(kind) or []
    chosen = {str(each) for each in (given if isinstance(given, list) else [given])}
    return [
        Proposed(kind, str(each.code), each.probability, each.evidence, each.by_terms)
        for each in proposals
        if each.probability >= LIKELY_ENOUGH and str(each.code) not in chosen
    ]


def _text(version: Version, values: dict[str, Any]) -> Text | None:
    """What coding reads of a draft: also what was typed and could not be taken yet, such as a text that is too long."""
    try:
        return text_of({name: values.get(name) for name in READ} | {"lang": version.language})
    except ValueError:
        return None


def _parts(value: Any) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def _remarks(text: Text, values: dict[str, Any]) -> list[str]:
    told = []
    if not text.summary.strip():
        told.append(_("Only the title says something so far. With a summary, proposals become surer."))
    if not text.spoken:
        told.append(_("The text is in none of the four languages of which words are known here: proposals rest on its "
                      "meaning alone and are less sure."))  # fmt: skip
    if any(len(part) > LONGEST for name in READ for part in _parts(values.get(name))):
        told.append(_("The text is long; its first pages were read."))
    return told


def _coded(text: Text, used: using.Used, *, seconds: float) -> Coded | None:
    """All labels of a text; None while the encoder does not answer. In no seconds it is not asked."""
    key = (used.name, text)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    if not seconds:
        return None
    try:
        [coded] = Coder(AskedEncoder(seconds), used.models).code([text], most_embedded=MOST_EMBEDDED)
    except process.Away:
        return None
    if _has_evidence(coded):  # else it was away for a moment: the next look asks again
        _keep(key, coded)
    return coded


def _has_evidence(coded: Coded) -> bool:
    return all(each.evidence for kind in KINDS for each in getattr(coded, kind) if each.probability >= LIKELY)


def _keep(key: tuple[str, Text], coded: Coded) -> None:
    with _lock:
        _kept[key] = coded
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
