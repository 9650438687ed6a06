"""One step of the form: shown from a draft, and saved into it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import QueryDict

from minga.audit.by import By
from minga.classification import deciding
from minga.classification.training import KINDS as LABELS
from minga.editing import widgets
from minga.editing.formsteps import FormStep
from minga.editing.widgets import Input
from minga.registry import drafts, personal
from minga.registry.checking import Known, Refused, read_value
from minga.registry.knowing import what_is_known_for_a_while
from minga.registry.models import Version
from minga.registry.personal import Found


@dataclass
class ShownStep:
    """A step as the page shows it."""

    step: FormStep
    inputs: list[Input]
    saved: drafts.Saved | None = None
    problems: list[tuple[str, str, str]] = field(default_factory=list)  # id of the control, label, message
    personal: list[Found] = field(default_factory=list)  # to be removed or marked


def show(version: Version, step: FormStep, saved: drafts.Saved | None = None) -> ShownStep:
    """A step with what the draft holds, and what of the last save is to be mended."""
    values = drafts.typed_values(version)
    messages = _messages(version, step)
    set_aside: dict[str, Any] = saved.set_aside if saved else {}
    inputs = [
        widgets.input_of(each, values.get(each.name), problem=messages.get(each.name, ""),
                         set_aside=set_aside.get(each.name))
        for each in step.fields_for(version.kind)
    ]  # fmt: skip
    problems = [(one.id, str(one.field.label), one.problem) for one in inputs if one.problem]
    names = set(step.fields)
    found = [each for each in personal.in_values(values) if each.field.name in names]
    return ShownStep(step, inputs, saved, problems, found)


def settle_personal_data(version: Version, step: FormStep, answer: str, *, by: By, at: datetime) -> None:
    """Do what the person chose about personal data in a field of a step.

    Args:
        version: the draft.
        step: which fields.
        answer: "remove:FIELD" or "keep:FIELD".
        by: who chose.
        at: when.

    Raises:
        NotThere: it is no draft that this person may change.
    """
    choice, _colon, name = answer.partition(":")
    values = drafts.typed_values(version)
    if name not in step.fields:
        return
    if choice == "keep":
        texts = [each.text for each in personal.in_values(values) if each.field.name == name]
        drafts.keep_as_institutional(version, texts)
    elif choice == "remove":
        cleaned = personal.removed(values.get(name), values.get("countries") or [])
        base = {name: drafts.mark_of(name, values.get(name))}
        drafts.save(version, {name: cleaned}, base, known=what_is_known_for_a_while(), by=by, at=at)


def _messages(version: Version, step: FormStep) -> dict[str, str]:
    """What is wrong with values that could not be read, found again from what was typed."""
    found = {}
    known = what_is_known_for_a_while()
    for each in step.fields_for(version.kind):
        if each.name in version.unread:
            try:
                read_value(each, version.unread[each.name], known)
            except Refused as refused:
                found[each.name] = refused.problem.message
    return found


def save(
    version: Version, step: FormStep, posted: QueryDict, *, by: By, at: datetime, is_passing: bool
) -> drafts.Saved:
    """Save a step that was sent.

    Args:
        version: the draft.
        step: which fields.
        posted: the form, each field with the mark of the value that it was opened with.
        by: who saves.
        at: when.
        is_passing: saved while typing.
    """
    known: Known = what_is_known_for_a_while()
    fields = [each for each in step.fields_for(version.kind) if widgets.is_in(each, posted)]
    typed = {each.name: widgets.read(each, posted) for each in fields}
    base = {each.name: posted[f"{each.name}-was"] for each in fields}
    if not is_passing:  # names that were only typed so far become actors now
        typed |= {name: raw for name, raw in version.unread.items() if name not in typed}
    before = drafts.typed_values(version)
    saved = drafts.save(version, typed, base, known=known, by=by, at=at, is_passing=is_passing)
    after = drafts.typed_values(saved.version)
    for kind in LABELS.keys() & typed.keys() - saved.set_aside.keys():
        deciding.note_choices(saved.version, kind, before.get(kind) or [], after.get(kind) or [], by=by, at=at)
    return saved
