"""Revisions and edits of drafts, readers beside the owner, rules of processes; more states."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("actors", "0003_grants_of_profiles"),
        ("registry", "0003_counts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Edit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("revision", models.PositiveIntegerField()),
                ("field", models.CharField(max_length=40)),
                ("value", models.JSONField(null=True)),
                ("is_set_aside", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["version", "at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Reader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.BigIntegerField(null=True)),
                (
                    "why",
                    models.CharField(
                        choices=[("moderator", "Moderator"), ("named_country", "Named Country")], max_length=16
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["version", "id"],
            },
        ),
        migrations.CreateModel(
            name="Rules",
            fields=[
                (
                    "process",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="actors.actor",
                    ),
                ),
                ("is_default", models.BooleanField(default=False)),
                ("moderators_needed", models.PositiveSmallIntegerField(default=2)),
                ("names_shown", models.BooleanField(default=False)),
                ("endorse_days", models.PositiveSmallIntegerField(default=10)),
                ("moderate_days", models.PositiveSmallIntegerField(default=15)),
                ("publish_days", models.PositiveSmallIntegerField(default=5)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="version",
            name="one_open_version",
        ),
        migrations.RemoveConstraint(
            model_name="version",
            name="a_known_state",
        ),
        migrations.RemoveConstraint(
            model_name="version",
            name="a_title",
        ),
        migrations.AddField(
            model_name="version",
            name="moderators_needed",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="version",
            name="revision",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="version",
            name="submitted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="version",
            name="unread",
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AlterField(
            model_name="version",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("to_endorse", "With the endorsing office"),
                    ("endorsed", "Endorsed by its owner's office"),
                    ("submitted", "Submitted"),
                    ("in_moderation", "In moderation"),
                    ("changes_requested", "Changes requested"),
                    ("not_suitable", "Not suitable"),
                    ("accepted", "Accepted"),
                    ("published", "Published"),
                    ("published_from_source", "Published from a public source"),
                    ("replaced", "Replaced by a newer version"),
                    ("archived", "Archived"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="draft",
                max_length=24,
            ),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(
                condition=models.Q(
                    ("state__in", ("published", "published_from_source", "replaced", "archived", "withdrawn")),
                    _negated=True,
                ),
                fields=["owner", "state", "-changed_at"],
                name="at_work_by_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(
                condition=models.Q(
                    ("state__in", ("published", "published_from_source", "replaced", "archived", "withdrawn")),
                    _negated=True,
                ),
                fields=["process", "state"],
                name="at_work_by_process",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("state__in", ("draft", "to_endorse", "endorsed", "submitted", "in_moderation", "accepted"))
                ),
                fields=("record",),
                name="one_open_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "draft",
                            "to_endorse",
                            "endorsed",
                            "submitted",
                            "in_moderation",
                            "changes_requested",
                            "not_suitable",
                            "accepted",
                            "published",
                            "published_from_source",
                            "replaced",
                            "archived",
                            "withdrawn",
                        ],
                    )
                ),
                name="a_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("title", ""), _negated=True), ("state__in", ["draft", "withdrawn"]), _connector="OR"
                ),
                name="a_title",
            ),
        ),
        migrations.AddField(
            model_name="edit",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="edits", to="registry.version"
            ),
        ),
        migrations.AddField(
            model_name="reader",
            name="actor",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="actors.actor"
            ),
        ),
        migrations.AddField(
            model_name="reader",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="readers", to="registry.version"
            ),
        ),
        migrations.AddConstraint(
            model_name="rules",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)), fields=("is_default",), name="one_default_process"
            ),
        ),
        migrations.AddConstraint(
            model_name="rules",
            constraint=models.CheckConstraint(
                condition=models.Q(("moderators_needed__lte", 5)), name="at_most_five_moderators"
            ),
        ),
        migrations.AddIndex(
            model_name="reader",
            index=models.Index(fields=["person"], name="registry_re_person_41687b_idx"),
        ),
        migrations.AddIndex(
            model_name="reader",
            index=models.Index(fields=["actor"], name="registry_re_actor_i_d6ff10_idx"),
        ),
    ]
