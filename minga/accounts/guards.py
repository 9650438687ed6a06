"""Pages for people who are signed in."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

NEVER_SHOWN = ("csrfmiddlewaretoken", "password")


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Send others to sign in; what they had typed is kept, since their session may have ended while they typed."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if getattr(request, "person", None) is not None:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            return keep_what_was_typed(request, signed_out=True)
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")

    guarded.is_for_signed_in = True
    return guarded


def _is_ours(request: HttpRequest) -> bool:
    """Whether a page of this site sent the form: what another site sends is not offered to be sent again."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def keep_what_was_typed(request: HttpRequest, *, signed_out: bool) -> HttpResponse:
    """A page that holds what a refused form carried, to be sent again with one press."""
    if not _is_ours(request):
        return render(request, "accounts/form_foreign.html", status=403)
    typed = [
        (name, value) for name, values in request.POST.lists() for value in values if not name.startswith(NEVER_SHOWN)
    ]
    page = {"typed": typed, "signed_out": signed_out, "address": request.get_full_path()}
    return render(request, "accounts/form_expired.html", page, status=403)
