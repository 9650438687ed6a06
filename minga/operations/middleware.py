"""One line in the log for each request, and a clear page when the database or the disk fails."""

import time

import psycopg
import structlog
from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse
from psycopg_pool import PoolTimeout

log = structlog.get_logger("minga.access")

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


class AccessLog:
    """Writes method, path, status and time. No query string (it may hold a name) and no address of the reader."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        try:
            response = self.get_response(request)
        except (DatabaseError, PoolTimeout) as problem:  # outside the view: when the transaction opens or ends
            response = answer_to(problem, request)
            if response is None:
                raise
        if request.path == "/healthz":  # asked every few seconds, and never of interest
            return response
        log.info(
            "request", method=request.method, path=request.path, status=response.status_code,
            milliseconds=round((time.perf_counter() - begun) * 1000),
        )  # fmt: skip
        return response

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Inside the view: a full disk or a lost database becomes a sentence."""
        return answer_to(problem, request)


def answer_to(problem: Exception, request: HttpRequest) -> HttpResponse | None:
    """The answer to a failure of disk or database; None for any other."""
    if isinstance(problem.__cause__, psycopg.errors.DiskFull) or isinstance(problem, psycopg.errors.DiskFull):
        return _page(FULL, request, 507)
    if isinstance(problem, OperationalError | PoolTimeout):
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
