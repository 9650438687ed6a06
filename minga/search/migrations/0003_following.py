"""Search follows the versions: what is listed can be found, what no longer is goes at once, by whatever way.

Words are there with the step that lists a version; passages and their vectors come from the worker a little later.
"""

from django.db import migrations

from minga.access.policies import guard

DEFINER = "security definer set search_path = pg_catalog, public, pg_temp"

# Of rows that are public nothing else is asked: most are, and full text reads thousands of them.
READ = "is_public or exists (select 1 from registry_version v where v.id = {table}.version_id)"

REFRESHING = f"""
-- Makes the wordings of some versions anew, and marks their passages as to be made. Of those not listed, all goes.
create function search_refresh(which bigint[]) returns void language plpgsql {DEFINER} as $$
begin
    if pg_trigger_depth() = 0 and exists (
        select 1 from public.access_databaserole
        where purpose = 'site' and name = coalesce(nullif(current_setting('role'), 'none'), session_user)
    ) then
        raise exception 'The site does not make search anew by itself.' using errcode = 'insufficient_privilege';
    end if;
    delete from public.search_wording where version_id = any (which);
    delete from public.search_passage p using public.registry_version v
        where v.id = p.version_id and v.id = any (which) and not v.is_listed;
    delete from public.search_stale s using public.registry_version v
        where v.id = s.version_id and v.id = any (which) and not v.is_listed;
    update public.search_passage p set is_public = v.is_public from public.registry_version v
        where v.id = p.version_id and v.id = any (which) and p.is_public <> v.is_public;
    insert into public.search_wording (version_id, language, is_public, title, text, words)
        select w.id, w.language, w.is_public, w.title,
            setweight(to_tsvector(public.search_configuration(w.language), w.title), 'A')
            || setweight(to_tsvector(public.search_configuration(w.language), w.summary), 'B')
            || setweight(jsonb_to_tsvector(public.search_configuration(w.language), w.details, '["string"]'), 'C')
            || setweight(to_tsvector('public.minga_words', w.names), 'D'),
            setweight(to_tsvector('public.minga_words', w.title), 'A')
            || setweight(to_tsvector('public.minga_words', w.names), 'B')
            || setweight(to_tsvector('public.minga_words', w.summary), 'C')
            || setweight(jsonb_to_tsvector('public.minga_words', w.details, '["string", "numeric"]'), 'D')
        from (
            select v.id, v.language, v.is_public, v.title, v.summary, v.details, coalesce((
                select string_agg(p.name_as_given, ' . ' order by p.position)
                from public.registry_participation p where p.version_id = v.id), '') as names
            from public.registry_version v where v.id = any (which) and v.is_listed
            union all
            select v.id, t.language, v.is_public, t.title, t.summary, t.details, ''
            from public.registry_version v join public.registry_translation t on t.version_id = v.id
            where v.id = any (which) and v.is_listed and t.language <> v.language
        ) w;
    insert into public.search_stale (version_id, since)
        select v.id, statement_timestamp() from public.registry_version v where v.id = any (which) and v.is_listed
        on conflict (version_id) do update set since = excluded.since, tries = 0;
end $$;

-- Versions that were listed as they were made (an import): their parts come after them, so they are only marked.
create function search_mark() returns trigger language plpgsql {DEFINER} as $$
begin
    insert into public.search_stale (version_id, since)
        select n.id, statement_timestamp() from new_rows n where n.is_listed on conflict (version_id) do nothing;
    return null;
end $$;
create function search_follow() returns trigger language plpgsql {DEFINER} as $$
declare
    which bigint[];
begin
    which := array(
        select n.id from new_rows n join old_rows o on o.id = n.id
        where n.is_listed and (not o.is_listed or o.is_public <> n.is_public or o.title <> n.title
            or o.summary <> n.summary or o.details <> n.details or o.language <> n.language)
        or o.is_listed and not n.is_listed
    );
    if cardinality(which) > 0 then
        perform public.search_refresh(which);
    end if;
    return null;
end $$;
create trigger search_version_made after insert on registry_version
    referencing new table as new_rows for each statement execute function search_mark();
create trigger search_version_changed after update on registry_version
    referencing old table as old_rows new table as new_rows for each statement execute function search_follow();

-- What was there before search was.
select search_refresh(array(select id from registry_version where is_listed));
"""
BACK = """
drop trigger search_version_changed on registry_version;
drop trigger search_version_made on registry_version;
drop function search_follow(); drop function search_mark(); drop function search_refresh(bigint[]);
"""
INDEXES = """
create index search_wording_text on search_wording using gin (text);
create index search_wording_words on search_wording using gin (words);
create index search_wording_title on search_wording using gin (title gin_trgm_ops);
create index search_passage_whole on search_passage using hnsw (vector halfvec_cosine_ops) where number = 0;
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0002_wordings_and_passages")]
    operations = [
        guard("search_wording", read=READ.format(table="search_wording")),
        guard("search_passage", read=READ.format(table="search_passage")),
        guard("search_stale", read="false"),
        migrations.RunSQL(REFRESHING, BACK),
        migrations.RunSQL(INDEXES, migrations.RunSQL.noop),
    ]
