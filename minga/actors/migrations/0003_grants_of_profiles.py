"""Grants point at profiles and say who gave them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_profiles_and_invitations"),
        ("actors", "0002_row_security"),
    ]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="granted_by",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="grant",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="grants", to="accounts.profile"
            ),
        ),
    ]
