"""Records that change hands: a maker says that one is hers, and whoever keeps it answers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minga.accounts.guards import signed_in
from minga.audit.by import By
from minga.design.answers import nothing_there
from minga.registry import owners, queries
from minga.registry.models import Claim
from minga.registry.moves import NotPossible, NotThere


@signed_in
def claim(request: HttpRequest, public_id: str) -> HttpResponse:
    """Says that a published record is one's own office's."""
    version = queries.find_listed(public_id)
    claimants = owners.claimants_of(version) if version else []
    if not claimants:
        return nothing_there(request)
    if request.method == "POST":
        chosen = request.POST.get("actor", claimants[0].slug)
        claimant = next((each for each in claimants if each.slug == chosen), claimants[0])
        try:
            owners.claim(
                version.record, claimant=claimant.pk, note=request.POST.get("note", ""), by=By(person=request.person)
            )
        except NotThere:
            return nothing_there(request)
        messages.success(
            request, _("Whoever keeps the record was asked. You will find it in your inbox once it is yours.")
        )
        return redirect("work-claim", public_id)
    claims = owners.claims_on(version.record)
    waiting = [each for each in claims if each.is_granted is None]
    refused = [each for each in claims if each.is_granted is False]
    return render(request, "editing/claim.html", {
        "version": version, "record": version.record, "claimants": claimants, "waiting": waiting, "refused": refused,
        "section": "work",
    })  # fmt: skip


@signed_in
@require_POST
def answer(request: HttpRequest, claim: int) -> HttpResponse:
    """Hands a record over to whoever claims it, or refuses with a reason."""
    found = Claim.objects.select_related("record", "actor").filter(pk=claim).first()
    if found is None:
        return nothing_there(request)
    try:
        owners.answer(
            found, grant=request.POST.get("answer") == "grant", reason=request.POST.get("reason", ""),
            by=By(person=request.person),
        )  # fmt: skip
    except NotThere:
        return nothing_there(request)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("inbox")
    messages.success(request, _("Answered."))
    return redirect("inbox")
