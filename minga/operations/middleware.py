"""One line in the log for each request, and a clear page when the database or the disk fails."""

import re
import sys
import time

import psycopg
import structlog
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from psycopg_pool import PoolTimeout

from minga.operations import views

log = structlog.get_logger("minga.access")

# Asked every few seconds by whatever name or number the machine has, so no allowed host and no line in the log.
PROBES = {"/healthz": views.health, "/readyz": views.ready}
# Plain sentences, since neither templates nor the database can be relied on here.
FULL = {
    "es": "El disco del servidor está lleno. Lo que ya se guardó está a salvo; avise a la administración del sitio.",
    "en": "The server's disk is full. What was saved is safe; please tell the site's administrators.",
    "fr": "Le disque du serveur est plein. Ce qui a été enregistré est en sécurité ; prévenez l’administration du site.",
    "pt": "O disco do servidor está cheio. O que foi salvo está seguro; avise a administração do site.",
}
AWAY = {
    "es": "La base de datos no responde en este momento. Vuelva a intentarlo en un minuto.",
    "en": "The database does not answer at the moment. Please try again in a minute.",
    "fr": "La base de données ne répond pas pour le moment. Veuillez réessayer dans une minute.",
    "pt": "O banco de dados não responde no momento. Tente novamente em um minuto.",
}


_SECRET_PATHS = re.compile(r"(/account/(?:invitation|password/new)/).+")


class AccessLog:
    """Writes method, path, status and time. No query string (it may hold a name) and no address of the reader."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if probe := PROBES.get(request.path):
            return probe(request)
        begun = time.perf_counter()
        response = self.get_response(request)
        if problem := getattr(request, "failed_with", None):
            response = answer_to(problem, request) or response
        log.info(
            "request", method=request.method, path=path_for_log(request.path), status=response.status_code,
            milliseconds=round((time.perf_counter() - begun) * 1000),
        )  # fmt: skip
        return response

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Inside the view: a full disk or a lost database becomes a sentence."""
        return answer_to(problem, request)


def path_for_log(path: str) -> str:
    """A path without what lets its reader in: the secret part of an invitation or of a link for a new password."""
    return _SECRET_PATHS.sub(r"\1…", path)


@receiver(got_request_exception, dispatch_uid="minga.operations")
def _remember_failure(request: HttpRequest | None = None, **_details: object) -> None:
    """Outside the view, when the transaction opens or ends, Django makes an answer of its own and only tells us why."""
    if request is not None:
        request.failed_with = sys.exc_info()[1]


def answer_to(problem: Exception, request: HttpRequest) -> HttpResponse | None:
    """The answer to a failure of disk or database; None for any other."""
    if isinstance(problem.__cause__, psycopg.errors.DiskFull) or isinstance(problem, psycopg.errors.DiskFull):
        return _page(FULL, request, 507)
    if isinstance(problem, OperationalError | InterfaceError | PoolTimeout):
        log.error("database_away", reason=str(problem)[:200])
        return _page(AWAY, request, 503)
    return None


def _page(sentences: dict[str, str], request: HttpRequest, status: int) -> HttpResponse:
    wanted = [request.path[1:3], *(part.strip()[:2] for part in request.headers.get("accept-language", "").split(","))]
    language = next((code for code in wanted if code in sentences), "es")
    text = sentences[language]
    page = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Minga</title><h1>Minga</h1><p>{text}</p></html>"
    )
    return HttpResponse(page, status=status, headers={"Retry-After": "60"})
