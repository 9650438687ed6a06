"""Who is signed in, and whether that still holds: before anything of the registry is read."""

import time

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from minga.accounts import demonstration

# What somebody without a second factor may open, so that she can set one up.
WITHOUT_SECOND_FACTOR = {
    "mfa_activate_totp", "mfa_add_webauthn", "mfa_index", "mfa_reauthenticate", "account_reauthenticate",
    "mfa_reauthenticate_webauthn", "account_logout", "mfa_list_webauthn",
}  # fmt: skip


class SignedIn:
    """Ends sessions that are too old or not allowed, and asks for the second factor that everybody needs.

    `request.person` is the person's id when she is fully signed in, else None: the database is told of nobody else.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.person = None
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self.get_response(request)
        ended = _why_ended(request)
        if ended:
            logout(request)
            messages.info(request, ended)
        elif not _has_second_factor(request):
            if _name_of(request.path) not in WITHOUT_SECOND_FACTOR:
                return redirect("mfa_activate_totp")
        else:
            request.person = request.user.pk
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)  # what one person saw stays in no cache
        return response


def _why_ended(request: HttpRequest) -> str:
    if request.user.is_demonstration and not demonstration.is_open_to(request):
        return _("Demonstration accounts work on the machine itself only.")
    begun = request.session.setdefault("begun", time.time())
    if time.time() - begun > settings.SESSION_LONGEST:
        return _("Your session has ended. Please sign in again.")
    # Kept fresh now and then rather than at each request: one write in ten minutes.
    if time.time() - request.session.get("seen", 0) > 600:
        request.session["seen"] = time.time()
    return ""


def _has_second_factor(request: HttpRequest) -> bool:
    """Whether this very session was opened with it, or set it up; that the account has one is not enough."""
    if request.session.get("second_factor") == request.user.pk:
        return True
    if not any(each.get("method") == "mfa" for each in get_authentication_records(request, request.user)):
        return False
    request.session["second_factor"] = request.user.pk
    return True


def _name_of(path: str) -> str | None:
    try:
        return resolve(path).url_name
    except Resolver404:
        return None
