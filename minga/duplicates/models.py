"""Pairs of records that may tell of the same, what people decided of them, and merges as links that can be undone.

Codes and numbers; the only texts are the reasons that people gave. Row security reads both versions of a row through the
reader's own rights (migrations/0002_row_security.py).
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    """What somebody decided of two records."""

    SAME = "same", _("The same effort")
    OVERLAPPING = "overlapping", _("They overlap")
    DIFFERENT = "different", _("Different efforts")


class Side(models.TextChoices):
    """The two records of a merge; of a field's choice also both together."""

    KEPT = "kept", _("The record that stays")
    MERGED = "merged", _("The record that is merged into it")


JOINED = "joined"  # a list of both sides' values


class TwoRecords(models.Model):
    """Two records, the one with the lower id first, with the version of each that was compared."""

    low = models.ForeignKey("registry.Record", on_delete=models.CASCADE, related_name="+")
    high = models.ForeignKey("registry.Record", on_delete=models.CASCADE, related_name="+")
    low_version = models.ForeignKey("registry.Version", on_delete=models.CASCADE, related_name="+")
    high_version = models.ForeignKey("registry.Version", on_delete=models.CASCADE, related_name="+")
    probability = models.FloatField(null=True)  # that they tell of the same

    class Meta:
        abstract = True

    @property
    def versions(self) -> tuple[int, int]:
        """The ids of both versions."""
        return self.low_version_id, self.high_version_id

    def other(self, record: int) -> int:
        """The id of the record beside one of the two."""
        return self.high_id if record == self.low_id else self.low_id


class Decision(TwoRecords):
    """What a person decided of two records, and why: appended to, so that the scorer can learn from it."""

    verdict = models.CharField(max_length=12, choices=Verdict)
    reason = models.TextField(blank=True)
    by_person = models.BigIntegerField(null=True)
    by_office = models.ForeignKey("actors.Actor", null=True, on_delete=models.CASCADE, related_name="+")  # authors'
    at = models.DateTimeField()
    seen = models.PositiveIntegerField(null=True)  # the revision of the pair that she had before her

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="a_decision_of_two"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="a_known_verdict"),
        ]


class Pair(TwoRecords):
    """A suspected pair of listed versions: the queue of the secretariat."""

    found_at = models.DateTimeField()
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)  # empty: open
    decision = models.ForeignKey(Decision, null=True, on_delete=models.SET_NULL, related_name="+")
    # Counts what changes: whoever decides says which one she saw.
    revision = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["-probability", "low", "high"]
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="one_pair_of_two_records"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="a_pair_of_two"),
        ]
        indexes = [
            models.Index(F("probability").desc(), F("low"), F("high"), name="open_pairs", condition=Q(verdict="")),
        ]


class Compared(models.Model):
    """A listed version that the pass over the whole registry has looked at; goes when the version is listed no longer."""

    version = models.OneToOneField("registry.Version", primary_key=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()


class Merge(models.Model):
    """A proposal to merge one record into another, and what became of it."""

    class State(models.TextChoices):
        """Where it stands."""

        PROPOSED = "proposed", _("Waits for the owners' consent")
        REFUSED = "refused", _("Refused by an owner")
        CALLED_OFF = "called_off", _("Called off")
        STANDING = "standing", _("Merged")
        UNDONE = "undone", _("Undone")

    class Text(models.TextChoices):
        """What becomes of the text that was chosen."""

        NONE = "none", _("The text stays as it is")
        WAITING = "waiting", _("Waits to be written")
        WRITTEN = "written", _("Written")

    kept = models.ForeignKey("registry.Record", on_delete=models.CASCADE, related_name="+")
    merged = models.ForeignKey("registry.Record", on_delete=models.CASCADE, related_name="+")
    # The listed versions that were compared; consent is given to these and to no others.
    kept_version = models.ForeignKey("registry.Version", on_delete=models.CASCADE, related_name="+")
    merged_version = models.ForeignKey("registry.Version", on_delete=models.CASCADE, related_name="+")
    chosen = models.JSONField(
        default=dict
    )  # field -> whose value: a Side, or JOINED; the kept one's where none is said
    reason = models.TextField()
    proposed_by = models.BigIntegerField(null=True)
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.PROPOSED)
    text = models.CharField(max_length=8, choices=Text, default=Text.NONE)
    written = models.ForeignKey("registry.Version", null=True, on_delete=models.SET_NULL, related_name="+")
    ended_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="a_merge_of_two"),
            models.UniqueConstraint(
                fields=["merged"], condition=Q(state__in=["proposed", "standing"]), name="one_merge_of_a_record"
            ),
        ]


class Consent(models.Model):
    """An owner's answer to a proposed merge."""

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="consents")
    actor = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="+")  # the owner
    agreed = models.BooleanField()
    reason = models.TextField(blank=True)
    by_person = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    on_record = models.BooleanField(default=False)  # by the secretariat, for an owner that has no people here

    class Meta:
        ordering = ["merge", "at", "id"]
        constraints = [models.UniqueConstraint(fields=["merge", "actor"], name="one_answer_an_owner")]


class Link(models.Model):
    """Where a merged record's address leads, since when; undone it stays as history."""

    merge = models.OneToOneField(Merge, on_delete=models.CASCADE, related_name="link")
    merged = models.ForeignKey("registry.Record", on_delete=models.CASCADE, related_name="+")
    kept = models.ForeignKey("registry.Record", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["merged"], condition=Q(undone_at=None), name="one_link_of_a_record"),
        ]


class Invitation(models.Model):
    """What an author told the office that keeps a record: that she works on something that overlaps."""

    record = models.ForeignKey("registry.Record", on_delete=models.CASCADE, related_name="+")  # theirs
    # Hers, which they cannot read.
    about = models.ForeignKey("registry.Record", on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="+")  # hers
    title = models.CharField(max_length=500)  # of her draft, as it was then
    note = models.TextField(blank=True)
    by_person = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["at", "id"]
