"""What search looks in: the wordings of listed versions for words, their passages for meaning.

Both follow the version (migrations/0002_following.py): they are there while it is listed, and readable exactly when
it is.
"""

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from pgvector.django import HalfVectorField

VECTOR_SIZE = 896


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
    vector = HalfVectorField(dimensions=VECTOR_SIZE)

    class Meta:
        ordering = ["version", "number"]
        constraints = [models.UniqueConstraint(fields=["version", "made_with", "number"], name="one_passage_a_number")]


class Stale(models.Model):
    """A version whose passages or wordings have to be made anew. The worker takes them one after another."""

    version = models.OneToOneField("registry.Version", primary_key=True, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
