"""Health and readiness, for whoever watches the installation."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse


def health(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """The process answers and so does its database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1 from vocabularies_scheme limit 1")
            has_tables = cursor.fetchone() is not None
    except DatabaseError:
        return JsonResponse({"ready": False, "reason": "the database does not answer"}, status=503)
    if not has_tables:
        return JsonResponse({"ready": False, "reason": "the installation is not made: minga init"}, status=503)
    return JsonResponse({"ready": True})
