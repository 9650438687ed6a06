"""Who reads and writes people: sign-in all, the site what colleagues may know; and the counters of attempts."""

from django.db import migrations

from minga.access.policies import SEES_ALL

FORWARD = f"""
create table accounts_attempt (cache_key varchar(255) primary key, value text not null, expires timestamptz not null);
create index on accounts_attempt (expires);

alter table access_databaserole drop constraint access_databaserole_purpose_check;
alter table access_databaserole add constraint access_databaserole_purpose_check
    check (purpose in ('site', 'signin', 'worker', 'backup'));

-- The connection that only signs people in.
create function minga_signs_in() returns boolean language sql stable parallel safe
    return coalesce(minga_role_purpose() = 'signin', false);

-- The time of an entry in the trail is the database's, whatever is said.
create function audit_set_time() returns trigger language plpgsql as $$
begin
    new.at := statement_timestamp();
    return new;
end $$;
create trigger audit_entry_time before insert on audit_entry for each row execute function audit_set_time();

drop policy accounts_person_read on accounts_person;
drop policy accounts_person_insert on accounts_person;
drop policy accounts_person_update on accounts_person;
create policy accounts_person_read on accounts_person for select
    using ({SEES_ALL} or (select minga_signs_in()) or id = (select minga_person()));
create policy accounts_person_insert on accounts_person for insert with check ({SEES_ALL});
create policy accounts_person_update on accounts_person for update
    using ({SEES_ALL} or (select minga_signs_in()) or id = (select minga_person()));

alter table accounts_invitation enable row level security;
create policy accounts_invitation_read on accounts_invitation for select
    using ({SEES_ALL} or (select minga_signs_in()));
create policy accounts_invitation_insert on accounts_invitation for insert with check ({SEES_ALL});
create policy accounts_invitation_update on accounts_invitation for update
    using ({SEES_ALL} or (select minga_signs_in()));
"""
BACKWARD = f"""
drop trigger audit_entry_time on audit_entry;
drop function audit_set_time();
drop table accounts_attempt;
drop policy accounts_invitation_update on accounts_invitation;
drop policy accounts_invitation_insert on accounts_invitation;
drop policy accounts_invitation_read on accounts_invitation;
alter table accounts_invitation disable row level security;
drop policy accounts_person_update on accounts_person;
drop policy accounts_person_insert on accounts_person;
drop policy accounts_person_read on accounts_person;
drop function minga_signs_in();
delete from access_databaserole where purpose = 'signin';
alter table access_databaserole drop constraint access_databaserole_purpose_check;
alter table access_databaserole add constraint access_databaserole_purpose_check
    check (purpose in ('site', 'worker', 'backup'));
create policy accounts_person_read on accounts_person for select
    using ({SEES_ALL} or id = (select minga_person()));
create policy accounts_person_insert on accounts_person for insert with check ({SEES_ALL});
create policy accounts_person_update on accounts_person for update using ({SEES_ALL});
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_profiles_and_invitations"),
        ("access", "0002_operating"),
        ("audit", "0002_append_only"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
