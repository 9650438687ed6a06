"""The trail is appended to by everybody, read by those who see all, changed by nobody."""

from django.db import migrations

FORWARD = """
create function audit_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'The audit trail is never changed.' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_entry_is_final before update or delete or truncate on audit_entry
    for each statement execute function audit_refuse_change();
alter table audit_entry enable row level security;
create policy audit_entry_read on audit_entry for select using ((select minga_sees_all()));
create policy audit_entry_insert on audit_entry for insert
    with check (by_person is not distinct from (select minga_person()) or (select minga_sees_all()));
"""
BACKWARD = """
drop policy audit_entry_insert on audit_entry;
drop policy audit_entry_read on audit_entry;
alter table audit_entry disable row level security;
drop trigger audit_entry_is_final on audit_entry;
drop function audit_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("access", "0001_row_security")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
