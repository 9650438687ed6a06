"""Files that hang on a version: readable exactly when the version is, and frozen with it.

The content lies in the database, in pieces: so row security guards it, a backup holds it, and several hosts share it
(docs/decisions/0005-files-in-the-database.md).
"""

from django.db import models


class Content(models.Model):
    """The bytes of a file, kept once for all versions of a record that carry it."""

    record = models.ForeignKey("registry.Record", on_delete=models.CASCADE, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()  # bytes
    added_at = models.DateTimeField()


class Piece(models.Model):
    """A part of a content, of at most `changes.PIECE` bytes."""

    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveSmallIntegerField()
    data = models.BinaryField()

    class Meta:
        ordering = ["content", "number"]
        constraints = [models.UniqueConstraint(fields=["content", "number"], name="one_piece_a_number")]


class Attachment(models.Model):
    """A file of a version."""

    version = models.ForeignKey("registry.Version", on_delete=models.CASCADE, related_name="attachments")
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="attachments")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=160)
    media_type = models.CharField(max_length=100)
    description = models.CharField(max_length=500, blank=True)  # of a picture: what it shows, for those who do not see
    width = models.PositiveIntegerField(default=0)  # pixels; 0 when it is no picture
    height = models.PositiveIntegerField(default=0)
    is_letter = models.BooleanField(
        default=False, db_default=False
    )  # allows the entry on another's behalf; never public
    added_by = models.BigIntegerField(null=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["version", "position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="one_file_a_position")]
