"""Refuses what is too large before it is read: a 200 MB upload costs neither memory nor disk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from minga.files.checking import LARGEST

ALLOWANCE = 1024 * 1024  # bytes, for the rest of the form


class UploadLimit:
    """Answers a request that says it is too large, without reading it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isascii() and length.isdigit() and int(length) > LARGEST + ALLOWANCE:
            request.person = None
            response = render(request, "files/too_large.html", {"megabytes": LARGEST // 1024 // 1024}, status=413)
            response["Connection"] = "close"
            return response
        return self.get_response(request)
