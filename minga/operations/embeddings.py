"""What `minga doctor` says of search's vectors: what leaves this machine, whether the service answers, how far they are."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from minga.access.process import become
from minga.access.rowsecurity import seeing_all
from minga.language.endpoint import Service, ServiceTrouble, raw_queries
from minga.operations.findings import FAILURES, Finding
from minga.registry.models import Visibility
from minga.search import indexing, sets

HOW_TO = "docs/how-to/use-an-embeddings-service.md"


def look() -> Iterator[Finding]:
    """Look at the service, where there is one, and at the vectors."""
    service = sets.service()
    if service:
        yield from _of_service(service)
    become("worker")
    try:
        plan = sets.plan(seeing_all, measures=False)
        with seeing_all():
            told = indexing.status(plan)
    except FAILURES as problem:
        yield Finding(False, str(problem), "minga init")
        return
    for each in told:
        text = _("%(embedded)d of %(listed)d listed records have vectors of %(encoder)s; %(waiting)d wait.") % {
            "embedded": each.embedded, "listed": each.listed, "encoder": each.name, "waiting": each.waiting}  # fmt: skip
        yield Finding(True, text)


def _of_service(service: Service) -> Iterator[Finding]:
    given = sets.given_visibilities()
    names = ", ".join(name for name in Visibility.values if name in given)
    if given == {Visibility.PUBLIC}:
        what = _("An outside service, %(host)s, is given published versions that are public, and what visitors type into "
                 "search. Nothing else is sent to it.")  # fmt: skip
    else:
        what = _("An outside service, %(host)s, is given listed versions of these visibilities: %(names)s; and what "
                 "everybody types into search, people who are signed in included.")  # fmt: skip
    yield Finding(True, what % {"host": service.host, "names": names}, HOW_TO)
    if service.is_readable_on_its_way:
        text = _("Whatever is sent to %(host)s crosses the network without encryption.") % {"host": service.host}
        yield Finding(given == {Visibility.PUBLIC}, text, "MINGA_EMBEDDINGS_URL=https://…")
    try:
        raw_queries(service, ["minga"])
        yield Finding(True, _("The embeddings service at %(host)s answers.") % {"host": service.host})
    except ServiceTrouble as problem:
        text = _("The embeddings service at %(host)s fails: %(reason)s. What waits for it is caught up later.")
        yield Finding(False, text % {"host": service.host, "reason": problem}, HOW_TO)
