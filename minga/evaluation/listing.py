"""The models that may propose here, with their figures: for the command line and for the page of those who choose."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from minga.classification import using
from minga.classification.models import KeptModel
from minga.evaluation import measured

SHOWN = ("any first", "r-precision", "calibration error")


@dataclass(frozen=True)
class Listed:
    """A model with what is known of it."""

    name: str
    is_in_use: bool
    fits: bool
    since: datetime | None  # it was last put to use
    made_at: datetime | None
    by: str  # the operator; a person by her id
    learnt: int  # corrected records
    is_good_enough: bool  # by the rule, when it was compared
    compared_with: str
    figures: Mapping[str, Mapping[str, float]]  # kind -> figures
    figures_of_other: Mapping[str, Mapping[str, float]]  # of the model that it was compared with, in the same folds

    def as_dict(self) -> dict[str, Any]:
        """For scripts."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: each.isoformat() if isinstance(each, datetime) else each for name, each in told.items()}

    def in_words(self) -> str:
        """In some lines, for people."""
        marks = [_("in use")] if self.is_in_use else []
        marks += [] if self.fits else [_("does not fit this version of Minga")]
        lines = [f"{self.name} ({', '.join(marks)})" if marks else self.name]
        if self.made_at:
            told = {"date": date_format(localtime(self.made_at), "SHORT_DATETIME_FORMAT"), "who": self.by,
                    "number": self.learnt}  # fmt: skip
            lines.append("  " + _("trained %(date)s by %(who)s on %(number)d corrected records") % told)
        for kind, figures in self.figures.items():
            lines.append(f"  {kind:11} " + "  ".join(f"{name} {figures[name]:.2f}" for name in SHOWN))
        return "\n".join(lines)


def models() -> list[Listed]:
    """All of them, the shipped one first."""
    return [_listed(each) for each in using.known_models()]


def _listed(each: using.Known) -> Listed:
    kept = each.kept
    if kept is None:
        shipped = measured.read().get("coding")
        figures = {kind: ways["coding"] for kind, ways in shipped.found.items()} if shipped else {}
        return Listed(each.name, each.is_in_use, each.fits, each.since, None, "", 0, True, "", figures, {})
    return Listed(
        each.name, each.is_in_use, each.fits, each.since, kept.made_at, _who(kept), len(kept.records),
        kept.is_good_enough, kept.compared_with, _of(kept, "candidate"), _of(kept, "in use"),
    )  # fmt: skip


def _who(kept: KeptModel) -> str:
    return kept.by_operator or str(kept.by_person or "")


def _of(kept: KeptModel, way: str) -> dict[str, dict[str, float]]:
    return {kind: ways[way] for kind, ways in kept.figures.items()}
