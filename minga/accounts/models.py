"""People: who may sign in, and what others may know of them.

`Person` holds secrets and is reached through the connection for sign-in alone (see `routing.py`); all other code
reads `Profile`, the part of the same row that colleagues may see. What a person may do comes from grants (`actors`).
"""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

UNUSABLE = "!"  # no password opens it


class Digest(models.TextChoices):
    """How often a person is written to about what waits for her."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")
    NEVER = "never", _("Never")


class PersonManager(BaseUserManager):
    """Finds people by address, whatever its case."""

    def get_by_natural_key(self, username: str) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who may sign in."""

    password = models.CharField(max_length=128, default=UNUSABLE, db_default=UNUSABLE)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=8, default="es", db_default="es")
    is_active = models.BooleanField(default=True, db_default=True)
    # Made for a trial on one machine: refused as soon as the site has a public name (see demonstration.py).
    is_demonstration = models.BooleanField(default=False, db_default=False)
    digest = models.CharField(max_length=8, choices=Digest, default=Digest.DAILY, db_default=Digest.DAILY)
    disabled_at = models.DateTimeField(null=True)  # an invitation does not let her in again
    erased_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = PersonManager()

    def __str__(self) -> str:
        return self.name


class Profile(models.Model):
    """What the site may read of a person: the same row, without its secrets."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=8, default="es")
    is_active = models.BooleanField(default=True)
    is_demonstration = models.BooleanField(default=False)
    digest = models.CharField(max_length=8, choices=Digest, default=Digest.DAILY)
    disabled_at = models.DateTimeField(null=True)  # an invitation does not let her in again
    erased_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        managed = False
        db_table = "accounts_person"
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """A link by which an invited person sets her password, once and for a time. Only its hash is kept."""

    person = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
