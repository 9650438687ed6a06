"""Which model proposes: the shipped one, or one that was trained here and put to use.

Models of the installation are rows, so that all its processes and hosts use the same one from the next proposal on, and
a backup holds them. A model that no longer fits (another encoder, other terms) is passed over for the shipped one.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from minga.audit import changes as audit
from minga.audit.by import By
from minga.classification import lexicon, model
from minga.classification.model import Model
from minga.classification.models import KeptModel, Use
from minga.language.encoders import TwoEncoders

SHIPPED = "shipped"


class NoSuchModel(Exception):
    """There is no model of this name, or it does not fit this version of Minga; the message says which there are."""


@dataclass(frozen=True)
class Used:
    """A model that proposes."""

    name: str  # as decisions note it: of a shipped one with a digest, since releases ship different ones
    models: Mapping[str, Model]


def in_use() -> Used:
    """The model that proposes now."""
    name = name_in_use()
    if name == SHIPPED:
        return shipped()
    return _read(name, KeptModel.objects.values_list("made_at", flat=True).get(name=name))


def name_in_use() -> str:
    """Its name; "shipped" where the one that was put to use is gone or does not fit."""
    chosen = Use.objects.values_list("name", flat=True).last()
    return chosen if chosen and fitting().filter(name=chosen).exists() else SHIPPED


def fitting():
    """The models of the installation that fit this version of Minga, without their content."""
    kept = KeptModel.objects.filter(encoder=TwoEncoders.name, lexicon=lexicon.digest())
    return kept.defer("content")


@lru_cache(maxsize=1)
def shipped() -> Used:
    """The model of the package."""
    digest = hashlib.sha256(model.FILE.read_bytes()).hexdigest()[:8]
    return Used(f"{SHIPPED}-{digest}", model.load(model.FILE))


@lru_cache(maxsize=2)
def _read(name: str, made_at: datetime) -> Used:
    """A model of the installation, read once a process; when it was made tells one of the same name from it."""
    content = KeptModel.objects.values_list("content", flat=True).get(name=name, made_at=made_at)
    return Used(name, model.load(BytesIO(bytes(content))))


@transaction.atomic
def put_to_use(name: str, *, by: By) -> None:
    """Let a model propose from now on; going back is the same.

    Args:
        name: of a model that was trained here, or "shipped".
        by: who.

    Raises:
        NoSuchModel: it is not there, or does not fit.
    """
    if name != SHIPPED and not fitting().filter(name=name).exists():
        names = ", ".join([SHIPPED, *fitting().values_list("name", flat=True)])
        raise NoSuchModel(_("There is no model %(name)s here. There are: %(names)s") % {"name": name, "names": names})
    Use.objects.create(name=name, at=timezone.now(), by_person=by.person, by_operator=by.operator)
    audit.note("coding.model_used", by_person=by.person, by_operator=by.operator, model=name)


@transaction.atomic
def forget_what_learnt_from(record: int) -> int:
    """Throw away the models that learnt from a record's text, which must not be found in them any more.

    Args:
        record: its id.

    Returns:
        how many; if one of them was in use, the shipped one is from now on.
    """
    return KeptModel.objects.filter(records__contains=[record]).delete()[0]


@dataclass(frozen=True)
class Known:
    """A model that there is."""

    name: str
    is_in_use: bool
    fits: bool  # this version of Minga
    since: datetime | None  # it was last put to use
    kept: KeptModel | None  # None: the shipped one


def known_models() -> list[Known]:
    """All models, the shipped one first, then those that were trained here, the newest last; without their content."""
    now, able = name_in_use(), set(fitting().values_list("name", flat=True))
    since = dict(Use.objects.order_by("id").values_list("name", "at"))
    kept = [(each.name, each) for each in KeptModel.objects.defer("content")]
    return [
        Known(name, name == now, each is None or name in able, since.get(name), each)
        for name, each in [(SHIPPED, None), *kept]
    ]
