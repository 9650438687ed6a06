"""The kinds of record, with the words readers know them by."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a record is about."""

    PRACTICE = "practice", _("Practice")
    PLEDGE = "pledge", _("Pledge")
    INITIATIVE = "initiative", _("Initiative")
    NEED = "need", _("Need")
    OFFER = "offer", _("Offer")
    LESSON = "lesson", _("Lesson learned")


PLURALS = {
    Kind.PRACTICE: _("Practices"),
    Kind.PLEDGE: _("Pledges"),
    Kind.INITIATIVE: _("Initiatives"),
    Kind.NEED: _("Needs"),
    Kind.OFFER: _("Offers"),
    Kind.LESSON: _("Lessons learned"),
}

MEANINGS = {
    Kind.PRACTICE: _("Something that was done, with results."),
    Kind.PLEDGE: _("A measurable promise with an owner."),
    Kind.INITIATIVE: _("An effort that is under way."),
    Kind.NEED: _("A request for capacity."),
    Kind.OFFER: _("Expertise, a tool or funds that somebody offers."),
    Kind.LESSON: _("A statement, its evidence and where it holds."),
}
