"""Proposals of objectives and principles: beside the form's step where they are chosen, and where a draft stands.

In the form, an answer is a button of the form itself: what else was chosen is sent and saved with it. With JavaScript the
answer changes the page in place, else it comes back to it.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from minga.accounts.guards import signed_in
from minga.actors import grants
from minga.audit.by import By
from minga.classification import deciding, proposing
from minga.classification.training import KINDS
from minga.design.answers import nothing_there
from minga.editing import form
from minga.editing.formsteps import BY_CODE, FormStep
from minga.registry import drafts, moves
from minga.registry.lifecycle import EDITABLE
from minga.registry.models import Version
from minga.vocabularies import queries as vocabularies

STEP = "compact"
MOST_LOOKS = 5  # so often the page looks again by itself while the encoder is away
SCHEMES = {"objectives": "gcm-objectives", "principles": "gcm-principles"}


def in_form(request: HttpRequest, version: Version, step: FormStep) -> dict[str, Any]:
    """What the form's page needs of proposals; nothing in steps that ask for other things."""
    return _page(version, is_in_form=True, looks=_looks(request)) if step.code == STEP else {}


def beside(request: HttpRequest, version: Version) -> dict[str, Any]:
    """What the page needs on which a draft stands: proposals, as long as it has no objectives or no principles.

    Args:
        request: with `proposals` when she is answering them: then the rest stays.
        version: the newest that the person reads.
    """
    is_asked = "proposals" in request.GET
    is_hers = version.state in EDITABLE and version.owner_id in grants.written_actors()
    has_all = bool(version.objectives and version.principles)
    return _page(version, is_in_form=False, looks=_looks(request)) if is_hers and (is_asked or not has_all) else {}


@signed_in
def proposals(request: HttpRequest, public_id: str) -> HttpResponse:
    """The proposals for a draft as a part of a page, looked for again; and an answer that is given outside the form."""
    found = drafts.own_draft(public_id)
    if found is None:
        return nothing_there(request)
    told = ""
    if request.method == "POST":
        answered = _answer(request, found)
        if answered is None:
            return nothing_there(request)
        found, told = answered
    is_in_form = request.GET.get("in") == "form"
    if not request.htmx:
        return redirect(reverse("work-record", args=[public_id]) + "?proposals=1#proposals")
    page = _page(found, is_in_form=is_in_form, told=told, looks=_looks(request))
    return render(request, "editing/proposals.html", page | {"version": found, "record": found.record})


def answer_in_form(request: HttpRequest, saved: drafts.Saved, step: FormStep) -> HttpResponse:
    """An answer that came with the form, which is saved already.

    Args:
        request: with `proposal`.
        saved: what became of the form.
        step: of the form.
    """
    answered = _answer(request, saved.version)
    if answered is None:
        return nothing_there(request)
    version, told = answered
    if not request.htmx:
        return redirect(reverse("work-edit", args=[version.record.public_id, step.code]) + "#proposals")
    shown = form.show(version, step, saved)
    kind, code = deciding.read_label(_label(request))
    page = _page(version, is_in_form=True, told=told) | {
        "version": version, "record": version.record, "shown": shown, "now": timezone.now(),
        "changed": next(each for each in shown.inputs if each.field.name == kind), "changed_code": code,
    }  # fmt: skip
    return render(request, "editing/answered.html", page)


def _answer(request: HttpRequest, version: Version) -> tuple[Version, str] | None:
    """Do what the pressed button says; returns the draft and what was done, None where there is nothing to answer."""
    choice, _colon, _rest = request.POST.get("proposal", "").partition(":")
    label = deciding.read_label(_label(request))
    if label is None or choice not in ("confirm", "reject"):
        return None
    try:
        saved = deciding.answer(
            version, *label, belongs=choice == "confirm", by=By(person=request.person), at=timezone.now()
        )
    except moves.NotThere:
        return None
    name = {"label": label_of(*label)}
    if choice == "confirm":
        return saved.version, _("Marked in the record: %(label)s.") % name
    return saved.version, _("Not proposed again for this text: %(label)s.") % name


def _looks(request: HttpRequest) -> int:
    """How often the page has looked for proposals already."""
    sent = request.GET.get("looks", "")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 3 else 0


def _label(request: HttpRequest) -> str:
    return request.POST.get("proposal", "").partition(":")[2]


def label_of(kind: str, code: str) -> str:
    """A label as people call it: "8. Saving lives", "Human rights"."""
    if kind == "objectives":
        name = vocabularies.label(SCHEMES[kind], vocabularies.objective_code(int(code)), get_language())
        return f"{code}. {name}"
    return vocabularies.label(SCHEMES[kind], code, get_language())


def _page(version: Version, *, is_in_form: bool, told: str = "", looks: int = 0) -> dict[str, Any]:
    found = proposing.proposals_for(version, is_patient=looks > 0)
    public_id = version.record.public_id
    own = reverse("work-proposals", args=[public_id])
    return {
        "proposals": found, "told": told, "is_in_form": is_in_form,
        "answer_form": "record-form" if is_in_form else "proposals-form",
        "answer_address": reverse("work-edit", args=[public_id, STEP]) if is_in_form else own,
        "page_address": (reverse("work-edit", args=[public_id, STEP]) + "?looks=1" if is_in_form
                         else reverse("work-record", args=[public_id]) + "?proposals=1&looks=1"),
        "look_address": f"{own}?in={'form' if is_in_form else 'record'}&looks={looks + 1}", "looks_on": looks < MOST_LOOKS,
        "is_first_look": not looks,
        "groups": [(kind, _of_kind(kind), [_shown(each) for each in found.open.get(kind, [])]) for kind in KINDS],
        "refused_labels": [_shown(each) for each in found.refused],
        "choosing_step": BY_CODE[STEP],
    }  # fmt: skip


def _of_kind(kind: str) -> str:
    return {"objectives": _("Objectives of the Compact"), "principles": _("Guiding principles")}[kind]


def _shown(each: proposing.Proposed) -> dict[str, Any]:
    """A proposal with what its label is called and is about, in the reader's language."""
    code = vocabularies.objective_code(int(each.code)) if each.kind == "objectives" else each.code
    about = vocabularies.glosses(SCHEMES[each.kind], get_language()).get(code, "")
    return {"it": each, "label": label_of(each.kind, each.code), "about": about}
