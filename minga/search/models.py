"""What search looks in: the wordings of listed versions for words, their passages for meaning.

Both follow the version (migrations/0002_following.py): they are there while it is listed, and readable exactly when
it is. Vectors of several encoders may stand side by side; each set is used for itself alone.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from pgvector.django import HalfVectorField

WORD_SIZE = 512


class Wording(models.Model):
    """A listed version's text in one language, as full text."""

    version = models.ForeignKey("registry.Version", on_delete=models.CASCADE, related_name="wordings")
    language = models.CharField(max_length=12)
    is_public = models.BooleanField()  # a copy of the version's, so that most rows are decided without looking there
    title = models.CharField(max_length=500)
    text = SearchVectorField()  # stems of the language, without accents
    words = SearchVectorField()  # all words as they are, without accents: names, acronyms, numbers, quoted phrases

    class Meta:
        ordering = ["version", "language"]
        constraints = [models.UniqueConstraint(fields=["version", "language"], name="one_wording_a_language")]


class Passage(models.Model):
    """A passage of a listed version: the first is title and summary together, the others its further texts."""

    version = models.ForeignKey("registry.Version", on_delete=models.CASCADE, related_name="passages")
    number = models.PositiveSmallIntegerField()
    is_public = models.BooleanField()
    field = models.CharField(max_length=40)
    language = models.CharField(max_length=12)
    text = models.TextField()
    made_with = models.CharField(max_length=120)  # the encoder's name
    vector = HalfVectorField()  # as long as the encoder makes them; each set has an index of its own (vectors.py)

    class Meta:
        ordering = ["version", "number"]
        constraints = [models.UniqueConstraint(fields=["version", "made_with", "number"], name="one_passage_a_number")]


class Stale(models.Model):
    """A version whose passages have to be made anew. The worker takes them one after another.

    Triggers mark it for nobody; the worker marks it for each encoder that makes vectors here (indexing.py).
    """

    version = models.ForeignKey("registry.Version", on_delete=models.CASCADE, related_name="+")
    made_with = models.CharField(max_length=120, default="", db_default="")  # the encoder's name
    since = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "made_with"], name="one_mark_an_encoder")]


class VectorSet(models.Model):
    """The vectors of one encoder: what they are made with, how they are compared, how far they are.

    Search uses a set once it is complete; the one before is thrown away then (sets.py).
    """

    name = models.CharField(max_length=120, primary_key=True)  # the encoder's, which says all that vectors depend on
    model = models.CharField(max_length=300, blank=True)  # what a service is asked for; empty: made on this machine
    prefixes = ArrayField(models.CharField(max_length=1000, blank=True), default=list)  # of queries, of passages
    size = models.PositiveSmallIntegerField()
    axes = ArrayField(ArrayField(models.FloatField()), default=list)  # of language: vectors are without them
    made_from = models.CharField(max_length=300, blank=True)  # which translations the axes were computed from
    # A similarity as the default encoder would say it, so that one set of weights and limits holds for all.
    slope = models.FloatField(default=1.0)
    shift = models.FloatField(default=0.0)
    visibilities = ArrayField(models.CharField(max_length=12), default=list)  # of the versions that are in it
    begun_at = models.DateTimeField()
    complete_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["begun_at", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_outside(self) -> bool:
        """Whether a service makes them."""
        return bool(self.model)


class Word(models.Model):
    """A word that stands in public wordings, for spelling hints (wordlist.py). It tells nothing that is not public."""

    key = models.CharField(primary_key=True, max_length=80)  # in small letters, without accents
    shown = models.CharField(max_length=80)  # as most wordings write it: Esperanza, migración, PTP
    wordings = models.PositiveIntegerField()
    newest = models.BigIntegerField()  # the id of the newest wording that was counted


class WordVector(models.Model):
    """A word of the list as a vector, so that words of other languages that say the same are found (kin.py)."""

    key = models.CharField(primary_key=True, max_length=80)
    made_with = models.CharField(max_length=120)
    vector = HalfVectorField(dimensions=WORD_SIZE)
