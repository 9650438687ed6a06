"""Whoever acts: states, cities, agencies, networks, organisations, processes.

An actor has many spellings (aliases), belongs to processes for a time (memberships) and stands somehow to an
instrument since a date (positions): none of these is a yes or no.
"""

from django.db import models

from minga.access.permissions import Role


class Standing(models.TextChoices):
    """Whether the secretariat has taken an actor into its list."""

    ESTABLISHED = "established"
    PROPOSED = "proposed"  # named by a record or an import; readable only where a readable record cites it


class Actor(models.Model):
    """A state, an agency, a city, a network, a process."""

    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=40)  # a code of the scheme actor-kinds
    standing = models.CharField(max_length=12, choices=Standing, default=Standing.ESTABLISHED)
    names = models.JSONField()  # language -> name
    long_names = models.JSONField(default=dict)
    acronyms = models.JSONField(default=dict)
    name_source = models.CharField(max_length=40, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    country = models.CharField(max_length=3, blank=True)  # ISO alpha-3 of a country, or of where a body belongs
    iso2 = models.CharField(max_length=2, blank=True)
    m49 = models.CharField(max_length=3, blank=True)
    m49_region = models.CharField(max_length=3, blank=True)
    m49_subregion = models.CharField(max_length=3, blank=True)
    confidence = models.CharField(max_length=20, blank=True)
    sources = models.JSONField(default=list)
    note = models.TextField(blank=True)
    proposed_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["slug"]
        indexes = [models.Index(fields=["kind", "slug"]), models.Index(fields=["country", "kind"])]

    def __str__(self) -> str:
        return self.slug


class Alias(models.Model):
    """A spelling that means an actor; or, when ambiguous, one that may mean it and must be asked about."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField(max_length=300)
    key = models.CharField(max_length=300, db_index=True)  # see names.key_of
    is_ambiguous = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["actor", "text"]
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="one_alias_a_spelling")]


class Membership(models.Model):
    """An actor's belonging to a process, with its status and period."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="memberships")
    process = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="members")
    status = models.CharField(max_length=40)  # a code of membership-statuses
    since = models.CharField(max_length=10, blank=True)  # partial dates: 2023, 2023-11, 2023-11-30
    until = models.CharField(max_length=10, blank=True)
    source = models.TextField(blank=True)
    address = models.URLField(max_length=500, blank=True)
    confidence = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["process", "status", "actor", "since"]
        constraints = [
            models.UniqueConstraint(fields=["actor", "process", "status", "since"], name="one_membership_a_period")
        ]


class Position(models.Model):
    """What a State did about an instrument on a date: a vote, a withdrawal, a return. A vote is not a stance."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="positions")
    instrument = models.CharField(max_length=60)
    act = models.CharField(max_length=40)  # a code of instrument-acts
    taken_on = models.CharField(max_length=10, blank=True)  # partial date
    source = models.TextField(blank=True)
    address = models.URLField(max_length=500, blank=True)
    confidence = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["instrument", "taken_on", "actor"]
        constraints = [models.UniqueConstraint(fields=["actor", "instrument", "act", "taken_on"], name="one_act_a_day")]


class Grant(models.Model):
    """A person's role for an actor, or within a process, for a time. Row-security policies read this table."""

    person = models.ForeignKey("accounts.Profile", on_delete=models.CASCADE, related_name="grants")
    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    process = models.ForeignKey(Actor, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # the last day
    granted_by = models.BigIntegerField(null=True, editable=False)

    class Meta:
        ordering = ["person", "actor", "role"]

    def get_role_display(self) -> str:
        """The role's name in the language of the page."""
        return Role(self.role).label
