"""Profiles, invitations, and what a person prefers."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_row_security"),
    ]

    operations = [
        migrations.CreateModel(
            name="Profile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("language", models.CharField(default="es", max_length=8)),
                ("is_active", models.BooleanField(default=True)),
                ("is_demonstration", models.BooleanField(default=False)),
                (
                    "digest",
                    models.CharField(
                        choices=[
                            ("at_once", "At once"),
                            ("daily", "Once a day"),
                            ("weekly", "Once a week"),
                            ("never", "Never"),
                        ],
                        default="daily",
                        max_length=8,
                    ),
                ),
                ("disabled_at", models.DateTimeField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "db_table": "accounts_person",
                "ordering": ["name", "id"],
                "managed": False,
            },
        ),
        migrations.AddField(
            model_name="person",
            name="digest",
            field=models.CharField(
                choices=[
                    ("at_once", "At once"),
                    ("daily", "Once a day"),
                    ("weekly", "Once a week"),
                    ("never", "Never"),
                ],
                db_default="daily",
                default="daily",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="disabled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="person",
            name="erased_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="person",
            name="is_demonstration",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="person",
            name="is_active",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AlterField(
            model_name="person",
            name="language",
            field=models.CharField(db_default="es", default="es", max_length=8),
        ),
        migrations.AlterField(
            model_name="person",
            name="password",
            field=models.CharField(db_default="!", default="!", max_length=128),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("invited_by", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="accounts.profile"
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
            },
        ),
    ]
