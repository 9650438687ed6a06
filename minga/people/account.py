"""A person's own account: how the site speaks to her, her roles, what is held about her, handing over, leaving."""

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minga.accounts.forms import PreferencesForm
from minga.accounts.guards import signed_in
from minga.accounts.models import Profile
from minga.actors.models import Grant
from minga.audit import changes as audit
from minga.audit.by import By
from minga.people import closing, holding, listing


@signed_in
def overview(request: HttpRequest) -> HttpResponse:
    """Her name, language, mail, roles, and where the rest is."""
    me = Profile.objects.get(pk=request.person)
    form = PreferencesForm(
        request.POST or None, initial={"name": me.name, "language": me.language, "digest": me.digest}
    )
    if request.method == "POST" and form.is_valid():
        Profile.objects.filter(pk=me.pk).update(**form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("account")
    grants = listing.everybody().get(pk=request.person).grants.all()
    return render(request, "people/account.html", {
        "form": form, "me": me, "grants": grants, "section": "account",
        "may_hand_over": any(grant.process_id is None and grant.role != "administrator" for grant in grants),
    })  # fmt: skip


@signed_in
def take_away(request: HttpRequest) -> HttpResponse:
    """All that is held about her, as one file."""
    response = JsonResponse(holding.about(request.person), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="minga-my-data.json"'
    return response


@reauthentication_required
@signed_in
def erase(request: HttpRequest) -> HttpResponse:
    """Removes what is held about her for good, after she has confirmed who she is."""
    if request.method == "POST" and "sure" in request.POST:
        me = Profile.objects.get(pk=request.person)
        # Signed out first: that goes through the connection of sign-in, which would wait for this one's locks.
        logout(request)
        closing.erase(me, by=By(person=me.pk))
        return redirect("home")
    return render(request, "people/erase.html", {"section": "account"})


class HandOverForm(forms.Form):
    """Who takes one's work over."""

    successor = forms.ModelChoiceField(label=gettext_lazy("Your successor"), queryset=Profile.objects.none())

    def __init__(self, *args, person: int, **kwargs):
        super().__init__(*args, **kwargs)
        # Whoever she may see: colleagues of her offices. A newcomer is invited first, with any role of the office.
        colleagues = Profile.objects.filter(erased_at=None).exclude(pk=person).order_by("name")
        mine = Grant.objects.filter(person_id=person).values("actor")
        self.fields["successor"].queryset = colleagues.filter(grants__actor__in=mine).distinct()


@signed_in
def hand_over(request: HttpRequest) -> HttpResponse:
    """Hands one's work over in one act: the successor gets every role of one's offices, and one's own end."""
    form = HandOverForm(request.POST or None, person=request.person)
    if request.method == "POST" and form.is_valid():
        successor = form.cleaned_data["successor"]
        with connection.cursor() as cursor:
            cursor.execute("select actors_hand_over(%s)", [successor.pk])
            number = cursor.fetchone()[0]
        audit.note("person.handed_over", subject=f"person:{successor.pk}", by_person=request.person, roles=number)
        messages.success(request, _("Done: %(name)s has your work now.") % {"name": successor.name})
        return redirect("account")
    return render(request, "people/hand_over.html", {"form": form, "section": "account"})
