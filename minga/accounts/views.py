"""Following an invitation, and forms that came too late."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters

from minga.accounts import inviting
from minga.accounts.forms import InvitationForm
from minga.accounts.guards import keep_what_was_typed
from minga.accounts.models import Person
from minga.audit import changes as audit


@sensitive_post_parameters("password", "again")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Sets the password of an invited person and signs her in; the second factor comes next."""
    now = timezone.now()
    try:
        found = inviting.find(token, at=now)
        person = Person.objects.get(pk=found.person_id)
        form = InvitationForm(
            request.POST or None, person=person, initial={"name": person.name, "language": get_language()}
        )
        if request.method == "POST" and form.is_valid():
            values = form.cleaned_data
            person = inviting.accept(
                token, name=values["name"], language=values["language"], password=values["password"], at=now
            )
            audit.note("person.accepted_invitation", subject=f"person:{person.pk}")
            # She has just chosen the password: it is not asked for again before the second factor is set up.
            record_authentication(request, person, method="password", reauthenticated=True)
            return perform_login(request, Login(user=person, email=person.email))
    except inviting.NotValid:
        return render(request, "accounts/invitation_ended.html", status=410)
    return render(request, "accounts/invitation.html", {"form": form, "email": person.email})


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose key is too old or missing: nothing is lost, it can be sent again."""
    return keep_what_was_typed(request, why="expired")
