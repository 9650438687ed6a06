"""Decisions about proposed labels; models that were trained here, and which is in use."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("registry", "0006_whose_it_is")]

    operations = [
        migrations.CreateModel(
            name="KeptModel",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
                ("by_person", models.BigIntegerField(null=True)),
                ("by_operator", models.CharField(blank=True, max_length=120)),
                ("encoder", models.CharField(max_length=120)),
                ("lexicon", models.CharField(max_length=16)),
                ("content", models.BinaryField()),
                ("figures", models.JSONField(default=dict)),
                ("compared_with", models.CharField(max_length=60)),
                ("is_good_enough", models.BooleanField()),
                ("records", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
            ],
            options={"ordering": ["made_at"]},
        ),
        migrations.CreateModel(
            name="Use",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("by_person", models.BigIntegerField(null=True)),
                ("by_operator", models.CharField(blank=True, max_length=120)),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("code", models.CharField(max_length=60)),
                ("what", models.CharField(choices=[("confirmed", "Confirmed"), ("rejected", "Rejected"), ("added", "Added"), ("removed", "Removed")], max_length=10)),
                ("person", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("probability", models.FloatField(null=True)),
                ("model", models.CharField(blank=True, max_length=60)),
                ("version", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="coding_decisions", to="registry.version")),
            ],
            options={"ordering": ["version", "at", "id"]},
        ),
    ]
