"""Mail on its way out. Without a mail server it stays here, where the administrator can read it."""

from django.db import models


class Mail(models.Model):
    """One message. It never holds what a record says: only numbers, and a link to sign in with."""

    to = models.EmailField()
    person = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["created_at"], name="mail_waiting", condition=models.Q(sent_at=None))]


class Mailed(models.Model):
    """When a person was last written to about what waits for her."""

    person = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
