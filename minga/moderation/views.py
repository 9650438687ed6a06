"""The moderators' pages: the queue, taking a submission, the sheet; and the secretariat's rules of a process."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minga.access.permissions import Role
from minga.accounts.guards import signed_in
from minga.actors import grants
from minga.actors.models import Actor
from minga.audit import changes as audit
from minga.design.answers import nothing_there
from minga.duplicates import hints
from minga.duplicates.candidates import of_version
from minga.moderation import changes, queries
from minga.moderation.criteria import criteria_for
from minga.moderation.models import Expertise, Mark, Outcome
from minga.registry import moves, standing
from minga.registry.models import Rules


@signed_in
def queue(request: HttpRequest) -> HttpResponse:
    """What a moderator may take, best fit first, and the sheets that she has open."""
    if not grants.processes_as(Role.MODERATOR):
        return nothing_there(request)
    proposals = queries.queue(request.person)
    owners = Actor.objects.in_bulk([each.owner for each in proposals])
    return render(request, "moderation/queue.html", {
        "proposals": [(each, owners.get(each.owner)) for each in proposals],
        "sheets": queries.open_sheets(request.person), "has_room": queries.has_room(request.person),
        "section": "moderation",
    })  # fmt: skip


@signed_in
@require_POST
def take(request: HttpRequest, version: int) -> HttpResponse:
    """Takes a submission, with the declaration that one has no conflict of interest."""
    if "no_conflict" not in request.POST:
        messages.error(request, _("Declare first that you have no conflict of interest."))
        return redirect("moderation")
    try:
        changes.take(version, by=request.person)
    except moves.NotThere:
        return nothing_there(request)
    return redirect("moderation-sheet", version)


@signed_in
@require_POST
def conflict(request: HttpRequest, version: int) -> HttpResponse:
    """Declares a conflict of interest."""
    try:
        changes.declare_conflict(version, request.POST.get("what", ""), by=request.person)
    except moves.NotThere:
        return nothing_there(request)
    messages.success(request, _("Noted. It will not be proposed to you again."))
    return redirect("moderation")


@signed_in
def sheet(request: HttpRequest, version: int) -> HttpResponse:
    """The sheet of criteria beside the text that is judged."""
    own = queries.sheet_of(request.person, version)
    if own is None:
        return nothing_there(request)
    problem, status = "", 200
    if request.method == "POST":
        own.marks, own.outcome = _marks(request, own.version.kind), request.POST.get("outcome", "")
        own.remark = request.POST.get("remark", "")
        file = "file" in request.POST
        try:
            state = changes.write_sheet(
                version, marks=own.marks, outcome=own.outcome if own.outcome in Outcome.values else "",
                remark=own.remark, file=file, by=request.person,
            )  # fmt: skip
            if file:
                messages.success(request, _("Filed. It is now: %(state)s.") % {"state": state.label})
                return redirect("moderation")
            messages.success(request, _("Saved. You can go on later."))
            return redirect("moderation-sheet", version)
        except moves.NotThere:
            return nothing_there(request)
        except moves.NotPossible as refusal:
            problem, status = str(refusal), 422
    audit.note(
        "record.read", subject=f"record:{own.version.record.public_id}", by_person=request.person,
        version=own.version.number,  # not for its owner to see: authors are not told who judges
    )  # fmt: skip
    lines = [(each, own.marks.get(each.code, {})) for each in criteria_for(own.version.kind)]
    page = standing.as_page(own.version) | {
        "alike": hints.hints_for(of_version(own.version)), "sheet": own, "lines": lines, "marks": Mark.choices, "outcomes": Outcome.choices, "problem": problem,
        "section": "moderation",
    }  # fmt: skip
    return render(request, "moderation/sheet.html", page, status=status)


def _marks(request: HttpRequest, kind: str) -> dict[str, dict[str, str]]:
    found = {}
    for each in criteria_for(kind):
        mark = request.POST.get(f"mark-{each.code}", "")
        remark = request.POST.get(f"remark-{each.code}", "").strip()
        if mark in Mark.values or remark:
            found[each.code] = {"mark": mark if mark in Mark.values else "", "remark": remark}
    return found


class ExpertiseForm(forms.Form):
    """What a moderator knows."""

    objectives = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Objectives that you know well"), coerce=int, required=False,
        choices=[(n, n) for n in range(1, 24)], widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages in which you judge"), choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    most_at_once = forms.IntegerField(
        label=gettext_lazy("How many submissions you take at once"), min_value=0, max_value=20
    )


@signed_in
def expertise(request: HttpRequest) -> HttpResponse:
    """What a moderator knows; submissions are proposed to her by it."""
    if not grants.processes_as(Role.MODERATOR):
        return nothing_there(request)
    known = Expertise.objects.filter(person=request.person).first() or Expertise(
        person=request.person, languages=[get_language()]
    )
    form = ExpertiseForm(
        request.POST or None,
        initial={"objectives": known.objectives, "languages": known.languages, "most_at_once": known.most_at_once},
    )
    if request.method == "POST" and form.is_valid():
        Expertise.objects.update_or_create(person=request.person, defaults=form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("moderation")
    return render(request, "moderation/form.html", {
        "form": form, "title": _("What you know"), "section": "moderation",
        "lead": _("Submissions on these objectives and in these languages are proposed to you first."),
    })  # fmt: skip


class RulesForm(forms.ModelForm):
    """How a process treats what is submitted to it."""

    class Meta:
        model = Rules
        fields = ("moderators_needed", "names_shown", "endorse_days", "moderate_days", "publish_days")
        labels = {
            "moderators_needed": gettext_lazy("Moderators who judge each submission (0: the secretariat decides)"),
            "names_shown": gettext_lazy("Authors see the moderators' names"),
            "endorse_days": gettext_lazy("Days for the endorsing office"),
            "moderate_days": gettext_lazy("Days for moderation"),
            "publish_days": gettext_lazy("Days for publishing"),
        }


@signed_in
def rules(request: HttpRequest, process: str) -> HttpResponse:
    """The rules of a process: its secretariat's to set."""
    found = Rules.objects.filter(
        process__slug=process, process__in=grants.processes_as(Role.SECRETARIAT)
    ).select_related("process").first()  # fmt: skip
    if found is None:
        return nothing_there(request)
    form = RulesForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.instance.save(update_fields=RulesForm.Meta.fields)  # the site may write these columns and no others
        audit.note("process.rules_changed", subject=f"actor:{process}", by_person=request.person, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("moderation-rules", process)
    return render(request, "moderation/form.html", {
        "form": form, "title": _("Rules of moderation"), "section": "moderation",
        "lead": found.process.names.get(get_language()) or found.process.slug,
    })  # fmt: skip
