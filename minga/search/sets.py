"""Which vectors this installation makes, what each encoder may be given, and which vectors answer whom.

By default the encoder of this machine makes the vectors of all listed versions. Where the operator names a service
(`MINGA_EMBEDDINGS_URL`), it makes those of the visibilities that it may be given, public ones unless the operator says
more; drafts are listed nowhere and given to nobody. Then

- what visitors type is sent to it;
- what people who are signed in type is not, since they write of what others may not read: they are answered by the
  encoder of this machine, which knows all listed versions. Where the service may be given more than public versions,
  they are answered by it too, and versions that it may not be given are found by their words.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

import numpy as np
import structlog
from django.conf import settings

from minga.access.rowsecurity import sees_public_only
from minga.language.encoders import Encoder, default_encoder
from minga.language.endpoint import Endpoint, Service, ServiceTrouble
from minga.registry.models import Visibility
from minga.search import axes
from minga.search.models import VectorSet
from minga.search.shipped import WithShipped

ALL = frozenset(Visibility.values)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Making:
    """A set that the worker makes or keeps up."""

    encoder: Encoder
    visibilities: frozenset[str] = ALL  # of the listed versions that the encoder may be given


@dataclass(frozen=True)
class Plan:
    """What the settings ask for."""

    makings: tuple[Making, ...]
    wanted: frozenset[str] | None  # names of the sets that are to stay; None while a service cannot be asked yet

    @property
    def names(self) -> list[str]:
        """Of the sets that are made."""
        return [each.encoder.name for each in self.makings]


def service() -> Service | None:
    """The outside service, where the operator names one."""
    if not settings.EMBEDDINGS_URL:
        return None
    return Service(
        settings.EMBEDDINGS_URL, settings.EMBEDDINGS_MODEL, settings.EMBEDDINGS_KEY,
        settings.EMBEDDINGS_QUERY_PREFIX, settings.EMBEDDINGS_PASSAGE_PREFIX,
    )  # fmt: skip


def given_visibilities() -> frozenset[str]:
    """Of which listed versions the service is given texts; empty without one."""
    return settings.EMBEDDINGS_VISIBILITIES if settings.EMBEDDINGS_URL else frozenset()


def is_given_queries(*, visitor: bool) -> bool:
    """Whether what somebody types is given to the service.

    Args:
        visitor: whether it is somebody who reads public records alone.
    """
    return bool(given_visibilities() if visitor else given_visibilities() - {Visibility.PUBLIC})


def plan(turn: Callable[[], AbstractContextManager], *, measures: bool = True) -> Plan:
    """What is to be made, as the worker; a model that is new here is measured first.

    Args:
        turn: makes the context of one transaction, in which all is seen.
        measures: False asks no service: whoever only looks shall not wait for one.
    """
    asked, here = service(), default_encoder()
    with turn():
        outside = newest_of(asked) if asked else None
        known = set(VectorSet.objects.exclude(complete_at=None).values_list("name", flat=True))
    if asked and outside is None and measures:
        try:
            outside = axes.set_up(asked, turn=turn)
        except ServiceTrouble as problem:
            log.warning("embeddings_service_fails", host=asked.host, reason=str(problem))
    makings = [Making(encoder_of(outside), given_visibilities())] if outside else []
    wanted = {outside.name} if outside else set()
    if not is_given_queries(visitor=False):
        wanted.add(here.name)
    if here.name in wanted or (here.name in known and (outside is None or outside.name not in known)):
        makings.append(Making(WithShipped(here)))  # search goes on with it until the other is complete
    return Plan(tuple(makings), frozenset(wanted) if outside or not asked else None)


def newest_of(asked: Service) -> VectorSet | None:
    """The set that was last set up for a service's model, with its prefixes."""
    prefixes = [asked.query_prefix, asked.passage_prefix]
    return VectorSet.objects.filter(model=asked.model, prefixes=prefixes).last()


def encoder_of(known: VectorSet) -> Encoder:
    """What makes the vectors of a set, and of the queries that are compared with them.

    Args:
        known: a set; one of another model than the settings name is asked of the same service.
    """
    if not known.is_outside:
        return WithShipped(default_encoder())
    query_prefix, passage_prefix = known.prefixes
    asked = replace(service(), model=known.model, query_prefix=query_prefix, passage_prefix=passage_prefix)
    return Endpoint(asked, name=known.name, size=known.size, axes=np.asarray(known.axes, dtype=np.float32))


def usable(*, visitor: bool) -> list[VectorSet]:
    """The sets that may answer somebody, the best first: complete ones, or, while there is none, what there is.

    Args:
        visitor: whether it is somebody who reads public records alone.
    """
    asked = service() if is_given_queries(visitor=visitor) else None

    def place(known: VectorSet) -> int | None:
        if known.is_outside and asked:
            prefixes = [asked.query_prefix, asked.passage_prefix]
            return 0 if (known.model, known.prefixes) == (asked.model, prefixes) else 1
        return 2 if known.name == default_encoder().name and not known.is_outside else None

    able = [known for known in VectorSet.objects.defer("axes").reverse() if place(known) is not None]
    able.sort(key=place)
    return [known for known in able if known.complete_at] or able[:1]


def host_of_queries() -> str:
    """The service that is given what the current reader types; empty while nothing leaves this machine."""
    visitor = sees_public_only()
    if not is_given_queries(visitor=visitor):
        return ""
    found = usable(visitor=visitor)
    return service().host if found and found[0].is_outside else ""
