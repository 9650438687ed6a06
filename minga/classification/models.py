"""What people decided about proposed labels, and the models that were trained here of it.

Texts and evidence are kept nowhere: a proposal is made anew from the draft for whoever may read it.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Decision(models.Model):
    """That somebody gave a version a label or would not: appended to; of each label the latest holds.

    Read by the office that the version belongs to, as what its people wrote (`registry_edit`).
    """

    class What(models.TextChoices):
        """What was decided."""

        CONFIRMED = "confirmed"  # a proposal
        REJECTED = "rejected"  # a proposal: it is not made again for this text
        ADDED = "added"  # by hand
        REMOVED = "removed"  # by hand

    version = models.ForeignKey("registry.Version", on_delete=models.CASCADE, related_name="coding_decisions")
    kind = models.CharField(max_length=12)  # of label: objectives, principles
    code = models.CharField(max_length=60)  # the objective's number, the principle's code
    what = models.CharField(max_length=10, choices=What)
    person = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    probability = models.FloatField(null=True)  # as it was proposed; none where nothing was known then
    model = models.CharField(max_length=60, blank=True)  # by which model

    class Meta:
        ordering = ["version", "at", "id"]

    def __str__(self) -> str:
        return f"{self.version_id} {self.kind} {self.code}: {self.what}"


class KeptModel(models.Model):
    """A model that was trained here, with its figures. Whoever proposes reads it: it was made of public texts alone."""

    name = models.CharField(primary_key=True, max_length=60)
    made_at = models.DateTimeField()
    by_person = models.BigIntegerField(null=True)
    by_operator = models.CharField(max_length=120, blank=True)
    encoder = models.CharField(max_length=120)  # of the vectors that it knows
    lexicon = models.CharField(max_length=16)  # the digest of the terms that it weighs
    content = models.BinaryField()  # as `model.save` writes it
    figures = models.JSONField(default=dict)  # kind -> "candidate" and "in use" -> figures, on the same folds
    compared_with = models.CharField(max_length=60)  # the model that was in use then
    is_good_enough = models.BooleanField()  # by the rule, see evaluation/retraining.py
    records = ArrayField(models.BigIntegerField(), default=list)  # ids of those that it learnt from beside the shipped

    class Meta:
        ordering = ["made_at"]

    def __str__(self) -> str:
        return self.name


class Use(models.Model):
    """Which model was put to use, when and by whom: appended to, the newest holds. Without any it is the shipped one."""

    name = models.CharField(max_length=60)
    at = models.DateTimeField()
    by_person = models.BigIntegerField(null=True)
    by_operator = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
