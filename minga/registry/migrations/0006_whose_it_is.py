"""Records entered on another's behalf, and records that change hands because their maker claims them.

Both go through functions: nobody else says whose a record is.
"""

import importlib

from django.db import migrations, models
from django.db.models import deletion

from minga.access.policies import SEES_ALL, guard

DEFINER = "security definer set search_path = pg_catalog, public, pg_temp"
moves = importlib.import_module("minga.registry.migrations.0005_moves")
BEHALF = "(on_behalf_of_id = any ((select minga_my_actors())::bigint[]) and state <> 'draft')"

READING = f"""
-- Whoever it is entered for reads it as soon as it leaves the desk of whoever writes it.
drop policy registry_version_read on registry_version;
create policy registry_version_read on registry_version for select using (
    {SEES_ALL} or ({moves.VERSION_READ}) or {BEHALF}
);
drop policy registry_version_insert on registry_version;
create policy registry_version_insert on registry_version for insert with check (
    {SEES_ALL} or ({moves.WRITTEN} and state = 'draft' and listed_at is null and submitted_at is null
        and created_by is not distinct from (select minga_person()) and on_behalf_of_id is distinct from owner_id
        and (process_id is null or process_id = any ((select minga_my_processes())::bigint[])))
);
drop policy registry_transition_read on registry_transition;
create policy registry_transition_read on registry_transition for select using (
    {SEES_ALL} or exists (
        select 1 from registry_version v where v.id = version_id and (
            v.owner_id = any ((select minga_my_actors())::bigint[])
            or v.on_behalf_of_id = any ((select minga_my_actors())::bigint[])
            or v.submitted_at <= at and v.process_id = any ((select minga_my_processes_as('{{secretariat}}'))::bigint[])
            or name in ('publish', 'publish_from_source', 'adopt', 'replace', 'archive', 'withdraw')
        )
    )
);
"""

