"""Saved searches."""

import django.contrib.postgres.fields
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.BigIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("query", models.TextField(blank=True)),
                ("rhythm", models.CharField(choices=[("at_once", "At once"), ("daily", "Once a day"), ("weekly", "Once a week"), ("never", "Never")], default="weekly", max_length=8)),
                ("saved_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("seen", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ("told_at", models.DateTimeField()),
                ("told", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
            ],
            options={
                "ordering": ["-saved_at", "-id"],
                "constraints": [models.UniqueConstraint(models.F("person"), django.db.models.functions.text.MD5("query"), name="one_saved_search_a_query")],
            },
        ),
    ]
