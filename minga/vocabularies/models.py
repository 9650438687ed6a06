"""Controlled lists (schemes) and their concepts, loaded from versioned files in `data/`.

Everything here is public. Records point at concepts by code, never by a foreign key, so that a code
survives a new version of its scheme: a concept that a newer file leaves out is marked as retired and stays.
"""

from django.db import models


class Scheme(models.Model):
    """A framework (the GCM's objectives) or a list (levels of government)."""

    code = models.SlugField(primary_key=True, max_length=60)
    version = models.CharField(max_length=40)
    names = models.JSONField()  # language -> name
    descriptions = models.JSONField(default=dict)
    is_framework = models.BooleanField(default=False)  # shown to readers as something to be classified by
    citation = models.TextField(blank=True)
    address = models.URLField(max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class Concept(models.Model):
    """One entry of a scheme, with its wording in each language and the standing of each wording."""

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="concepts")
    code = models.CharField(max_length=60)  # "GCM-O05", "human-rights", "workers"
    notation = models.CharField(max_length=20, blank=True)  # what people write: "5", "15(f)", "10.7"
    position = models.PositiveSmallIntegerField()
    labels = models.JSONField()  # language -> full title
    short_labels = models.JSONField(default=dict)
    glosses = models.JSONField(default=dict)
    statuses = models.JSONField(default=dict)  # "label.fr" -> official | official-recalled | agency | unofficial
    parent = models.CharField(max_length=60, blank=True)  # code in the same scheme
    related = models.JSONField(default=list)  # [{"relation", "scheme", "code"}]
    origin = models.JSONField(default=dict)  # {"citation", "address", "confidence", "event"}
    since = models.CharField(max_length=40)  # version of the scheme that brought it
    is_retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["scheme", "position", "code"]
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="one_concept_a_code")]

    def __str__(self) -> str:
        return f"{self.scheme_id}:{self.code}"
