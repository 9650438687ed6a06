"""When the disk or the database fails, a reader gets a sentence in her language, and the machine's watchers a reason."""

import psycopg
import pytest
from django.core.signals import got_request_exception
from django.db import DataError, OperationalError
from django.http import HttpResponse, HttpResponseServerError
from django.test import Client, RequestFactory

from minga.operations import middleware


def _disk_full() -> DataError:
    problem = DataError("could not extend file")
    problem.__cause__ = psycopg.errors.DiskFull("could not extend file")
    return problem


def _fails_outside_the_view(problem: Exception):
    """What Django does when a middleware further in raises: it tells why, and answers by itself."""

    def answer(request):
        try:
            raise problem
        except type(problem):
            got_request_exception.send(sender=None, request=request)
        return HttpResponseServerError("nothing to read")

    return answer


class TestAFullDisk:
    @pytest.mark.parametrize(("path", "accepts", "words"), [
        ("/es/records/", "", "disco del servidor está lleno"),
        ("/en/records/", "es", "disk is full"),
        ("/", "fr-FR,fr;q=0.9", "disque du serveur est plein"),
        ("/", "pt-BR", "disco do servidor está cheio"),
        ("/", "de", "disco del servidor está lleno"),
    ])  # fmt: skip
    def test_is_said_in_the_readers_language(self, path, accepts, words):
        request = RequestFactory().get(path, headers={"accept-language": accepts})

        answer = middleware.AccessLog(HttpResponse).process_exception(request, _disk_full())

        assert answer.status_code == 507
        assert words in answer.content.decode()


class TestALostDatabase:
    def test_is_said_also_when_the_transaction_could_not_open(self):
        outer = middleware.AccessLog(_fails_outside_the_view(OperationalError("connection refused")))

        answer = outer(RequestFactory().get("/en/"))

        assert answer.status_code == 503
        assert answer["Retry-After"] == "60"
        assert "database does not answer" in answer.content.decode()


class TestAnotherFailure:
    def test_is_left_to_django(self):
        outer = middleware.AccessLog(_fails_outside_the_view(ZeroDivisionError()))

        assert outer(RequestFactory().get("/en/")).content == b"nothing to read"


class TestTheHealthEndpoint:
    def test_answers_under_any_name_of_the_machine_and_without_a_database(self):
        request = RequestFactory().get("/healthz", headers={"host": "10.1.2.3"})

        assert middleware.AccessLog(_fails_outside_the_view(OperationalError()))(request).status_code == 200


class TestTheLog:
    def test_holds_neither_the_query_nor_the_readers_address(self, monkeypatch):
        lines = []
        monkeypatch.setattr(middleware.log, "info", lambda event, **values: lines.append(values), raising=False)

        middleware.AccessLog(lambda request: HttpResponse())(
            RequestFactory().get("/es/records/?q=Ana", REMOTE_ADDR="192.0.2.7")
        )

        assert set(lines[0]) == {"method", "path", "status", "milliseconds"}
        assert lines[0]["path"] == "/es/records/"

    def test_names_another_host_in_one_short_line(self, registry, caplog):
        answer = Client().get("/es/", headers={"host": f"{'evil.' * 100}example.org"})

        assert answer.status_code == 400
        assert [record.name for record in caplog.records] == ["django.security.DisallowedHost"]
        assert not caplog.records[0].exc_info and len(caplog.records[0].getMessage()) < 130
