"""Nobody judges what was entered on behalf of her own country or institution, or what her country has a part in."""

from django.db import migrations

DEFINER = "security definer set search_path = pg_catalog, public, pg_temp"
IMPARTIAL = f"""
create or replace function moderation_is_impartial(v registry_version) returns boolean language sql stable {DEFINER}
    return not exists (
        select 1 from public.actors_grant g
        join public.actors_actor a on a.id = g.actor_id
        join public.actors_actor o on o.id = v.owner_id or o.id = v.on_behalf_of_id
        where g.person_id = public.minga_person() and (g.until is null or g.until >= current_date - 365)
        and (a.id = o.id or a.country <> '' and a.country = o.country or exists (
            select 1 from public.registry_participation p join public.actors_actor pa on pa.id = p.actor_id
            where p.version_id = v.id and (pa.id = a.id or a.country <> '' and pa.country = a.country)))
    ) and not exists (
        select 1 from public.moderation_conflict c where c.record_id = v.record_id and c.person = public.minga_person()
    );
"""


class Migration(migrations.Migration):
    dependencies = [("moderation", "0002_taking_and_filing"), ("registry", "0006_whose_it_is")]
    operations = [migrations.RunSQL(IMPARTIAL, migrations.RunSQL.noop)]
