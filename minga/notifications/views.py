"""What administrators do with mail. The page that lists it is among theirs (people/administration.py)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minga.accounts.guards import signed_in
from minga.actors import grants
from minga.audit import changes as audit
from minga.design.answers import nothing_there
from minga.notifications import outbox


@signed_in
@require_POST
def send_again(request: HttpRequest, mail: int) -> HttpResponse:
    """Try a message anew that was given up."""
    if not grants.is_administrator() or not outbox.send_again(mail):
        return nothing_there(request)
    audit.note("mail.sent_again", by_person=request.person, mail=mail)
    messages.success(request, _("It is sent again within a minute."))
    return redirect("outbox")
