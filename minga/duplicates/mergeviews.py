"""Pages of a merge: proposed by the secretariat, answered by the owners, undone; and what a merged record said before."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minga.access.permissions import Role
from minga.accounts.guards import signed_in
from minga.actors import grants
from minga.actors.models import Actor
from minga.audit.by import By
from minga.design.answers import nothing_there
from minga.duplicates import composing, consenting, deciding, merging
from minga.duplicates.models import Consent, Merge
from minga.duplicates.showing import whole
from minga.duplicates.views import note_reading
from minga.registry import queries, standing
from minga.registry.catalogue import Field
from minga.registry.lifecycle import LISTED
from minga.registry.models import Record, Version
from minga.registry.moves import NotPossible, NotThere
from minga.registry.paths import KINDS


@dataclass(frozen=True)
class Owner:
    """One owner of a merge, with its answer or whether it is asked of the reader."""

    actor: Actor
    answer: Consent | None
    is_asked: bool
    on_record: bool  # the secretariat answers for it


@signed_in
def look_up(request: HttpRequest) -> HttpResponse:
    """Leads from two records' numbers to the proposal of their merge."""
    numbers = [request.GET.get(name, "").strip().rstrip("/").split("/")[-1] for name in ("kept", "merged")]
    found = [queries.find_listed(number) for number in numbers]
    if not grants.processes_as(Role.SECRETARIAT):
        return nothing_there(request)
    if None in found or numbers[0] == numbers[1]:
        messages.error(request, _("Give the numbers or addresses of two different published records."))
        return redirect("duplicates")
    return redirect("merge-propose", *numbers)


@signed_in
def propose(request: HttpRequest, kept: str, merged: str) -> HttpResponse:
    """Field by field which record's value the one that stays will have; then both owners are asked."""
    versions = [queries.find_listed(public_id) for public_id in (kept, merged)]
    if None in versions or kept == merged or not grants.processes_as(Role.SECRETARIAT):
        return nothing_there(request)
    stays, goes = whole(*(each.pk for each in versions)).values()
    if stays.record.public_id != kept:
        stays, goes = goes, stays
    problem = ""
    if request.method == "POST":
        typed = {
            name.removeprefix("field-"): whose for name, whose in request.POST.items() if name.startswith("field-")
        }
        try:
            made = merging.propose(
                stays, goes, chosen=composing.cleaned(stays, goes, typed), reason=request.POST.get("reason", ""),
                by=By(person=request.person),
            )  # fmt: skip
            messages.success(request, _("Proposed. It waits in the owners' inboxes."))
            return redirect("merge", made.pk)
        except NotThere:
            return nothing_there(request)
        except NotPossible as refusal:
            problem = str(refusal)
    note_reading(request, stays, goes)
    language = get_language()
    return render(request, "duplicates/propose.html", {
        "kept": stays, "merged": goes, "problem": problem, "typed": request.POST, "section": "duplicates",
        "choices": [(each, request.POST.get(f"field-{each.field.name}", each.proposed))
                    for each in composing.choices(stays, goes)],
        "shown_kept": queries.shown_in(stays, language), "shown_merged": queries.shown_in(goes, language),
    }, status=422 if problem else 200)  # fmt: skip


@signed_in
def merge(request: HttpRequest, merge: int) -> HttpResponse:
    """Where a merge stands: what becomes of the two records, who has agreed, what the reader may do."""
    found = merging.find(merge)
    if found is None:
        return nothing_there(request)
    return _merge_page(request, found)


@signed_in
@require_POST
def answer(request: HttpRequest, merge: int) -> HttpResponse:
    """Agrees to a merge for an owner, or refuses with a reason."""
    found = merging.find(merge)
    if found is None:
        return nothing_there(request)
    try:
        state = consenting.answer(
            found, agrees=request.POST.get("answer") == "agree", reason=request.POST.get("reason", ""),
            by=By(person=request.person), at=timezone.now(),
        )  # fmt: skip
    except NotThere:
        return nothing_there(request)
    except NotPossible as refusal:
        return _merge_page(request, found, problem=str(refusal))
    said = {
        Merge.State.STANDING: _("Agreed. The two are one record now."),
        Merge.State.PROPOSED: _("Agreed. It waits for the other owner."),
    }
    messages.success(request, said.get(state, _("Refused. Both records stay as they are.")))
    return redirect("merge", found.pk)


