"""The sheet of criteria: what a moderator judges a submission by.

The seven are those that the Network Hub and the Los Angeles Declaration's site name for practices (applied, relevant,
coherent, innovative, replicable, cross-cutting, timely); the last two are the Hub's for its reviewers (quality of the
text, transparent method). A pledge is judged by the IMRF's: concrete, measurable, time-bound, realistic, with partners.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from minga.registry.kinds import Kind


@dataclass(frozen=True)
class Criterion:
    """One line of the sheet."""

    code: str
    label: Promise
    question: Promise


_OF_WHAT_WAS_DONE = (
    Criterion("applied", _("Applied"), _("Has it been carried out, fully or mostly, and is it told by whom and when?")),
    Criterion(
        "relevant", _("Relevant"), _("Does it serve at least one of the 23 objectives, and is the coding right?")
    ),
    Criterion("coherent", _("Coherent"), _("Does it keep to the ten guiding principles?")),
    Criterion("innovative", _("Innovative"), _("Does it say what is new in it, here or elsewhere?")),
    Criterion("replicable", _("Replicable"), _("Could an office elsewhere do the same after reading it?")),
    Criterion("cross_cutting", _("Cross-cutting"), _("Are gender, children and human rights seen where they matter?")),
    Criterion("timely", _("Timely"), _("Is it recent enough to be of use, ideally since December 2018?")),
)
_OF_A_PLEDGE = (
    Criterion("concrete", _("Concrete"), _("Is it clear what will be done, and by whom?")),
    Criterion("measurable", _("Measurable"), _("Can one say later whether it was kept: indicator, baseline, target?")),
    Criterion("time_bound", _("Time-bound"), _("Is it said by when?")),
    Criterion("realistic", _("Realistic"), _("Do means and mandate match what is promised?")),
    Criterion(
        "relevant", _("Relevant"), _("Does it serve at least one of the 23 objectives, and is the coding right?")
    ),
)
_OF_ANY = (
    Criterion("evidence", _("Evidence"), _("Are results and figures given with their source?")),
    Criterion("text", _("Text"), _("Is it clear, complete, free of personal data, with acronyms spelled out?")),
)


def criteria_for(kind: str) -> tuple[Criterion, ...]:
    """The lines of the sheet for a kind of record."""
    if kind == Kind.PLEDGE:
        return _OF_A_PLEDGE + _OF_ANY
    if kind in (Kind.PRACTICE, Kind.INITIATIVE):
        return _OF_WHAT_WAS_DONE + _OF_ANY
    return _OF_ANY
