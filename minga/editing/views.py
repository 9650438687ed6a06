"""The work on records: a list of one's own, the form in steps, where a record stands, its versions and differences."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minga.accounts.guards import signed_in
from minga.actors import grants
from minga.actors.models import Actor
from minga.audit import changes as audit
from minga.audit.by import By
from minga.design.answers import nothing_there
from minga.editing import alike, form, proposals
from minga.editing.formsteps import BY_CODE, STEPS
from minga.files import changes as files
from minga.matching import asking as matches
from minga.moderation import queries as moderation
from minga.registry import differences, drafts, moves, standing, telling
from minga.registry.kinds import MEANINGS, Kind
from minga.registry.lifecycle import EDITABLE, JUDGED, State
from minga.registry.models import Version, Visibility

A_PAGE = 30
# Steps that begin with a check of the whole draft.
SENDING = ("send", "endorse")


@signed_in
def work(request: HttpRequest) -> HttpResponse:
    """The records of one's own offices, by where they stand."""
    state = request.GET.get("state", "")
    found = telling.of_own_offices(state=state if state in State.values else "")
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "editing/work.html", {
        "page": page, "states": telling.states_of_own_offices(), "state": state, "section": "work",
        "may_write": bool(grants.written_actors()),
    })  # fmt: skip


@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Begins a record: what kind, for which office, in which language."""
    owners = list(Actor.objects.filter(pk__in=grants.written_actors()).order_by("slug"))
    if not owners:
        return nothing_there(request)
    if request.method == "POST":
        kind, language = request.POST.get("kind", ""), request.POST.get("language", "")
        owner = next((each for each in owners if each.slug == request.POST.get("owner", owners[0].slug)), None)
        behalf = request.POST.get("behalf", "").strip()
        known = standing.established_named(behalf) if behalf else None
        if behalf and known is None:
            messages.error(request, _("Nobody is known as: %(names)s. Use the name of a State or a body in the list of "
                                      "actors.") % {"names": behalf})  # fmt: skip
        elif kind in Kind.values and owner is not None and language in ("es", "en", "fr", "pt"):
            version = drafts.begin(
                kind=kind, owner=owner.pk, language=language, by=_by(request), at=timezone.now(),
                on_behalf_of=known if known != owner.pk else None,
            )  # fmt: skip
            return redirect("work-edit", version.record.public_id, STEPS[0].code)
        else:
            messages.error(request, _("Choose what kind of record it is."))
    return render(request, "editing/new.html", {
        "owners": owners, "kinds": [(kind, kind.label, MEANINGS[kind]) for kind in Kind],
        "language": get_language(), "behalf": request.POST.get("behalf", ""), "section": "work",
    }, status=422 if request.method == "POST" else 200)  # fmt: skip


@signed_in
def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where a record stands: who has it, since when, what comes next, what may be done."""
    versions = telling.versions_of(public_id)
    if not versions:
        return nothing_there(request)
    newest = versions[0]
    note_reading(request, newest)
    page = _where_it_stands(newest, versions) | proposals.beside(request, newest)
    page |= matches.asked_for(newest)
    return render(request, "editing/record.html", page)


def _where_it_stands(newest: Version, versions: list[Version]) -> dict:
    may_take = moves.steps_now(newest)
    listed = next((each for each in versions if each.is_listed and each != newest), None)
    return {
        "version": newest, "versions": versions, "record": newest.record,
        "standing": standing.of(newest), "steps": may_take, "listed": listed,
        "steps_of_listed": moves.steps_now(listed) if listed else [],
        "may_edit": newest.state in EDITABLE and newest.owner_id in grants.written_actors(),
        "may_begin_anew": standing.may_begin_anew(newest), "missing": drafts.missing(newest)
        if newest.state in EDITABLE else [],
        "set_aside": drafts.set_aside(newest), "remarks": moderation.remarks_on(newest),
        "behalf_name": standing.names_of([newest.on_behalf_of_id])[0] if standing.is_on_behalf(newest) else "",
        "letters": newest.attachments.filter(is_letter=True),
        "form_steps": STEPS, "first_step": STEPS[0].code, "section": "work",
    }  # fmt: skip


