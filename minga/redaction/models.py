"""What was taken out for good: never the passage itself, only what it takes to find it again in an old backup."""

from django.db import models


class Redaction(models.Model):
    """One passage or file of one record."""

    record = models.ForeignKey("registry.Record", on_delete=models.CASCADE, related_name="redactions")
    words = models.PositiveSmallIntegerField(default=0)  # how many the passage has; 0: a file
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)  # of the passage's words or of the file, see words.py
    reason = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField(null=True)
    applied_at = models.DateTimeField(null=True)
    places = models.PositiveIntegerField(default=0)  # where it was found and taken out

    class Meta:
        ordering = ["-asked_at", "-id"]
