"""Pages for people who are signed in."""

import time
from collections.abc import Callable
from functools import wraps

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

NEVER_SHOWN = ("csrfmiddlewaretoken", "password", "oldpassword", "again", "code", "credential")


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Send others to sign in; what they had typed is kept, since their session may have ended while they typed."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if getattr(request, "person", None) is not None:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            return keep_what_was_typed(request, why="signed_out")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")

    guarded.is_for_signed_in = True
    return guarded


def proven(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask whoever acts for others to say again who she is, when she last did so more than an hour ago."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if has_proven_herself(request):
            return view(request, *args, **kwargs)
        if request.method == "POST":
            return keep_what_was_typed(request, why="unproven")
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")

    return guarded


def has_proven_herself(request: HttpRequest) -> bool:
    """Whether the person showed a factor in this session within the time that a proof lasts."""
    shown = get_authentication_records(request, request.user)
    return bool(shown) and time.time() - shown[-1]["at"] < settings.PROOF_LASTS


def _is_ours(request: HttpRequest) -> bool:
    """Whether a page of this site sent the form: what another site sends is not offered to be sent again."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def keep_what_was_typed(request: HttpRequest, *, why: str) -> HttpResponse:
    """A page that holds what a refused form carried, to be sent again with one press.

    Args:
        request: the refused one.
        why: "signed_out", "unproven" (she has to say again who she is) or "expired".
    """
    if not _is_ours(request):
        return render(request, "accounts/form_foreign.html", status=403)
    typed = [
        (name, value) for name, values in request.POST.lists() for value in values if not name.startswith(NEVER_SHOWN)
    ]
    page = {"typed": typed, "why": why, "address": request.get_full_path()}
    return render(request, "accounts/form_expired.html", page, status=403)
