"""The one function that changes what is otherwise final, for redaction alone; and who reads what was redacted."""

from django.db import migrations

from minga.access.policies import SEES_ALL

FORWARD = f"""
create table redaction_store (table_name text not null, column_name text not null, primary key (table_name, column_name));

-- Writes a value into a column that is registered as holding text of records. Only for an operator's process that
-- has said that it redacts.
create function redaction_write(into_table text, which bigint, into_column text, new_value jsonb) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if not public.minga_operates() or current_setting('minga.redacts', true) is distinct from 'on' or not exists (
        select 1 from public.redaction_store s where s.table_name = into_table and s.column_name = into_column
    ) then
        raise exception 'Not permitted.' using errcode = 'insufficient_privilege';
    end if;
    execute format(
        'update public.%1$I set %2$I = (jsonb_populate_record(null::public.%1$I, jsonb_build_object(%3$L, $1))).%2$I'
        ' where id = $2', into_table, into_column, into_column) using new_value, which;
end $$;

-- Takes a file's bytes off all versions of a record. What remains is the mark.
create function redaction_remove_file(of_record bigint, of_sha256 text) returns integer
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    removed integer;
begin
    if not public.minga_operates() or current_setting('minga.redacts', true) is distinct from 'on' then
        raise exception 'Not permitted.' using errcode = 'insufficient_privilege';
    end if;
    delete from public.files_attachment a using public.files_content c
        where c.id = a.content_id and c.record_id = of_record and c.sha256 = of_sha256;
    delete from public.files_content where record_id = of_record and sha256 = of_sha256;
    get diagnostics removed = row_count;
    return removed;
end $$;

create or replace function audit_refuse_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and current_setting('minga.redacts', true) = 'on' and public.minga_role_purpose() is null then
        return null;  -- a passage is taken out by redaction_write; what was done, when and by whom stays
    end if;
    raise exception 'The audit trail is never changed.' using errcode = 'insufficient_privilege';
end $$;

alter table redaction_redaction enable row level security;
create policy redaction_redaction_read on redaction_redaction for select using (
    {SEES_ALL} or exists (select 1 from registry_record r where r.id = record_id) or (select minga_is_administrator())
);
create policy redaction_redaction_insert on redaction_redaction for insert with check (
    {SEES_ALL} or ((select minga_is_administrator()) and asked_by = (select minga_person()))
);
create policy redaction_redaction_update on redaction_redaction for update using ({SEES_ALL});
create policy redaction_redaction_delete on redaction_redaction for delete using ({SEES_ALL});
"""


class Migration(migrations.Migration):
    dependencies = [
        ("redaction", "0001_initial"), ("files", "0002_who_reads_files"), ("moderation", "0002_taking_and_filing"),
    ]  # fmt: skip
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
