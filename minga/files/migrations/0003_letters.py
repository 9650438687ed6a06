"""A letter that allows an entry on another's behalf hangs on its version, and is never public."""

from django.db import migrations, models

from minga.access.policies import SEES_ALL

POLICY = f"""
drop policy files_attachment_read on files_attachment;
create policy files_attachment_read on files_attachment for select using ({SEES_ALL} or exists (
    select 1 from registry_version v where v.id = files_attachment.version_id and (
        not is_letter
        or v.owner_id = any ((select minga_my_actors())::bigint[])
        or v.on_behalf_of_id = any ((select minga_my_actors())::bigint[])
        or v.submitted_at is not null and v.process_id = any ((select minga_my_processes_as('{{secretariat}}'))::bigint[])
    )
));
"""
# Whatever way it leaves the draft, it has its letter.
REQUIRING = """
create function files_require_letter() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    if not exists (select 1 from public.files_attachment a where a.version_id = new.id and a.is_letter) then
        raise exception 'No letter.' using errcode = 'MG424';
    end if;
    return new;
end $$;
create trigger registry_version_letter before update of state on registry_version for each row
    when (old.state = 'draft' and new.state <> 'withdrawn' and old.state <> new.state
        and new.on_behalf_of_id is not null)
    execute function files_require_letter();
"""


class Migration(migrations.Migration):
    dependencies = [("files", "0002_who_reads_files"), ("registry", "0006_whose_it_is")]
    operations = [
        migrations.AddField(
            model_name="attachment", name="is_letter", field=models.BooleanField(db_default=False, default=False)
        ),
        migrations.RunSQL(POLICY, migrations.RunSQL.noop),
        migrations.RunSQL(
            REQUIRING,
            "drop trigger registry_version_letter on registry_version; drop function files_require_letter();",
        ),
    ]
