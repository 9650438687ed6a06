"""Records, their versions, and what hangs on a version.

Visibility belongs to the version, and everything that hangs on a version is readable exactly when the version is
(see the policies in `migrations/`). Codes, not foreign keys, point into vocabularies and countries.
Rows are written by `changes.py` alone.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from minga.common.ids import new_public_id
from minga.registry.kinds import Kind
from minga.registry.lifecycle import AT_REST, LISTED, OPEN, STANDING, State


class Visibility(models.TextChoices):
    """Who may read a version once it is listed. Before, only its owner's people may."""

    PUBLIC = "public"
    PARTICIPANTS = "participants"  # of the version's process
    NAMED = "named"  # the actors of the version's audience


class Record(models.Model):
    """The identity of a record: what never changes while its versions do."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=12, choices=Kind)
    owner = models.ForeignKey("actors.Actor", on_delete=models.PROTECT, related_name="records")
    external_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # When a visitor could first read it. From then on its address is known, and says so after a withdrawal.
    public_since = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            # Within its owner only: across owners a clash would betray a hidden record.
            models.UniqueConstraint(
                fields=["owner", "external_id"], condition=~Q(external_id=""), name="one_record_an_external_id"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="a_known_kind"),
        ]

    def __str__(self) -> str:
        return self.public_id


class VersionQuerySet(models.QuerySet):
    """Reusable parts of questions about versions."""

    def listed(self) -> "VersionQuerySet":
        """Those that stand for their record on the site (and that the person may read: the database sees to it)."""
        return self.filter(is_listed=True)


class Version(models.Model):
    """One state of a record's content."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    # Copies of the record's, kept by a trigger: policies and counts look at one row only.
    kind = models.CharField(max_length=12, choices=Kind)
    owner = models.ForeignKey("actors.Actor", on_delete=models.PROTECT, related_name="+")

    state = models.CharField(max_length=24, choices=State, default=State.DRAFT)
    visibility = models.CharField(max_length=12, choices=Visibility, default=Visibility.PUBLIC)
    process = models.ForeignKey("actors.Actor", null=True, on_delete=models.PROTECT, related_name="+")
    audience = ArrayField(models.BigIntegerField(), default=list)  # ids of actors, for Visibility.NAMED
    # Whom the owner entered it for; a letter among its files allows it.
    on_behalf_of = models.ForeignKey("actors.Actor", null=True, on_delete=models.PROTECT, related_name="+")

    language = models.CharField(max_length=12)
    title = models.CharField(max_length=500)
    summary = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    places = ArrayField(models.CharField(max_length=3), default=list)
    region = models.CharField(max_length=40, blank=True)
    is_of_region = models.BooleanField(default=False)  # of the Americas; these come first
    objectives = ArrayField(models.PositiveSmallIntegerField(), default=list)  # the primary one first
    principles = ArrayField(models.CharField(max_length=60), default=list)
    concepts = ArrayField(models.CharField(max_length=120), default=list)
    populations = ArrayField(models.CharField(max_length=40), default=list)
    level = models.CharField(max_length=20, blank=True)
    progress = models.CharField(max_length=20, blank=True)
    starts = models.CharField(max_length=10, blank=True)
    ends = models.CharField(max_length=10, blank=True)
    year = models.PositiveSmallIntegerField(null=True)  # of the start
    source_url = models.CharField(max_length=1000, blank=True)
    fingerprint = models.CharField(max_length=64)  # of the content, see content.py

    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField(auto_now=True)
    listed_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)  # from then on its process's secretariat may read it
    # How many moderators judge it: the process's rule on the day of submission.
    moderators_needed = models.PositiveSmallIntegerField(null=True)
    # Counts the changes of a draft (a trigger), so that nobody endorses a text that she has not read.
    revision = models.PositiveIntegerField(default=0, db_default=0)
    # What was typed into a draft and cannot be read yet (a wrong date): field -> raw text.
    unread = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))

    is_listed = models.GeneratedField(
        expression=Q(state__in=LISTED), output_field=models.BooleanField(), db_persist=True
    )
    is_public = models.GeneratedField(
        expression=Q(state__in=LISTED, visibility=Visibility.PUBLIC),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["record", "number"]
        constraints = [
            models.UniqueConstraint(fields=["record", "number"], name="one_version_a_number"),
            models.UniqueConstraint(fields=["record"], condition=Q(state__in=STANDING), name="one_listed_version"),
            models.UniqueConstraint(fields=["record"], condition=Q(state__in=OPEN), name="one_open_version"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="a_known_state"),
            # A draft may lack everything; whoever sends it on is asked for what is required.
            models.CheckConstraint(
                condition=~Q(title="") | Q(state__in=[State.DRAFT, State.WITHDRAWN]), name="a_title"
            ),
        ]
        indexes = [
            models.Index(
                F("is_of_region").desc(), F("listed_at").desc(), F("record_id").desc(),
                name="listed_first_of_region", condition=Q(is_listed=True),
            ),
            models.Index(
                F("year").desc(nulls_last=True), F("record_id").desc(), name="listed_by_year",
                condition=Q(is_listed=True),
            ),
            models.Index(F("title"), F("record_id"), name="listed_by_title", condition=Q(is_listed=True)),
            models.Index(F("listed_at").desc(), F("record_id").desc(), name="listed_newest",
                         condition=Q(is_listed=True)),
            # What somebody works on: a desk shows the versions of her actors that are not at rest.
            models.Index(
                fields=["owner", "state", "-changed_at"], name="at_work_by_owner", condition=~Q(state__in=AT_REST)
            ),
            models.Index(fields=["process", "state"], name="at_work_by_process", condition=~Q(state__in=AT_REST)),
            # Few: counted directly beside the kept counts of what is public.
            models.Index(F("record_id"), name="listed_beyond_public", condition=Q(is_listed=True, is_public=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.record_id}/{self.number}"


class Participation(models.Model):
    """An actor's part in what a version tells of, under the name that its source gives."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="participations")
    actor = models.ForeignKey("actors.Actor", on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=10)  # a code of participation-roles
    position = models.PositiveSmallIntegerField()
    name_as_given = models.CharField(max_length=400)

    class Meta:
        ordering = ["version", "position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="one_actor_a_position")]


class Translation(models.Model):
    """A version's text in another language, with where it comes from and what it counts for."""

    class Origin(models.TextChoices):
        """Who made it."""

        AUTHOR = "author"
        TRANSLATOR = "translator"
        MACHINE = "machine"

    class Authority(models.TextChoices):
        """What it counts for beside the original."""

        ORIGINAL = "original"
        PARALLEL = "parallel"
        TRANSLATION = "translation"

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=12)
    origin = models.CharField(max_length=12, choices=Origin)
    authority = models.CharField(max_length=12, choices=Authority)
    title = models.CharField(max_length=500)
    summary = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["version", "language"]
        constraints = [models.UniqueConstraint(fields=["version", "language"], name="one_translation_a_language")]


class Transition(models.Model):
    """A step in a version's life: who, when, why. Appended to, never changed."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="transitions")
    name = models.CharField(max_length=30)
    from_state = models.CharField(max_length=24, blank=True)
    to_state = models.CharField(max_length=24)
    at = models.DateTimeField()
    by_person = models.BigIntegerField(null=True)
    by_operator = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["version", "at", "id"]


class Edit(models.Model):
    """What a save of a draft overwrote, or could not write since somebody else had: appended to, so no text is lost."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="edits")
    person = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    revision = models.PositiveIntegerField()  # of the version after the save
    field = models.CharField(max_length=40)
    value = models.JSONField(null=True)
    # False: the value before the save. True: what this person typed while somebody else changed the same field.
    is_set_aside = models.BooleanField(default=False)

    class Meta:
        ordering = ["version", "at", "id"]


class Reader(models.Model):
    """Somebody beside its owner's people who may read a version before it is listed, and why."""

    class Why(models.TextChoices):
        """The reason."""

        MODERATOR = "moderator"  # took it, with no conflict of interest
        NAMED_COUNTRY = "named_country"  # the record names it; it is told before publication

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="readers")
    person = models.BigIntegerField(null=True)
    actor = models.ForeignKey("actors.Actor", null=True, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=16, choices=Why)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["version", "id"]
        indexes = [models.Index(fields=["person"]), models.Index(fields=["actor"])]


class Claim(models.Model):
    """A maker's word that a record is its own, and what the record's owner answered: so records change hands."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="claims")
    actor = models.ForeignKey("actors.Actor", on_delete=models.CASCADE, related_name="+")  # whose it would be
    by_person = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    former_owner = models.ForeignKey("actors.Actor", null=True, on_delete=models.CASCADE, related_name="+")
    is_granted = models.BooleanField(null=True)  # None: not answered yet
    answered_by = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)  # of a refusal

    class Meta:
        ordering = ["record", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "actor"], condition=Q(is_granted__isnull=True), name="one_open_claim"
            )
        ]


class Rules(models.Model):
    """How a process treats what is submitted to it."""

    process = models.OneToOneField("actors.Actor", primary_key=True, on_delete=models.CASCADE, related_name="+")
    is_default = models.BooleanField(default=False)  # where records go that name no process
    moderators_needed = models.PositiveSmallIntegerField(default=2)  # 0: the secretariat decides alone
    names_shown = models.BooleanField(default=False)  # moderators' names, to authors
    endorse_days = models.PositiveSmallIntegerField(default=10)
    moderate_days = models.PositiveSmallIntegerField(default=15)
    publish_days = models.PositiveSmallIntegerField(default=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="one_default_process"),
            models.CheckConstraint(condition=Q(moderators_needed__lte=5), name="at_most_five_moderators"),
        ]


class Count(models.Model):
    """Which public listed records have a facet's value: one bit a record, in blocks of 8,192 (see counts.py)."""

    facet = models.CharField(max_length=16)
    value = models.CharField(max_length=60)
    block = models.IntegerField()
    # bits: bit(8192), added by the migration; Django has no field for it

    pk = models.CompositePrimaryKey("facet", "value", "block")

    class Meta:
        db_table = "registry_count"