CLAIMING = f"""
-- What the current person is to a version, the endorsing officer of whom it was handed over to included.
create or replace function registry_relations(v registry_version) returns text[] language plpgsql stable {DEFINER} as $$
declare
    found text[] := '{{}}';
begin
    if public.minga_operates() then
        return array['operator'];
    end if;
    if public.minga_person() is null then
        return found;
    end if;
    if v.owner_id = any (public.minga_my_written_actors()) then found := found || 'author'::text; end if;
    if v.owner_id = any (public.minga_my_actors_as('{{focal_point}}')) then found := found || 'focal_point'::text; end if;
    if v.owner_id = any (public.minga_my_actors_as('{{endorser}}')) then
        found := found || 'endorser'::text;
        if exists (select 1 from public.registry_claim c
                   where c.record_id = v.record_id and c.actor_id = v.owner_id and c.is_granted) then
            found := found || 'adopter'::text;
        end if;
    end if;
    -- Its secretariat: of the process it was submitted to; of the default one, for public records that have none.
    if (case when v.process_id is null then v.is_public and exists (
            select 1 from public.registry_rules r where r.is_default
            and r.process_id = any (public.minga_my_processes_as('{{secretariat}}')))
        else v.submitted_at is not null and v.process_id = any (public.minga_my_processes_as('{{secretariat}}')) end) then
        found := found || 'secretariat'::text;
        if v.moderators_needed = 0 then found := found || 'secretariat_alone'::text; end if;
    end if;
    return found;
end $$;

-- Whether a record may be claimed for an actor: it is listed, and was taken from a public source or entered for it.
create function registry_is_claimable(v registry_version, claimant bigint) returns boolean language sql stable {DEFINER}
    return v.is_listed and v.owner_id <> claimant
        and (v.state = 'published_from_source' and v.is_public or v.on_behalf_of_id = claimant);

-- A focal point says that a record is her office's own. Returns the claim's id.
create function registry_claim_record(which bigint, claimant bigint, words text) returns bigint
    language plpgsql {DEFINER} as $$
declare
    made bigint;
begin
    if not claimant = any (public.minga_my_actors_as('{{focal_point}}')) or not exists (
        select 1 from public.registry_version v
        where v.record_id = which and public.registry_is_claimable(v.*, claimant)
    ) then
        raise exception 'Nothing there.' using errcode = 'MG404';
    end if;
    insert into public.registry_claim (record_id, actor_id, by_person, at, note, reason)
        values (which, claimant, public.minga_person(), statement_timestamp(), btrim(words), '')
        on conflict (record_id, actor_id) where is_granted is null do update set note = excluded.note
        returning id into made;
    return made;
end $$;

-- Whoever keeps a record answers a claim; granted, the record and all its versions are the claimant's.
create function registry_answer_claim(which bigint, granted boolean, why text) returns void
    language plpgsql {DEFINER} as $$
declare
    c public.registry_claim;
    v public.registry_version;
begin
    select * into c from public.registry_claim where id = which for update;
    select * into v from public.registry_version where record_id = c.record_id and is_listed for update;
    if c.id is null or v.id is null or not (
        public.registry_relations(v) && array['focal_point', 'secretariat', 'operator']
    ) then
        raise exception 'Nothing there.' using errcode = 'MG404';
    end if;
    if c.is_granted is not null or not public.registry_is_claimable(v, c.actor_id) then
        raise exception '%', v.state using errcode = 'MG409';
    end if;
    if not granted and btrim(coalesce(why, '')) = '' then
        raise exception 'No reason.' using errcode = 'MG422';
    end if;
    if granted and exists (select 1 from public.registry_version o where o.record_id = c.record_id and o.state in
            ('draft', 'to_endorse', 'endorsed', 'submitted', 'in_moderation', 'accepted')) then
        raise exception 'Somebody works on it.' using errcode = 'MG411';
    end if;
    if granted and exists (
        select 1 from public.registry_record r join public.registry_record o on o.external_id = r.external_id
        where r.id = c.record_id and r.external_id <> '' and o.owner_id = c.actor_id
    ) then
        raise exception 'Its id is taken there.' using errcode = 'MG412';
    end if;
    update public.registry_claim set is_granted = granted, reason = btrim(coalesce(why, '')), former_owner_id = v.owner_id,
        answered_by = public.minga_person(), answered_at = statement_timestamp() where id = which;
    if granted then
        update public.registry_record set owner_id = c.actor_id where id = c.record_id;
    end if;
end $$;
"""
BACK = """
drop function registry_answer_claim(bigint, boolean, text);
drop function registry_claim_record(bigint, bigint, text);
drop function registry_is_claimable(registry_version, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("actors", "0004_roles"),
        ("registry", "0005_moves"),
    ]

    operations = [
        migrations.AddField(
            model_name="version",
            name="on_behalf_of",
            field=models.ForeignKey(null=True, on_delete=deletion.PROTECT, related_name="+", to="actors.actor"),
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_person", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("note", models.TextField(blank=True)),
                ("is_granted", models.BooleanField(null=True)),
                ("answered_by", models.BigIntegerField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("actor", models.ForeignKey(on_delete=deletion.CASCADE, related_name="+", to="actors.actor")),
                (
                    "former_owner",
                    models.ForeignKey(null=True, on_delete=deletion.CASCADE, related_name="+", to="actors.actor"),
                ),
                ("record", models.ForeignKey(on_delete=deletion.CASCADE, related_name="claims", to="registry.record")),
            ],
            options={
                "ordering": ["record", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_granted__isnull", True)),
                        fields=("record", "actor"),
                        name="one_open_claim",
                    )
                ],
            },
        ),
        migrations.RunSQL(READING, migrations.RunSQL.noop),
        guard(
            "registry_claim",
            # Its own side; and whoever may answer it.
            read="actor_id = any ((select minga_my_actors())::bigint[]) or exists (select 1 from registry_version v"
            " where v.record_id = registry_claim.record_id and v.is_listed"
            " and (v.owner_id = any ((select minga_my_actors())::bigint[])"
            " or v.process_id = any ((select minga_my_processes_as('{secretariat}'))::bigint[])"
            " or v.process_id is null and v.is_public and exists (select 1 from registry_rules r where r.is_default"
            " and r.process_id = any ((select minga_my_processes_as('{secretariat}'))::bigint[]))))",
        ),
        migrations.RunSQL(CLAIMING, BACK),
    ]
