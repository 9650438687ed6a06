"""Who did what, when and why: appended to, never changed.

No foreign keys, so that an entry outlives what it speaks of. The table refuses updates and deletions
by a trigger, whoever asks.
"""

from django.db import models


class Entry(models.Model):
    """One thing that somebody did or, for confidential records, saw."""

    at = models.DateTimeField(auto_now_add=True)
    act = models.CharField(max_length=80)  # "record.published", "operator.export"
    by_person = models.BigIntegerField(null=True)
    by_operator = models.CharField(max_length=120, blank=True)  # the machine's user name, for commands
    subject = models.CharField(max_length=120, blank=True)  # "record:m7k3q9x2ab"
    owner_actor = models.BigIntegerField(null=True)  # whose record it was, for those who may look
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["subject", "-at"]), models.Index(fields=["-at"])]
