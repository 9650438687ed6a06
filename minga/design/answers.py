"""Answers that several areas give."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def nothing_there(request: HttpRequest) -> HttpResponse:
    """The one answer to what is not there and to what is not for this person."""
    return render(request, "404.html", status=404)
