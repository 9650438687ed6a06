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

create function registry_count_add() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    if not exists (select 1 from new_rows where is_public) then
        return null;
    end if;
    perform pg_advisory_xact_lock(7316462);  -- one at a time, so that no two transactions deadlock over blocks
    insert into public.registry_count as known (facet, value, block, bits)
    select f.facet, f.value, n.record_id / 8192, bit_or(set_bit(0::bit(8192), (n.record_id % 8192)::int, 1))
    from new_rows n cross join lateral public.registry_facets(n::public.registry_version) f
    where n.is_public
    group by 1, 2, 3
    on conflict (facet, value, block) do update set bits = known.bits | excluded.bits;
    return null;
end $$;

create function registry_count_remove() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    if not exists (select 1 from old_rows where is_public) then
        return null;
    end if;
    perform pg_advisory_xact_lock(7316462);
    with gone as (
        select f.facet, f.value, (o.record_id / 8192)::int as block,
            bit_or(set_bit(0::bit(8192), (o.record_id % 8192)::int, 1)) as bits
        from old_rows o cross join lateral public.registry_facets(o::public.registry_version) f
        where o.is_public
        group by 1, 2, 3
    )
    update public.registry_count c set bits = c.bits & ~gone.bits
    from gone
    where c.facet = gone.facet and c.value = gone.value and c.block = gone.block;
    return null;
end $$;

create trigger registry_version_count_insert after insert on registry_version
    referencing new table as new_rows for each statement execute function registry_count_add();
create trigger registry_version_count_delete after delete on registry_version
    referencing old table as old_rows for each statement execute function registry_count_remove();
-- Triggers of one event fire in the order of their names: out with the old bits, then in with the new.
create trigger registry_version_count_update_1 after update on registry_version
    referencing old table as old_rows for each statement execute function registry_count_remove();
create trigger registry_version_count_update_2 after update on registry_version
    referencing new table as new_rows for each statement execute function registry_count_add();
"""
BACKWARD = """
drop trigger registry_version_count_update_2 on registry_version;
drop trigger registry_version_count_update_1 on registry_version;
drop trigger registry_version_count_delete on registry_version;
drop trigger registry_version_count_insert on registry_version;
drop function registry_count_remove();
drop function registry_count_add();
drop function registry_facets(registry_version);
alter table registry_count drop column bits;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_row_security")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD), guard("registry_count", read="true", write="false")]
