"""A file is read exactly when a version that carries it is; it is added to and taken from drafts only."""

from django.db import migrations

from minga.access.policies import SEES_ALL, guard

OWN_DRAFT = (
    SEES_ALL + " or exists (select 1 from registry_version v where v.id = files_attachment.version_id"
    " and v.state = 'draft' and v.owner_id = any ((select minga_my_written_actors())::bigint[]))"
)
OWN_RECORD = (
    SEES_ALL + " or exists (select 1 from registry_record r where r.id = {table}.record_id"
    " and r.owner_id = any ((select minga_my_written_actors())::bigint[]))"
)
# A content may be hung on a version of the record that it was uploaded for, and on no other.
SAME_RECORD = "files_is_of_record(content_id, version_id)"
# Runs as the owner: the policies of contents and attachments would otherwise ask each other for ever.
FUNCTION = """
create function files_is_of_record(which bigint, of_version bigint) returns boolean language sql stable
    security definer set search_path = pg_catalog, public, pg_temp
    return exists (
        select 1 from public.files_content c join public.registry_version v on v.record_id = c.record_id
        where c.id = which and v.id = of_version
    );
"""
TRIGGERS = """
create trigger files_attachment_kept before insert or update or delete on files_attachment
    for each row execute function registry_keep_parts();
"""


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial"), ("registry", "0005_moves")]
    operations = [
        migrations.RunSQL(FUNCTION, "drop function files_is_of_record(bigint, bigint);"),
        guard(
            "files_attachment",
            read="exists (select 1 from registry_version v where v.id = files_attachment.version_id)",
            write=f"({OWN_DRAFT}) and {SAME_RECORD}",
        ),
        guard(
            "files_content",
            read="exists (select 1 from files_attachment a where a.content_id = files_content.id)"
            " or exists (select 1 from registry_record r where r.id = files_content.record_id"
            " and r.owner_id = any ((select minga_my_written_actors())::bigint[]))",
            write=OWN_RECORD.format(table="files_content"),
        ),
        guard(
            "files_piece",
            read="exists (select 1 from files_content c where c.id = files_piece.content_id)",
            write=SEES_ALL + " or exists (select 1 from files_content c join registry_record r on r.id = c.record_id"
            " where c.id = files_piece.content_id and r.owner_id = any ((select minga_my_written_actors())::bigint[]))",
        ),
        migrations.RunSQL(TRIGGERS, "drop trigger files_attachment_kept on files_attachment;"),
    ]
