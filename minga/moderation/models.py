"""Moderation: the sheets that moderators fill in, one each a version that they took.

Rows are written by the functions of `migrations/` alone: who may take a version, and what the sheets together
decide, is checked there.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """What a moderator recommends."""

    ACCEPT = "accept", _("Recommend it")
    CHANGES = "changes", _("Ask for changes")
    UNSUITABLE = "unsuitable", _("Not suitable for the registry")


class Mark(models.TextChoices):
    """How far a criterion is met."""

    MET = "met", _("Met")
    PARTLY = "partly", _("Partly met")
    NOT_MET = "not_met", _("Not met")
    NOT_APPLICABLE = "not_applicable", _("Does not apply")


class Sheet(models.Model):
    """One moderator's judgement of one version."""

    version = models.ForeignKey("registry.Version", on_delete=models.CASCADE, related_name="sheets")
    person = models.BigIntegerField()
    taken_at = models.DateTimeField()  # when she declared to have no conflict of interest
    marks = models.JSONField(default=dict)  # criterion -> {"mark", "remark"}
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    remark = models.TextField(blank=True)  # to the author
    filed_at = models.DateTimeField(null=True)
    given_back_at = models.DateTimeField(null=True)
    names_shown = models.BooleanField(default=False)  # whether the author sees her name: as the process said that day

    class Meta:
        ordering = ["version", "taken_at"]
        constraints = [models.UniqueConstraint(fields=["version", "person"], name="one_sheet_a_moderator")]


class Conflict(models.Model):
    """A conflict of interest that a moderator declared: the record is never proposed to her again."""

    record = models.ForeignKey("registry.Record", on_delete=models.CASCADE, related_name="+")
    person = models.BigIntegerField()
    declared_at = models.DateTimeField()
    what = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "person"], name="one_conflict_a_person")]


class Expertise(models.Model):
    """What a moderator knows, by her own word: submissions are proposed to her by it."""

    person = models.BigIntegerField(primary_key=True)
    objectives = ArrayField(models.PositiveSmallIntegerField(), default=list)
    languages = ArrayField(models.CharField(max_length=12), default=list)
    most_at_once = models.PositiveSmallIntegerField(default=3)  # sheets that she has open
