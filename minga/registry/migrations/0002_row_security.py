"""Who may read and write records: the rule of the whole registry, enforced by the database itself.

A version is readable when it is public and listed, when the person belongs to its owner, or when it is listed for a
process or for actors that she belongs to. What hangs on a version is readable when the version is.
"""

from django.db import migrations

from minga.access.policies import SEES_ALL, guard

VERSION_READ = """
    is_public
    or owner_id = any ((select minga_my_actors())::bigint[])
    or (is_listed and visibility = 'participants' and process_id = any ((select minga_my_processes())::bigint[]))
    or (is_listed and visibility = 'named' and audience && (select minga_my_actors())::bigint[])
"""
OWN = f"{SEES_ALL} or owner_id = any ((select minga_my_written_actors())::bigint[])"
# An identity that was public once stays known, so that its address can say that the record was withdrawn.
RECORD_READ = """
    public_since is not null
    or owner_id = any ((select minga_my_actors())::bigint[])
    or exists (select 1 from registry_version v where v.record_id = registry_record.id)
"""
BY_VERSION = "exists (select 1 from registry_version v where v.id = {table}.version_id)"
OF_OWN_VERSION = (
    SEES_ALL + " or exists (select 1 from registry_version v where v.id = {table}.version_id"
    " and v.state in ('draft', 'changes_requested') and v.owner_id = any ((select minga_my_written_actors())::bigint[]))"
)
# Naming an actor must not reveal it: one may only name an actor that one may read.
NAMED_ACTOR = "exists (select 1 from actors_actor a where a.id = registry_participation.actor_id)"

TRIGGERS = """
-- Versions carry their record's kind and owner, so that policies and counts look at one row only.
create function registry_copy_identity() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    select r.kind, r.owner_id into new.kind, new.owner_id from public.registry_record r where r.id = new.record_id;
    return new;
end $$;
create trigger registry_version_identity before insert on registry_version
    for each row execute function registry_copy_identity();

create function registry_hand_over() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    update public.registry_version set owner_id = new.owner_id where record_id = new.id;
    return null;
end $$;
create trigger registry_record_owner after update of owner_id on registry_record
    for each row when (old.owner_id is distinct from new.owner_id) execute function registry_hand_over();

-- What was endorsed stays as it was: text may change in a draft only, and a version never moves to another record.
-- Whatever is not named here is frozen, new columns included. Only the owner role, which redacts, is free.
create function registry_keep_text() returns trigger language plpgsql
    set search_path = pg_catalog, public, pg_temp as $$
declare
    free constant text[] := array['state', 'listed_at', 'changed_at', 'owner_id', 'is_listed', 'is_public'];
begin
    if (old.record_id, old.number) is distinct from (new.record_id, new.number) then
        raise exception 'A version stays with its record.' using errcode = 'check_violation';
    end if;
    if public.minga_role_purpose() is not null and old.state not in ('draft', 'changes_requested')
        and to_jsonb(old) - free is distinct from to_jsonb(new) - free then
        raise exception 'The text of a version that is % does not change; make a new version.', old.state
            using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger registry_version_text before update on registry_version
    for each row execute function registry_keep_text();

-- The same for what hangs on a version.
create function registry_keep_parts() returns trigger language plpgsql
    set search_path = pg_catalog, public, pg_temp as $$
begin
    if public.minga_role_purpose() is not null and exists (
        select 1 from public.registry_version v where v.id = old.version_id
        and v.state not in ('draft', 'changes_requested')
    ) then
        raise exception 'What belongs to a version that is past draft does not change; make a new version.'
            using errcode = 'check_violation';
    end if;
    return coalesce(new, old);
end $$;
create trigger registry_participation_text before update or delete on registry_participation
    for each row execute function registry_keep_parts();
create trigger registry_translation_text before update or delete on registry_translation
    for each row execute function registry_keep_parts();

-- The first time that visitors may read a record is remembered on its identity.
create function registry_note_public() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    update public.registry_record r set public_since = coalesce(n.listed_at, now())
    from new_rows n where n.is_public and r.id = n.record_id and r.public_since is null;
    return null;
end $$;
create trigger registry_version_public_insert after insert on registry_version
    referencing new table as new_rows for each statement execute function registry_note_public();
create trigger registry_version_public_update after update on registry_version
    referencing new table as new_rows for each statement execute function registry_note_public();
"""
NO_TRIGGERS = """
drop trigger registry_version_public_update on registry_version;
drop trigger registry_version_public_insert on registry_version;
drop function registry_note_public();
drop trigger registry_translation_text on registry_translation;
drop trigger registry_participation_text on registry_participation;
drop function registry_keep_parts();
drop trigger registry_version_text on registry_version;
drop function registry_keep_text();
drop trigger registry_record_owner on registry_record;
drop function registry_hand_over();
drop trigger registry_version_identity on registry_version;
drop function registry_copy_identity();
"""


def by_version(table: str):
    """The guard of a table whose rows hang on versions."""
    return guard(table, read=BY_VERSION.format(table=table), write=OF_OWN_VERSION.format(table=table))


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("actors", "0002_row_security")]
    operations = [
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        guard("registry_version", read=VERSION_READ, write=OWN),
        guard("registry_record", read=RECORD_READ, write=OWN),
        guard(
            "registry_participation",
            read=BY_VERSION.format(table="registry_participation"),
            write=f"({OF_OWN_VERSION.format(table='registry_participation')}) and {NAMED_ACTOR}",
        ),
        by_version("registry_translation"),
        by_version("registry_transition"),
    ]
