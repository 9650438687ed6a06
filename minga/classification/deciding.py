"""What a person decides about proposed labels: it goes into her draft like any edit, and is kept for later proposals."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from minga.audit.by import By
from minga.classification.models import Decision
from minga.classification.proposing import decisions_on, probability_of
from minga.classification.training import KINDS
from minga.registry import drafts
from minga.registry.knowing import what_is_known_for_a_while
from minga.registry.lifecycle import State
from minga.registry.models import Version
from minga.registry.moves import NotThere

What = Decision.What


def read_label(text: str) -> tuple[str, str] | None:
    """The kind and code of "objectives:8", as a form sends it; None when it is none."""
    kind, _colon, code = text.partition(":")
    return (kind, code) if kind in KINDS and code in map(str, KINDS[kind]) else None


@transaction.atomic
def answer(version: Version, kind: str, code: str, *, belongs: bool, by: By, at: datetime) -> drafts.Saved:
    """Take a proposal, which marks the label in the draft, or refuse it, which keeps it from being proposed again.

    Args:
        version: the draft.
        kind: of label.
        code: of the label.
        belongs: whether the person takes it.
        by: who.
        at: when.

    Returns:
        what became of the draft.

    Raises:
        NotThere: it is no draft that this person may change.
    """
    probability, model = probability_of(version, kind, code)  # before the lock: the encoder may be slow
    locked = Version.objects.select_for_update().filter(pk=version.pk, state=State.DRAFT).order_by("pk").first()
    if locked is None:
        raise NotThere
    given = drafts.typed_values(locked).get(kind) or []
    labels = [str(each) for each in (given if isinstance(given, list) else [given])]
    wanted = [*labels, code] if belongs and code not in labels else labels
    typed = {kind: wanted} if wanted != labels else {}
    base = {kind: drafts.mark_of(kind, given)}
    saved = drafts.save(locked, typed, base, known=what_is_known_for_a_while(), by=by, at=at)
    _note(saved.version, kind, code, What.CONFIRMED if belongs else What.REJECTED, by, at, probability, model)
    return saved


def note_choices(version: Version, kind: str, before: Collection, after: Collection, *, by: By, at: datetime) -> None:
    """Keep what a person added and removed by hand.

    Args:
        version: the draft, as it is now.
        kind: of label.
        before: the labels that it had.
        after: those that it has.
        by: who.
        at: when.
    """
    had, has = {str(each) for each in before}, {str(each) for each in after}
    codes = {str(each) for each in KINDS[kind]}
    for code in sorted((had ^ has) & codes):
        probability, model = probability_of(version, kind, code, asks=False)
        _note(version, kind, code, What.ADDED if code in has else What.REMOVED, by, at, probability, model)


def _note(
    version: Version, kind: str, code: str, what: str, by: By, at: datetime, probability: float | None, model: str
) -> None:
    last = decisions_on(version).get((kind, code))
    if last and last.version_id == version.pk and last.person == by.person and last.what == what:
        return
    Decision.objects.create(
        version=version, kind=kind, code=code, what=what, person=by.person, at=at, probability=probability, model=model
    )
