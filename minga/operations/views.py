"""Health and readiness, for whoever watches the installation. Answered before host names are checked (middleware.py)."""

from functools import cache

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from minga.installation.problems import InstallationProblem
from minga.operations.initialising import is_up_to_date


def health(request: HttpRequest) -> HttpResponse:
    """The process answers; the database is not asked."""
    return HttpResponse("ok\n", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """The process answers, and so does a database that is of this version."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        _require_this_version()
    except InstallationProblem as problem:
        return JsonResponse({"ready": False, "reason": str(problem)}, status=503)
    except DatabaseError:
        connection.close()
        return JsonResponse({"ready": False, "reason": "The database does not answer."}, status=503)
    return JsonResponse({"ready": True})


@cache  # an exception is not kept: asked until it is well, since reading all migrations takes a while
def _require_this_version() -> None:
    if not is_up_to_date():
        raise InstallationProblem("The database is of an older version. Bring it to this one with: minga init")
