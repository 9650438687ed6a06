"""While somebody writes: what is recorded already that looks the same or overlaps, why, and what she says to it.

A part of the form's page. With JavaScript it is asked for anew at each pause, with what stands in the form then; else it
is that of the last save. What is written is compared on this machine and kept by nobody.
"""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minga.accounts.guards import signed_in
from minga.actors import grants
from minga.actors.names import in_language
from minga.design.answers import nothing_there
from minga.duplicates import deciding, hints, inviting
from minga.duplicates.candidates import Candidate, of_values
from minga.duplicates.hints import Hint
from minga.duplicates.models import Verdict
from minga.editing import widgets
from minga.editing.formsteps import FormStep
from minga.registry import drafts, moves, owners
from minga.registry.catalogue import fields_of
from minga.registry.models import Record, Version
from minga.registry.queries import find_record

STEPS = ("what", "where", "story")  # that hold what is compared


def in_form(version: Version, step: FormStep) -> dict[str, Any]:
    """What the form's page needs; nothing in steps that ask for other things.

    Args:
        version: the draft, as it is saved.
        step: of the form.
    """
    return _page(version, of_draft(version), step.code) if step.code in STEPS else {}


@signed_in
def alike(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """What the draft may repeat as it stands in the form now, as a part of a page."""
    found = drafts.own_draft(public_id)
    if found is None or step not in STEPS:
        return nothing_there(request)
    if not request.htmx:
        return redirect(_back(public_id, step))
    page = _page(found, of_draft(found, request), step) | {"is_part": True}
    return render(request, "editing/alike_records.html", page)


@signed_in
@require_POST
def answer(request: HttpRequest, public_id: str, step: str, other: str) -> HttpResponse:
    """What she says of her draft and a record: the same, overlapping, different."""
    found, of_record = drafts.own_draft(public_id), find_record(other)
    if found is None or of_record is None or step not in STEPS:
        return nothing_there(request)
    told, problem = "", ""
    try:
        told = _keep(request, found, of_record)
    except moves.NotThere:
        return nothing_there(request)
    except moves.NotPossible as refusal:
        problem = str(refusal)
    if not request.htmx:
        (messages.error if problem else messages.success)(request, problem or told)
        return redirect(_back(public_id, step))
    page = _page(found, of_draft(found), step) | {"is_part": True, "told": told, "problem": problem}
    return render(request, "editing/alike_records.html", page)


@transaction.atomic
def _keep(request: HttpRequest, draft: Version, record: Record) -> str:
    """Keep her answer, and tell the other office if she chose to; returns what was done.

    Raises:
        NotThere, NotPossible: see `deciding.decide` and `inviting.invite`.
    """
    verdict, reason = request.POST.get("verdict", ""), request.POST.get("reason", "")
    invites = verdict == Verdict.OVERLAPPING and "invite" in request.POST
    probability = hints.probability_of(of_draft(draft), record.pk)
    deciding.decide(
        draft.record_id, record.pk, verdict, reason or (_("Its office was told.") if invites else ""), request.person,
        probability=probability,
    )  # fmt: skip
    if invites:
        inviting.invite(draft, record, reason, by=request.person)
        return _("Noted, and told to the office that keeps that record.")
    return _told(verdict)


def of_draft(version: Version, request: HttpRequest | None = None) -> Candidate:
    """A draft as it is compared: as it is saved, or as it stands in the form.

    Args:
        version: the draft.
        request: with the form.
    """
    values = drafts.typed_values(version)
    if request is not None:
        for each in fields_of(version.kind):
            if widgets.is_in(each, request.POST):
                values[each.name] = widgets.read(each, request.POST)
    return of_values(values, kind=version.kind, record=version.record_id)


def _page(version: Version, candidate: Candidate, step: str) -> dict[str, Any]:
    told = hints.hints_for(candidate)
    public_id = version.record.public_id
    return {
        "alike": told, "alike_hints": [_shown(each, public_id, step) for each in told.open],
        "alike_answered": [_shown(each, public_id, step) for each in told.answered],
        "alike_address": reverse("work-alike", args=[public_id, step]), "version": version, "record": version.record,
        "own_office": in_language(version.owner.names, get_language())[0],
    }  # fmt: skip


def _shown(each: Hint, public_id: str, step: str) -> dict[str, Any]:
    """A hint with where its record is worked on, if she may, and where her answer goes."""
    other = each.match.version
    return {
        "it": each, "other": other,
        "is_own": other.owner_id in grants.written_actors(), "may_claim": bool(owners.claimants_of(other)),
        "owner_name": in_language(other.owner.names, get_language())[0],
        "answer_address": reverse("work-alike-answer", args=[public_id, step, other.record.public_id]),
        "verdict": Verdict(each.answer.verdict).label if each.answer else "",
    }  # fmt: skip


def _back(public_id: str, step: str) -> str:
    return reverse("work-edit", args=[public_id, step]) + "#alike"


def _told(verdict: str) -> str:
    """What became of her answer."""
    return {
        Verdict.SAME: _("Noted: the same. Open that record and go on there; the secretariat sees that both exist."),
        Verdict.OVERLAPPING: _("Noted: the two overlap."),
        Verdict.DIFFERENT: _("Noted: different efforts. You are not asked again while both texts stay what they are."),
    }[Verdict(verdict)]
