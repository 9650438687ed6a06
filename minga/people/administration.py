"""The administrator's pages: people and roles, mail that waits, the trail."""

from datetime import date

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from minga.access.permissions import MEANINGS, Role
from minga.accounts.guards import proven, signed_in
from minga.accounts.models import Profile
from minga.actors import grants
from minga.actors.models import Actor, Standing
from minga.actors.names import in_language
from minga.actors.queries import PROCESS_KINDS
from minga.audit import changes as audit
from minga.audit.by import By
from minga.audit.models import Entry
from minga.design.answers import nothing_there
from minga.design.context import site_address
from minga.notifications.models import Mail
from minga.people import closing, listing
from minga.people.inviting import CannotGrant, end_role, give_role, invite

A_PAGE = 50


class RoleForm(forms.Form):
    """A role for somebody."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role)
    actor = forms.CharField(
        label=gettext_lazy("For whom"), max_length=200,
        help_text=gettext_lazy("The office or institution: a State, an agency, a city, a network; its name or short name."),
    )  # fmt: skip
    process = forms.ModelChoiceField(
        label=gettext_lazy("In which process"), required=False, queryset=Actor.objects.none(),
        help_text=gettext_lazy("For moderators and secretariats."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["process"].queryset = Actor.objects.filter(kind__in=PROCESS_KINDS, standing=Standing.ESTABLISHED)
        self.fields["process"].label_from_instance = lambda actor: in_language(actor.names, get_language())[0]

    def clean_actor(self) -> Actor:
        """The one actor that the text certainly means."""
        from minga.actors.resolving import Resolver

        text = self.cleaned_data["actor"].strip()
        found = Actor.objects.filter(slug=text.lower()).first()
        if found is None and (known := Resolver().resolve(text).actor):
            found = Actor.objects.filter(pk=known).first()
        if found is None:
            raise forms.ValidationError(
                _("No single actor is known by this name. Use its short name, as in its address.")
            )
        return found


class InvitationForm(RoleForm):
    """Somebody new, with a role."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    language = forms.ChoiceField(label=gettext_lazy("Language of pages and mail"), choices=settings.LANGUAGES)
    field_order = ("email", "name", "language", "role", "actor", "process")


def for_administrators(view):
    """Nothing is there for anybody else."""

    proven_view = proven(view)

    @signed_in
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not grants.is_administrator():
            return nothing_there(request)
        return proven_view(request, *args, **kwargs)

    return guarded


@for_administrators
def people(request: HttpRequest) -> HttpResponse:
    """Who is here, and inviting more."""
    form = InvitationForm(request.POST or None, initial={"language": get_language()})
    link = ""
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            invited = invite(
                email=values["email"], name=values["name"], language=values["language"], role=Role(values["role"]),
                actor=values["actor"], process=values["process"], by=By(person=request.person), on=_today(),
                site=site_address(request),
            )  # fmt: skip
            link = site_address(request) + invited.path if invited.token else ""
            text = _("Invited. The link is in the mail; without a mail server, give it to her by another way.")
            messages.success(request, text if link else _("She has the role now."))
            form = InvitationForm(initial={"language": get_language()})
        except CannotGrant as problem:
            form.add_error("actor", str(problem))
    page = Paginator(listing.everybody(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "people/people.html", {
        "form": form, "page": page, "link": link, "meanings": [(role.label, MEANINGS[role]) for role in Role],
        "section": "administration",
    }, status=422 if form.errors else 200)  # fmt: skip


@for_administrators
def person(request: HttpRequest, person: int) -> HttpResponse:
    """One person: her roles, and ending her access or her factors."""
    found = listing.everybody().filter(pk=person).first()
    if found is None:
        return nothing_there(request)
    form = RoleForm(request.POST if "give" in request.POST else None)
    by = By(person=request.person)
    if request.method == "POST":
        done = _act_on(request, found, form, by)
        if done:
            messages.success(request, done)
            return redirect("person", person)
    return render(request, "people/person.html", {
        "found": found, "form": form, "section": "administration", "is_me": found.pk == request.person,
    }, status=422 if form.errors else 200)  # fmt: skip


def _act_on(request: HttpRequest, found: Profile, form: RoleForm, by: By) -> str:
    """Do what the pressed button says; returns what was done."""
    if "end" in request.POST:
        grant = found.grants.filter(pk=request.POST["end"] if request.POST["end"].isdigit() else 0).first()
        if grant:
            end_role(grant, by=by, on=_today())
            return _("The role has ended.")
    elif "give" in request.POST and form.is_valid():
        values = form.cleaned_data
        try:
            give_role(found, role=Role(values["role"]), actor=values["actor"], process=values["process"], by=by,
                      on=_today())  # fmt: skip
            return _("The role is given.")
        except CannotGrant as problem:
            form.add_error("actor", str(problem))
    elif "disable" in request.POST:
        closing.disable(found, by=by)
        return _("She may no longer sign in, and her sessions have ended.")
    elif "reset" in request.POST:
        path = closing.reset(found, by=by, site=site_address(request))
        return _("Both factors have ended. The link to set them anew: %(link)s") % {
            "link": site_address(request) + path
        }
    elif "erase" in request.POST:
        closing.erase(found, by=by)
        return ""
    return ""


@for_administrators
def outbox_page(request: HttpRequest) -> HttpResponse:
    """Mail: what was sent, what waits, what could not be sent."""
    page = Paginator(Mail.objects.all(), A_PAGE).get_page(request.GET.get("page"))
    audit.note("outbox.read", by_person=request.person)
    return render(request, "people/outbox.html", {
        "page": page, "has_server": bool(settings.MAIL_SERVER), "section": "administration",
    })  # fmt: skip


@for_administrators
def trail(request: HttpRequest) -> HttpResponse:
    """Who saw or changed a record, or a person's rights: by the subject that is asked for."""
    record, act = request.GET.get("record", "").strip()[:20], request.GET.get("act", "").strip()[:80]
    entries = Entry.objects.all()
    if record:
        entries = entries.filter(subject=f"record:{record}")
    if act:
        entries = entries.filter(act__startswith=act)
    page = Paginator(entries, A_PAGE).get_page(request.GET.get("page"))
    people = Profile.objects.in_bulk({entry.by_person for entry in page.object_list if entry.by_person})
    return render(request, "people/trail.html", {
        "page": page, "record": record, "act": act, "section": "administration",
        "entries": [(entry, people.get(entry.by_person)) for entry in page.object_list],
    })  # fmt: skip


def _today() -> date:
    return timezone.localdate()
