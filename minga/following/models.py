"""What a person follows: searches, and lists that are narrowed by filters alone, which are searches without words."""

from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import MD5
from django.http import QueryDict

from minga.accounts.models import Digest
from minga.registry.lists import RecordList
from minga.search.lists import read_list


class SavedSearch(models.Model):
    """A search that a person keeps. She alone reads it; the worker asks it for her, with her rights."""

    person = models.BigIntegerField()
    name = models.CharField(max_length=200)
    query = models.TextField(blank=True)  # a list's query string in one spelling (saving.canonical); empty: all records
    rhythm = models.CharField(max_length=8, choices=Digest, default=Digest.WEEKLY)  # how often she is written to
    saved_at = models.DateTimeField()
    # What is new is what fits, was listed since, and is not among those that she knows: vectors come after a record is
    # listed, so a time alone would lose some (news.py). Once for what she saw here, once for what she was written.
    seen_at = models.DateTimeField()
    seen = ArrayField(models.BigIntegerField(), default=list)  # ids of records
    told_at = models.DateTimeField()
    told = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        ordering = ["-saved_at", "-id"]
        constraints = [models.UniqueConstraint("person", MD5("query"), name="one_saved_search_a_query")]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def asked(self) -> RecordList:
        """The list that it asks for."""
        return read_list(QueryDict(self.query))

    @property
    def newest_first(self) -> str:
        """Its query string, the newest first."""
        return self.asked.query(sort="newest")
