"""Counts of what is public, kept by a trigger in the transaction that changes a version: see registry/counts.py."""

from django.db import migrations

from minga.access.policies import guard

FORWARD = """
alter table registry_count add column bits bit(8192) not null;
alter table registry_count alter column bits set storage plain;
alter table registry_count set (fillfactor = 70);

-- The facets of a version, and the values it has of each. '*' counts all records.
create function registry_facets(v registry_version) returns table (facet text, value text)
    language sql immutable parallel safe
    begin atomic
        select 'all', '*'
        union all select 'kind', v.kind
        union all select 'language', v.language
        union all select 'level', case v.level when '' then 'unknown' else v.level end
        union all select 'progress', case v.progress when '' then 'unknown' else v.progress end
        union all select 'year', coalesce(v.year::text, 'unknown')
        union all select distinct 'country', c from unnest(v.places) c
        union all select distinct 'objective', o::text from unnest(v.objectives) o
        union all select distinct 'principle', p from unnest(v.principles) p
        union all select distinct 'population', p from unnest(v.populations) p;
    end;

-- Not inlined (that is what the fixed search_path is for): PostgreSQL 18 cannot plan it inlined under a group by.
alter function registry_facets(registry_version) set search_path = pg_catalog;

-- Out with the old bits, in with the new. One transaction at a time, so that no two deadlock over blocks.
create function registry_count_change(gone registry_version[], come registry_version[]) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if cardinality(gone) + cardinality(come) = 0 then
        return;
    end if;
    perform pg_advisory_xact_lock(7316462);
    with bits as (
        select f.facet, f.value, (o.record_id / 8192)::int as block,
            bit_or(set_bit(0::bit(8192), (o.record_id % 8192)::int, 1)) as bits
        from unnest(gone) o cross join lateral public.registry_facets(o::public.registry_version) f
        group by 1, 2, 3
    )
    update public.registry_count c set bits = c.bits & ~bits.bits
    from bits where c.facet = bits.facet and c.value = bits.value and c.block = bits.block;
    insert into public.registry_count as known (facet, value, block, bits)
    select f.facet, f.value, n.record_id / 8192, bit_or(set_bit(0::bit(8192), (n.record_id % 8192)::int, 1))
    from unnest(come) n cross join lateral public.registry_facets(n::public.registry_version) f
    group by 1, 2, 3
    on conflict (facet, value, block) do update set bits = known.bits | excluded.bits;
end $$;

create function registry_count_insert() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    perform public.registry_count_change('{}', array(select n::public.registry_version from new_rows n where n.is_public));
    return null;
end $$;

create function registry_count_delete() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    perform public.registry_count_change(array(select o::public.registry_version from old_rows o where o.is_public), '{}');
    return null;
end $$;

-- Only what counts differently than before: a change of anything else does not take the lock.
create function registry_count_update() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
declare
    changed bigint[];
begin
    changed := array(
        select o.id from old_rows o join new_rows n using (id) where (o.is_public or n.is_public) and (
            o.is_public, o.kind, o.language, o.level, o.progress, o.year, o.places, o.objectives, o.principles,
            o.populations
        ) is distinct from (
            n.is_public, n.kind, n.language, n.level, n.progress, n.year, n.places, n.objectives, n.principles,
            n.populations
        )
    );
    perform public.registry_count_change(
        array(select o::public.registry_version from old_rows o where o.is_public and o.id = any (changed)),
        array(select n::public.registry_version from new_rows n where n.is_public and n.id = any (changed))
    );
    return null;
end $$;

create trigger registry_version_count_insert after insert on registry_version
    referencing new table as new_rows for each statement execute function registry_count_insert();
create trigger registry_version_count_delete after delete on registry_version
    referencing old table as old_rows for each statement execute function registry_count_delete();
create trigger registry_version_count_update after update on registry_version
    referencing old table as old_rows new table as new_rows for each statement execute function registry_count_update();

-- Emptying the table would pass by the triggers above.
create function registry_refuse_truncate() returns trigger language plpgsql as $$
begin
    raise exception 'Records are withdrawn, never emptied out.' using errcode = 'insufficient_privilege';
end $$;
create trigger registry_version_truncate before truncate on registry_version
    for each statement execute function registry_refuse_truncate();
"""
BACKWARD = """
drop trigger registry_version_truncate on registry_version;
drop function registry_refuse_truncate();
drop trigger registry_version_count_update on registry_version;
drop trigger registry_version_count_delete on registry_version;
drop trigger registry_version_count_insert on registry_version;
drop function registry_count_update();
drop function registry_count_delete();
drop function registry_count_insert();
drop function registry_count_change(registry_version[], registry_version[]);
drop function registry_facets(registry_version);
alter table registry_count drop column bits;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_row_security")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD), guard("registry_count", read="true", write="false")]
