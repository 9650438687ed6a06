"""An author tells the office that keeps a record that she works on something that overlaps: title and office, no more.

The draft stays confidential: whoever is told reads this row and no version of it.
"""

import django.db.models.deletion
from django.db import migrations, models

from minga.access.policies import SEES_ALL, guard

DEFINER = "security definer set search_path = pg_catalog, public, pg_temp"
TO_HER = (
    "exists (select 1 from registry_record r where r.id = duplicates_invitation.record_id"
    " and r.owner_id = any ((select minga_my_actors())::bigint[]))"
)
READ = f"office_id = any ((select minga_my_actors())::bigint[]) or {TO_HER}"
# By an author of the draft, to another office, about a record that she may read.
WRITE = (
    f"{SEES_ALL} or by_person = (select minga_person()) and seen_at is null and seen_by is null"
    " and office_id = any ((select minga_my_written_actors())::bigint[])"
    " and exists (select 1 from registry_record r where r.id = duplicates_invitation.about_id"
    " and r.owner_id = duplicates_invitation.office_id)"
    " and exists (select 1 from registry_version v where v.record_id = duplicates_invitation.record_id and v.is_listed"
    " and v.owner_id <> duplicates_invitation.office_id)"
)
SEEING = f"""
-- The office that is told says that it has seen it.
create function duplicates_see_invitation(told bigint) returns void language plpgsql {DEFINER} as $$
begin
    update public.duplicates_invitation i set seen_at = statement_timestamp(), seen_by = public.minga_person()
    from public.registry_record r
    where i.id = told and i.seen_at is null and r.id = i.record_id
    and r.owner_id = any (public.minga_my_written_actors());
    if not found then
        raise exception 'Nothing there.' using errcode = 'MG404';
    end if;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("actors", "0004_roles"), ("duplicates", "0002_row_security")]
    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=500)),
                ("note", models.TextField(blank=True)),
                ("by_person", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(null=True)),
                ("seen_by", models.BigIntegerField(null=True)),
                ("about", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+",
                                            to="registry.record")),
                ("office", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+",
                                             to="actors.actor")),
                ("record", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+",
                                             to="registry.record")),
            ],
            options={"ordering": ["at", "id"]},
        ),
        guard("duplicates_invitation", read=READ, write=WRITE),
        migrations.RunSQL(SEEING, "drop function duplicates_see_invitation(bigint)"),
    ]  # fmt: skip
