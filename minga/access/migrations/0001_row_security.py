"""Functions that every policy asks, and the table that tells what each database role is for.

Policies never name a role, so that a dump restores under other names: they call these functions, always as
`(select minga_sees_all())`, which PostgreSQL then evaluates once a statement and not once a row.
"""

from django.db import migrations

FORWARD = """
create table access_databaserole (
    name text primary key,
    purpose text not null check (purpose in ('site', 'worker', 'backup'))
);

-- The person in whose name the transaction runs; null for a visitor.
create function minga_person() returns bigint language sql stable parallel safe
    return nullif(current_setting('minga.person', true), '')::bigint;

-- What the connected role is for; null for the owner, who needs no policy. Not security definer: current_user counts.
create function minga_role_purpose() returns text language sql stable parallel safe
    begin atomic
        select purpose from access_databaserole where name = current_user;
    end;

-- The worker may see everything, but only after saying so (which is audited); the backup always.
create function minga_sees_all() returns boolean language sql stable parallel safe
    return coalesce(
        minga_role_purpose() = 'backup'
        or (minga_role_purpose() = 'worker' and current_setting('minga.sees_all', true) = 'on'),
        false
    );
"""

BACKWARD = """
drop function minga_sees_all();
drop function minga_role_purpose();
drop function minga_person();
drop table access_databaserole;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
