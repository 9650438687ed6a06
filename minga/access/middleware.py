"""One transaction around each request, rendering included, in which the database knows the person.

Django's ATOMIC_REQUESTS wraps the view alone: middleware and the rendering of a TemplateResponse would run outside.
Streamed answers outlive this transaction; they open one of their own (see exchange/streams.py).
"""

from django.db import connection, transaction
from psycopg.pq import TransactionStatus

from minga.access.rowsecurity import acting, limit_statements

WITHOUT_DATABASE = ("/static/", "/health")


class RowSecurity:
    """Opens the request's transaction and sets its person."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith(WITHOUT_DATABASE):
            return self.get_response(request)
        with acting(person=getattr(request, "person", None)):
            limit_statements()
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            elif _is_broken():
                # An error was caught without a savepoint: a commit would silently keep nothing.
                transaction.set_rollback(True)
                raise RuntimeError("A statement of this request failed and was passed over; nothing was kept.")
            return response


def _is_broken() -> bool:
    raw = connection.connection
    return raw is not None and raw.info.transaction_status == TransactionStatus.INERROR
