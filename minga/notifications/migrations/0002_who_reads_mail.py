"""Mail is put out by anybody's request, read by administrators, and sent by the worker."""

from django.db import migrations

from minga.access.policies import SEES_ALL, guard

FORWARD = f"""
alter table notifications_mail enable row level security;
create policy notifications_mail_insert on notifications_mail for insert with check (true);
create policy notifications_mail_read on notifications_mail for select using ({SEES_ALL} or (select minga_is_administrator()));
create policy notifications_mail_update on notifications_mail for update using ({SEES_ALL});
create policy notifications_mail_delete on notifications_mail for delete using ({SEES_ALL});
"""
BACKWARD = """
drop policy notifications_mail_delete on notifications_mail;
drop policy notifications_mail_update on notifications_mail;
drop policy notifications_mail_read on notifications_mail;
drop policy notifications_mail_insert on notifications_mail;
alter table notifications_mail disable row level security;
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial"), ("actors", "0004_roles")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        guard("notifications_mailed", read="person = (select minga_person())"),
    ]
