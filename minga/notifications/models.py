"""Mail on its way out. Without a mail server it stays here, where the administrator can read it."""

from django.db import models

from minga.notifications import reasons

# Minutes between one try and the next: two days in all.
PAUSES = (1, 2, 5, 15, 30, 60, 120, 240, 480, 720, 1200)
MOST_ATTEMPTS = len(PAUSES) + 1


class Mail(models.Model):
    """One message. It holds numbers, links, and titles of what is public; never anything else that a record says."""

    to = models.EmailField()
    person = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Why the last try failed (reasons.py).
    problem = models.CharField(max_length=500, blank=True)
    # When it is tried again; empty before the first try, and after an administrator asked for it.
    again_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["created_at"], name="mail_waiting", condition=models.Q(sent_at=None))]

    @property
    def is_given_up(self) -> bool:
        """Whether it is not tried any more until somebody asks."""
        return self.sent_at is None and self.attempts >= MOST_ATTEMPTS

    @property
    def reason(self) -> str:
        """Why the last try failed, in the current language."""
        return reasons.told(self.problem)


class Mailed(models.Model):
    """When a person was last written to about what waits for her."""

    person = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
