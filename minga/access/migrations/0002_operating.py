"""Whether an operator's command is asking, for functions that run as the owner.

Inside such a function `current_user` is the owner, so `minga_sees_all()` would not know the worker there: who logged in
(`session_user`) says it instead.
"""

from django.db import migrations

FORWARD = """
create function minga_operates() returns boolean language sql stable
    begin atomic
        select coalesce(current_setting('minga.sees_all', true) = 'on' and exists (
            select 1 from public.access_databaserole
            where name = coalesce(nullif(current_setting('role'), 'none'), session_user) and purpose = 'worker'
        ), false);
    end;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_row_security")]
    operations = [migrations.RunSQL(FORWARD, "drop function minga_operates();")]