@signed_in
@require_POST
def end(request: HttpRequest, merge: int) -> HttpResponse:
    """Calls a proposal off or undoes a merge, with a reason."""
    found = merging.find(merge)
    if found is None:
        return nothing_there(request)
    try:
        state = merging.end(found, reason=request.POST.get("reason", ""), by=By(person=request.person))
    except NotThere:
        return nothing_there(request)
    except NotPossible as refusal:
        return _merge_page(request, found, problem=str(refusal))
    undone = state == Merge.State.UNDONE
    messages.success(request, _("Undone. Both records stand by themselves.") if undone else _("Called off."))
    return redirect("merge", found.pk)


@signed_in
@require_POST
def write(request: HttpRequest, merge: int) -> HttpResponse:
    """Begins the draft of the text that was chosen, for whoever writes for the owner of the record that stays."""
    found = merging.find(merge)
    if found is None:
        return nothing_there(request)
    try:
        made = consenting.write_draft(found, by=By(person=request.person), at=timezone.now())
    except NotThere:
        return nothing_there(request)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("merge", found.pk)
    return redirect("work-record", made.record.public_id)


def _merge_page(request: HttpRequest, found: Merge, problem: str = "") -> HttpResponse:
    versions = whole(found.kept_version_id, found.merged_version_id)
    kept, merged = versions.get(found.kept_version_id), versions.get(found.merged_version_id)
    note_reading(request, *versions.values())
    records = merging.records_of(found)
    stays = Version.objects.filter(record=found.kept_id, state__in=LISTED).first()
    owners = _owners(found, records)
    return render(request, "duplicates/merge.html", {
        "merge": found, "kept": kept, "merged": merged, "records": records, "problem": problem, "typed": request.POST,
        "owners": owners, "asked": [each for each in owners if each.is_asked], "outcomes": _outcomes(found, kept, merged),
        "may_end": merging.may_end(found), "is_outdated": merging.is_outdated(found),
        "may_write": found.text == Merge.Text.WAITING and found.state == Merge.State.STANDING and stays is not None
        and stays.state == "published" and stays.owner_id in grants.written_actors(),
        "officers": deciding.officers([person for person in (found.proposed_by, found.ended_by) if person]),
        "is_secretariat": bool(grants.processes_as(Role.SECRETARIAT)), "section": "duplicates",
    }, status=422 if problem else 200)  # fmt: skip


def _owners(found: Merge, records: tuple[Record | None, Record | None]) -> list[Owner]:
    asked, answers = merging.asked(found), merging.consents_of(found)
    actors = {record.owner_id: record.owner for record in records if record}
    actors |= {pk: each.actor for pk, each in answers.items()}
    return [Owner(actor, answers.get(pk), pk in asked, asked.get(pk, False)) for pk, actor in actors.items()]


def _outcomes(found: Merge, kept: Version | None, merged: Version | None) -> list[tuple[Field, Any, Any, str]]:
    """The fields that the record that stays takes over: (field, its own value, the new one, whose it is)."""
    if kept is None or merged is None:
        return []
    return [
        (each.field, each.kept, each.outcome(found.chosen[each.field.name]), found.chosen[each.field.name])
        for each in composing.choices(kept, merged)
        if each.field.name in found.chosen
    ]


def before(request: HttpRequest, plural: str, public_id: str) -> HttpResponse:
    """What a record said before it was merged into another, for whoever could read it then."""
    went = merging.where_it_went(public_id)
    if went is None or KINDS[plural] != went.version.kind:
        return nothing_there(request)
    version = whole(went.version.pk)[went.version.pk]
    if getattr(request, "person", None):
        note_reading(request, version)
    target = queries.find_listed(went.kept.public_id) if went.kept else None
    return render(request, "duplicates/before.html", {
        **standing.as_page(version, original="original" in request.GET), "plural": plural, "went": went, "target": target,
    })  # fmt: skip
