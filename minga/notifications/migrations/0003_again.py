"""Mail that could not be sent is tried again after growing pauses; an administrator asks for what was given up."""

from django.db import migrations, models

from minga.access.policies import SEES_ALL

MAY_UPDATE = "alter policy notifications_mail_update on notifications_mail using ({})"


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_who_reads_mail")]
    operations = [
        migrations.AddField("mail", "again_at", models.DateTimeField(null=True)),
        # Which columns she may change is granted in access/roles.py: how often it was tried and when it is again.
        migrations.RunSQL(
            MAY_UPDATE.format(f"{SEES_ALL} or (select minga_is_administrator())"), MAY_UPDATE.format(SEES_ALL)
        ),
    ]