@signed_in
def edit(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """A step of the form. While one types it saves itself; without JavaScript the button saves."""
    found = drafts.own_draft(public_id)
    if found is None or step not in BY_CODE:
        return nothing_there(request)
    form_step = BY_CODE[step]
    if request.method != "POST":
        return render(request, "editing/form.html", _whole_form(request, found, form.show(found, form_step)))
    is_passing = "passing" in request.POST or "proposal" in request.POST
    try:
        saved = form.save(found, form_step, request.POST, by=_by(request), at=timezone.now(), is_passing=is_passing)
    except moves.NotThere:
        return nothing_there(request)
    shown = form.show(saved.version, form_step, saved)
    answer = request.POST.get("personal", "")
    if answer:
        form.settle_personal_data(saved.version, form_step, answer, by=_by(request), at=timezone.now())
        return redirect("work-edit", public_id, form_step.code)
    if "proposal" in request.POST:
        return proposals.answer_in_form(request, saved, form_step)
    if is_passing:
        return render(request, "editing/saved.html", _form_page(saved.version, shown))
    if shown.problems or saved.set_aside or (shown.personal and "anyway" not in request.POST):
        return render(request, "editing/form.html", _whole_form(request, saved.version, shown), status=422)
    return redirect(_after(request, public_id, form_step.code))


def _after(request: HttpRequest, public_id: str, step: str) -> str:
    """Where the pressed button leads: on, back, or to where the record stands."""
    codes = [each.code for each in STEPS]
    target = codes.index(step) + {"on": 1, "back": -1}.get(request.POST.get("go", "on"), len(codes))
    if 0 <= target < len(codes):
        return reverse("work-edit", args=[public_id, codes[target]])
    if request.POST.get("go") == "on":
        return reverse("work-readers", args=[public_id])
    return reverse("work-record", args=[public_id])


def _form_page(version: Version, shown: form.ShownStep) -> dict:
    codes = [each.code for each in STEPS]
    return {
        "version": version, "record": version.record, "shown": shown, "form_steps": STEPS, "step": shown.step,
        "number": codes.index(shown.step.code) + 1, "total": len(codes) + 1, "now": timezone.now(), "section": "work",
    }  # fmt: skip


def _whole_form(request: HttpRequest, version: Version, shown: form.ShownStep) -> dict:
    page = _form_page(version, shown) | alike.in_form(version, shown.step)
    return page | proposals.in_form(request, version, shown.step) | matches.asked_for(version)


@signed_in
def readers(request: HttpRequest, public_id: str) -> HttpResponse:
    """The last step of the form: who may read the record once it is published."""
    found = drafts.own_draft(public_id)
    if found is None:
        return nothing_there(request)
    problem, typed = "", {}
    if request.method == "POST":
        typed = request.POST
        names = [line.strip() for line in typed.get("audience", "").splitlines() if line.strip()]
        audience, unknown = standing.actors_named(names)
        visibility = typed.get("visibility", "")
        process = next((pk for pk, _name in standing.processes() if str(pk) == typed.get("process")), None)
        if unknown:
            problem = _("Nobody is known as: %(names)s. Use the name of a State or a body in the list of actors.") % {
                "names": ", ".join(unknown)}  # fmt: skip
        elif visibility in Visibility.values:
            try:
                drafts.choose_readers(found, visibility=visibility, process=process, audience=audience)
                return redirect("work-record", public_id)
            except moves.NotThere:
                return nothing_there(request)
            except moves.NotPossible as refusal:
                problem = str(refusal)
    return render(request, "editing/readers.html", {
        "version": found, "record": found.record, "problem": problem, "processes": standing.processes(),
        "visibility": typed.get("visibility", found.visibility), "form_steps": STEPS,
        "process": typed.get("process", str(found.process_id or "")), "section": "work",
        "audience": typed.get("audience", "\n".join(standing.names_of(found.audience))),
        "number": len(STEPS) + 1, "total": len(STEPS) + 1,
    }, status=422 if problem else 200)  # fmt: skip


@signed_in
@require_POST
def step(request: HttpRequest, public_id: str) -> HttpResponse:
    """Takes a step of the lifecycle, on the version and at the revision that the person read."""
    number, name = request.POST.get("version", ""), request.POST.get("step", "")
    found = _numbered(telling.versions_of(public_id), number)
    if found is None:
        return nothing_there(request)
    seen = request.POST.get("seen", "")
    try:
        if name in SENDING and found.state == State.DRAFT and (problems := drafts.missing(found)):
            for each in problems:
                messages.error(request, each.message)
            return redirect("work-record", public_id)
        state = moves.move(
            found, name, by=_by(request), reason=request.POST.get("reason", ""),
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else None,
        )  # fmt: skip
    except moves.NotThere:
        return nothing_there(request)
    except moves.NotPossible as problem:
        messages.error(request, str(problem))
        return _page_with_reason(request, public_id, name)
    messages.success(request, _("Done. It is now: %(state)s.") % {"state": state.label})
    return redirect(request.POST.get("then") if request.POST.get("then") == reverse("inbox")
                    else reverse("work-record", args=[public_id]))  # fmt: skip


def _page_with_reason(request: HttpRequest, public_id: str, name: str) -> HttpResponse:
    """The record's page again, with the reason that was typed."""
    versions = telling.versions_of(public_id)
    page = _where_it_stands(versions[0], versions)
    page |= {"typed_reason": request.POST.get("reason", ""), "failed_step": name}
    return render(request, "editing/record.html", page, status=422)


@signed_in
@require_POST
def anew(request: HttpRequest, public_id: str) -> HttpResponse:
    """Begins a new version; the published one stays up meanwhile."""
    versions = telling.versions_of(public_id)
    if not versions or versions[0].owner_id not in grants.written_actors():
        return nothing_there(request)
    try:
        begun = drafts.begin_anew(versions[0].record, by=_by(request), at=timezone.now())
        files.carry_over(versions[0], begun)
    except moves.NotThere:
        return nothing_there(request)
    except moves.NotPossible as problem:
        messages.error(request, str(problem))
        return redirect("work-record", public_id)
    return redirect("work-edit", public_id, STEPS[0].code)


@signed_in
def version(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """One version as its readers see it."""
    versions = telling.versions_of(public_id)
    found = _numbered(versions, number)
    if found is None:
        return nothing_there(request)
    note_reading(request, found)
    return render(request, "editing/version.html", standing.as_page(found) | {"versions": versions, "section": "work"})


@signed_in
def changes(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """What a version changes against an earlier one (?from=), in words."""
    versions = telling.versions_of(public_id)
    found = _numbered(versions, number)
    if found is None:
        return nothing_there(request)
    earlier = [each for each in versions if each.number < number]
    asked = request.GET.get("from", "")
    old = _numbered(earlier, asked)
    old = old or differences.worth_comparing(found, versions)
    note_reading(request, found)
    return render(request, "editing/changes.html", {
        "version": found, "record": found.record, "old": old, "earlier": earlier,
        "changes": differences.between(old, found), "steps": moves.steps_now(found), "section": "work",
    })  # fmt: skip


def note_reading(request: HttpRequest, version: Version) -> None:
    """Who read what is not public stands in the trail."""
    if not version.is_public:
        audit.note(
            "record.read", subject=f"record:{version.record.public_id}", by_person=request.person,
            owner_actor=None if version.state in JUDGED else version.owner_id, version=version.number,
        )  # fmt: skip


def _numbered(versions: list[Version], number: int | str) -> Version | None:
    """The version of a number, as it stands in an address or a form."""
    return next((each for each in versions if str(each.number) == str(number)), None)


def _by(request: HttpRequest) -> By:
    return By(person=request.person)
