"""Wordings, passages, and what waits to be made."""

import django.contrib.postgres.search
import django.db.models.deletion
import pgvector.django.halfvec
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("registry", "0006_whose_it_is"),
        ("search", "0001_extensions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Stale",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="registry.version",
                    ),
                ),
                ("since", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(db_default=0, default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("is_public", models.BooleanField()),
                ("field", models.CharField(max_length=40)),
                ("language", models.CharField(max_length=12)),
                ("text", models.TextField()),
                ("made_with", models.CharField(max_length=120)),
                ("vector", pgvector.django.halfvec.HalfVectorField(dimensions=896)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="passages", to="registry.version"
                    ),
                ),
            ],
            options={
                "ordering": ["version", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "made_with", "number"), name="one_passage_a_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=12)),
                ("is_public", models.BooleanField()),
                ("title", models.CharField(max_length=500)),
                ("text", django.contrib.postgres.search.SearchVectorField()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="wordings", to="registry.version"
                    ),
                ),
            ],
            options={
                "ordering": ["version", "language"],
                "constraints": [models.UniqueConstraint(fields=("version", "language"), name="one_wording_a_language")],
            },
        ),
    ]
