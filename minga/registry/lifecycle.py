"""The one lifecycle of all kinds of record: editorial states and the transitions between them.

A state belongs to a version. What a state means for readers is declared here too: a listed version stands for its
record on the site; an open one is being worked on. At most one of each a record (held by the database).
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Editorial states."""

    DRAFT = "draft", _("Draft")
    ENDORSED = "endorsed", _("Endorsed by its owner's office")
    SUBMITTED = "submitted", _("Submitted")
    IN_MODERATION = "in_moderation", _("In moderation")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    NOT_SUITABLE = "not_suitable", _("Not suitable")
    ACCEPTED = "accepted", _("Accepted")
    PUBLISHED = "published", _("Published")
    PUBLISHED_FROM_SOURCE = "published_from_source", _("Published from a public source")
    REPLACED = "replaced", _("Replaced by a newer version")
    ARCHIVED = "archived", _("Archived")
    WITHDRAWN = "withdrawn", _("Withdrawn")


LISTED = (State.PUBLISHED, State.PUBLISHED_FROM_SOURCE)
OPEN = (State.DRAFT, State.ENDORSED, State.SUBMITTED, State.IN_MODERATION, State.CHANGES_REQUESTED, State.ACCEPTED)
# The text of a version may change in these states only (a trigger refuses it in all others).
EDITABLE = (State.DRAFT, State.CHANGES_REQUESTED)


@dataclass(frozen=True)
class Transition:
    """A step that a version may take."""

    name: str
    sources: tuple[State, ...]
    target: State
    needs_reason: bool = False


TRANSITIONS = {
    step.name: step
    for step in (
        Transition("endorse", (State.DRAFT, State.CHANGES_REQUESTED), State.ENDORSED),
        Transition("return", (State.ENDORSED,), State.DRAFT, needs_reason=True),
        Transition("submit", (State.ENDORSED,), State.SUBMITTED),
        Transition("begin_moderation", (State.SUBMITTED,), State.IN_MODERATION),
        Transition("request_changes", (State.IN_MODERATION,), State.CHANGES_REQUESTED, needs_reason=True),
        Transition("find_unsuitable", (State.IN_MODERATION,), State.NOT_SUITABLE, needs_reason=True),
        Transition("accept", (State.IN_MODERATION,), State.ACCEPTED),
        Transition("publish", (State.ACCEPTED,), State.PUBLISHED),
        Transition("publish_from_source", (State.DRAFT,), State.PUBLISHED_FROM_SOURCE),
        Transition("replace", LISTED, State.REPLACED),
        Transition("archive", LISTED, State.ARCHIVED, needs_reason=True),
        Transition("withdraw", (*LISTED, State.ARCHIVED), State.WITHDRAWN, needs_reason=True),
    )
}
