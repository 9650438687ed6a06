"""The inbox: one list of what waits, each line doable from the line."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from minga.accounts.guards import signed_in
from minga.design.answers import nothing_there
from minga.duplicates import inviting
from minga.inbox.lines import waiting_for
from minga.registry.moves import NotThere, steps_now

FROM_THE_LINE = {"endorse": ("endorse", "return"), "adopt": ("adopt",), "submit": ("submit",), "publish": ("publish",)}


@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for the person who is signed in."""
    lines = [
        (line, [step for step in steps_now(line.version) if step.name in FROM_THE_LINE[line.task]]
         if line.task in FROM_THE_LINE else [])
        for line in waiting_for(request.person)
    ]  # fmt: skip
    return render(request, "inbox/inbox.html", {"lines": lines, "section": "inbox"})


@signed_in
@require_POST
def seen(request: HttpRequest, invitation: int) -> HttpResponse:
    """Takes off the list what another office told."""
    try:
        inviting.see(invitation)
    except NotThere:
        return nothing_there(request)
    return redirect("inbox")
