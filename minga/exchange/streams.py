"""Answers that are longer than their request's transaction: each chunk is read in one of its own, as the same person.

The request's transaction ends when the view returns; what is streamed after that would see nothing, or worse, run with
no person set. So the stream says anew who asks, for each chunk, and holds no transaction while it sends: a reader who is
slow or goes away leaves none open.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest, StreamingHttpResponse

from minga.access.rowsecurity import acting, limit_statements
from minga.exchange.rows import Turn


def turn_of(request: HttpRequest) -> Turn:
    """What makes a transaction in which the database knows the request's person."""
    person = getattr(request, "person", None)

    @contextmanager
    def turn() -> Iterator[None]:
        with acting(person=person):
            limit_statements()
            yield

    return turn


def streamed(request: HttpRequest, pieces: Iterator[bytes], *, content_type: str) -> StreamingHttpResponse:
    """An answer that is made while it is sent; nothing is made for who asks for the headers only."""
    return StreamingHttpResponse(() if request.method == "HEAD" else pieces, content_type=content_type)
