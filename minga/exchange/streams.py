"""Answers that are longer than their request's transaction: each reads in one of its own, as the same person.

The request's transaction ends when the view returns; what is streamed after that would see nothing, or worse, run with
no person set. Here the stream opens a transaction, says who asks, reads, and ends it, also when the reader goes away.
"""

from collections.abc import Callable, Iterator

from django.http import HttpRequest, StreamingHttpResponse

from minga.access.rowsecurity import acting


def streamed(request: HttpRequest, make: Callable[[], Iterator[bytes]], *, content_type: str) -> StreamingHttpResponse:
    """An answer that is made while it is sent.

    Args:
        request: whose reader it is for.
        make: returns the pieces; called inside the stream's own transaction.
        content_type: of the answer.
    """
    user = getattr(request, "user", None)
    person = user.pk if user is not None and user.is_authenticated else None

    def pieces() -> Iterator[bytes]:
        with acting(person=person):
            yield from make()

    return StreamingHttpResponse(pieces(), content_type=content_type)
