"""The one lifecycle of all kinds of record: editorial states and the steps between them.

A state belongs to a version. What a state means for readers is declared here too: a listed version stands for its
record on the site; an open one is being worked on. At most one of each a record (held by the database).

It is declared here and enforced in one place: the steps are written into the database (`steps.py`), whose function
`registry_move` is the only way by which a person changes a state.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Editorial states."""

    DRAFT = "draft", _("Draft")
    TO_ENDORSE = "to_endorse", _("With the endorsing office")
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
    MERGED = "merged", _("Merged into another record")


LISTED = (State.PUBLISHED, State.PUBLISHED_FROM_SOURCE)
# At most one of these a record: while it is merged into another, none of its versions is listed.
STANDING = (*LISTED, State.MERGED)
OPEN = (State.DRAFT, State.TO_ENDORSE, State.ENDORSED, State.SUBMITTED, State.IN_MODERATION, State.ACCEPTED)
# Nobody works on these.
AT_REST = (*LISTED, State.REPLACED, State.ARCHIVED, State.WITHDRAWN, State.MERGED)
# While it is judged, its owner is not told who reads it.
JUDGED = (State.SUBMITTED, State.IN_MODERATION)
# The text of a version may change in these states only (a trigger refuses it in all others).
EDITABLE = (State.DRAFT,)


class Who(StrEnum):
    """What somebody is to a version: who may take a step."""

    AUTHOR = "author"  # contributor or focal point of its owner
    FOCAL_POINT = "focal_point"  # of its owner
    ENDORSER = "endorser"  # of its owner
    ADOPTER = "adopter"  # endorser of the maker that a record from a public source was handed over to
    MODERATOR = "moderator"  # one who took it, with no conflict of interest
    SECRETARIAT = "secretariat"  # of its process
    SECRETARIAT_ALONE = "secretariat_alone"  # of a process that has no moderators
    SHEETS = "sheets"  # nobody by herself: the moderators' sheets together
    MERGE = "merge"  # nobody by herself: two owners' consents to a merge together, or its undoing
    OPERATOR = "operator"  # the commands of the installation


WHO_LABELS: dict[str, Promise] = {
    Who.AUTHOR: _("contributors and focal points of its owner"),
    Who.FOCAL_POINT: _("the focal point of its owner"),
    Who.ENDORSER: _("the endorsing officer of its owner"),
    Who.ADOPTER: _("the endorsing officer of its maker, once the record was handed over"),
    Who.MODERATOR: _("a moderator who took it"),
    Who.SECRETARIAT: _("the secretariat of its process"),
    Who.SECRETARIAT_ALONE: _("the secretariat of a process without moderators"),
    Who.SHEETS: _("the moderators' sheets together"),
    Who.MERGE: _("a merge of two records to which their owners agreed, or its undoing"),
    Who.OPERATOR: _("whoever imports from public sources"),
}


@dataclass(frozen=True)
class Step:
    """A step that a version may take."""

    name: str
    label: Promise  # on the button: a verb that says what happens
    sources: tuple[State, ...]
    target: State
    who: tuple[Who, ...]
    needs_reason: bool = False


STEPS = {
    step.name: step
    for step in (
        Step("send", _("Send to the endorsing office"), (State.DRAFT,), State.TO_ENDORSE, (Who.AUTHOR,)),
        Step("recall", _("Take back"), (State.TO_ENDORSE,), State.DRAFT, (Who.AUTHOR,)),
        Step("endorse", _("Endorse this version"), (State.TO_ENDORSE, State.DRAFT), State.ENDORSED, (Who.ENDORSER,)),
        Step("return", _("Return with a reason"), (State.TO_ENDORSE, State.ENDORSED), State.DRAFT, (Who.ENDORSER,),
             needs_reason=True),
        Step("reopen", _("Change it again"), (State.ENDORSED,), State.DRAFT, (Who.FOCAL_POINT,)),
        Step("submit", _("Submit"), (State.ENDORSED,), State.SUBMITTED, (Who.FOCAL_POINT, Who.ENDORSER)),
        Step("begin_moderation", _("Begin moderation"), (State.SUBMITTED,), State.IN_MODERATION,
             (Who.MODERATOR, Who.SECRETARIAT)),
        Step("request_changes", _("Ask for changes"), (State.SUBMITTED, State.IN_MODERATION, State.ACCEPTED),
             State.CHANGES_REQUESTED, (Who.SECRETARIAT, Who.SHEETS), needs_reason=True),
        Step("find_unsuitable", _("Find it not suitable"), (State.IN_MODERATION,), State.NOT_SUITABLE,
             (Who.SHEETS, Who.SECRETARIAT_ALONE), needs_reason=True),
        Step("accept", _("Accept"), (State.IN_MODERATION,), State.ACCEPTED, (Who.SHEETS, Who.SECRETARIAT_ALONE)),
        Step("publish", _("Publish"), (State.ACCEPTED,), State.PUBLISHED, (Who.SECRETARIAT,)),
        Step("publish_from_source", _("Publish from its source"), (State.DRAFT,), State.PUBLISHED_FROM_SOURCE,
             (Who.OPERATOR,)),
        Step("adopt", _("Adopt this text as it stands"), (State.PUBLISHED_FROM_SOURCE,), State.PUBLISHED,
             (Who.ADOPTER,)),
        Step("replace", _("Replace"), LISTED, State.REPLACED, (Who.OPERATOR,)),
        Step("archive", _("Archive"), LISTED, State.ARCHIVED, (Who.SECRETARIAT, Who.FOCAL_POINT), needs_reason=True),
        Step("withdraw", _("Withdraw"), (*LISTED, State.ARCHIVED), State.WITHDRAWN,
             (Who.SECRETARIAT, Who.FOCAL_POINT), needs_reason=True),
        Step("abandon", _("Give it up"), (State.DRAFT, State.TO_ENDORSE, State.ENDORSED, State.SUBMITTED),
             State.WITHDRAWN, (Who.FOCAL_POINT,), needs_reason=True),
        Step("merge", _("Merge into another record"), LISTED, State.MERGED, (Who.MERGE,)),
        Step("stand_again", _("Let it stand again as published"), (State.MERGED,), State.PUBLISHED, (Who.MERGE,)),
        Step("stand_again_from_source", _("Let it stand again as taken from its source"), (State.MERGED,),
             State.PUBLISHED_FROM_SOURCE, (Who.MERGE,)),
    )
}  # fmt: skip

# Who has it while a version is in a state: said in its state line, and whose inbox it is in.
HOLDERS: dict[str, Promise] = {
    State.DRAFT: _("its authors"),
    State.TO_ENDORSE: _("the endorsing office of its owner"),
    State.ENDORSED: _("its owner's focal point, who submits it"),
    State.SUBMITTED: _("the queue of the moderators"),
    State.IN_MODERATION: _("the moderators"),
    State.CHANGES_REQUESTED: _("its authors, who are asked for a new version"),
    State.NOT_SUITABLE: _("nobody: it ends here, with the reason given"),
    State.ACCEPTED: _("the secretariat, which publishes it"),
    State.PUBLISHED: _("every reader"),
    State.PUBLISHED_FROM_SOURCE: _("every reader, until its maker adopts it"),
    State.REPLACED: _("the history of the record"),
    State.ARCHIVED: _("the archive"),
    State.WITHDRAWN: _("nobody: it was taken back, with the reason given"),
    State.MERGED: _("the record that it was merged into"),
}
