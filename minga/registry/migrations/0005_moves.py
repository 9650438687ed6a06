"""The one way by which a person changes a version's state, and who may read and write versions now that people sign in.

`registry_move` checks a step against the declared lifecycle (`registry_step`, filled from registry/lifecycle.py) and
against what the person is to the version, locks the version, and writes state and transition together. The site has no
right to change a state otherwise. Not permitted and not there raise the same error.
"""

from django.db import migrations

from minga.access.policies import SEES_ALL, guard

DEFINER = "security definer set search_path = pg_catalog, public, pg_temp"
WRITTEN = "owner_id = any ((select minga_my_written_actors())::bigint[])"

VERSION_READ = """
    is_public
    or owner_id = any ((select minga_my_actors())::bigint[])
    or (is_listed and visibility = 'participants' and process_id = any ((select minga_my_processes())::bigint[]))
    or (is_listed and visibility = 'named' and audience && (select minga_my_actors())::bigint[])
    or (submitted_at is not null and process_id = any ((select minga_my_processes_as('{secretariat}'))::bigint[]))
    or id = any ((select minga_my_shown_versions())::bigint[])
"""
OWN_DRAFT = (
    SEES_ALL + " or exists (select 1 from registry_version v where v.id = {table}.version_id"
    " and v.state = 'draft' and v.owner_id = any ((select minga_my_written_actors())::bigint[]))"
)
NAMED_ACTOR = "exists (select 1 from actors_actor a where a.id = registry_participation.actor_id)"
BY_VERSION = "exists (select 1 from registry_version v where v.id = {table}.version_id)"

READING = f"""
-- The versions that are shown to her beside those of her own office: as a moderator who took one, or as a country
-- that an accepted record names.
create function minga_my_shown_versions() returns bigint[] language sql stable {DEFINER}
    return array(
        select r.version_id from public.registry_reader r join public.registry_version v on v.id = r.version_id
        where r.person = (select public.minga_person()) and r.why = 'moderator' and r.until is null
        and v.state in ('submitted', 'in_moderation')
        and v.process_id = any ((select public.minga_my_processes_as('{{moderator}}'))::bigint[])
        union
        select r.version_id from public.registry_reader r join public.registry_version v on v.id = r.version_id
        where r.actor_id = any ((select public.minga_my_actors())::bigint[]) and v.state = 'accepted'
    );

-- What happened to a version is its office's to read, from the submission on its secretariat's, and of a version that
-- is read by others just how it came to be published, replaced, archived or withdrawn: reasons are not for visitors.
drop policy registry_transition_read on registry_transition;
create policy registry_transition_read on registry_transition for select using (
    {SEES_ALL} or exists (
        select 1 from registry_version v where v.id = version_id and (
            v.owner_id = any ((select minga_my_actors())::bigint[])
            or v.submitted_at <= at and v.process_id = any ((select minga_my_processes_as('{{secretariat}}'))::bigint[])
            or name in ('publish', 'publish_from_source', 'replace', 'archive', 'withdraw')
        )
    )
);

drop policy registry_version_read on registry_version;
create policy registry_version_read on registry_version for select using ({SEES_ALL} or ({VERSION_READ}));
drop policy registry_version_insert on registry_version;
create policy registry_version_insert on registry_version for insert with check (
    {SEES_ALL} or ({WRITTEN} and state = 'draft' and listed_at is null and submitted_at is null
        and created_by is not distinct from (select minga_person())
        and (process_id is null or process_id = any ((select minga_my_processes())::bigint[])))
);
drop policy registry_version_update on registry_version;
create policy registry_version_update on registry_version for update
    using ({SEES_ALL} or ({WRITTEN} and state = 'draft'))
    with check ({SEES_ALL} or ({WRITTEN} and state = 'draft'
        and (process_id is null or process_id = any ((select minga_my_processes())::bigint[]))));
drop policy registry_version_delete on registry_version;
create policy registry_version_delete on registry_version for delete using ({SEES_ALL});

drop policy registry_record_insert on registry_record;
create policy registry_record_insert on registry_record for insert with check (
    {SEES_ALL} or ({WRITTEN} and public_since is null and withdrawn_at is null)
);
drop policy registry_record_update on registry_record;
create policy registry_record_update on registry_record for update using ({SEES_ALL}) with check ({SEES_ALL});
drop policy registry_record_delete on registry_record;
create policy registry_record_delete on registry_record for delete using ({SEES_ALL});

drop policy registry_transition_insert on registry_transition;
create policy registry_transition_insert on registry_transition for insert with check (
    {SEES_ALL} or (name = 'create' and to_state = 'draft' and by_person = (select minga_person())
        and exists (select 1 from registry_version v where v.id = version_id and v.state = 'draft'
                    and v.owner_id = any ((select minga_my_written_actors())::bigint[])))
);
drop policy registry_transition_update on registry_transition;
create policy registry_transition_update on registry_transition for update using ({SEES_ALL});
drop policy registry_transition_delete on registry_transition;
create policy registry_transition_delete on registry_transition for delete using ({SEES_ALL});
"""


def rewrite_parts(table: str, extra: str = "true") -> str:
    """New writing policies for what hangs on a version: own drafts only."""
    write = f"({OWN_DRAFT.format(table=table)}) and {extra}"
    return f"""
drop policy {table}_insert on {table};
create policy {table}_insert on {table} for insert with check ({write});
drop policy {table}_update on {table};
create policy {table}_update on {table} for update using ({write}) with check ({write});
drop policy {table}_delete on {table};
create policy {table}_delete on {table} for delete using ({OWN_DRAFT.format(table=table)});
"""


KEEPING = """
-- What was sent on stays as it was: the text changes in a draft only. Whatever is not named here is frozen.
create or replace function registry_keep_text() returns trigger language plpgsql
    set search_path = pg_catalog, public, pg_temp as $$
declare
    free constant text[] := array['state', 'listed_at', 'submitted_at', 'process_id', 'changed_at', 'owner_id',
        'moderators_needed', 'revision', 'is_listed', 'is_public'];
begin
    if (old.record_id, old.number) is distinct from (new.record_id, new.number) then
        raise exception 'A version stays with its record.' using errcode = 'check_violation';
    end if;
    if public.minga_role_purpose() is not null and to_jsonb(old) - free is distinct from to_jsonb(new) - free then
        if old.state <> 'draft' then
            raise exception 'The text of a version that is % does not change; make a new version.', old.state
                using errcode = 'check_violation';
        end if;
        new.revision := old.revision + 1;
    end if;
    return new;
end $$;

-- What hangs on a version is part of its text. The version is locked, so that a part that comes while somebody endorses
-- waits and is then refused; and its revision rises, so that nobody endorses what she has not read. An operator's import
-- brings versions with their parts whole, in any state.
create or replace function registry_keep_parts() returns trigger language plpgsql
    security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    which constant bigint := case when tg_op = 'DELETE' then old.version_id else new.version_id end;
    found text;
begin
    if coalesce(nullif(current_setting('role'), 'none'), session_user) not in (
        select name from public.access_databaserole
    ) or tg_op = 'INSERT' and public.minga_operates()
        or current_setting('minga.redacts', true) = 'on' and public.minga_operates() then
        return coalesce(new, old);
    end if;
    select v.state into found from public.registry_version v where v.id = which for no key update;
    if found <> 'draft' then
        raise exception 'What belongs to a version that is past draft does not change; make a new version.'
            using errcode = 'check_violation';
    end if;
    update public.registry_version set revision = revision + 1 where id = which;
    return coalesce(new, old);
end $$;
create trigger registry_participation_new before insert on registry_participation
    for each row execute function registry_keep_parts();
create trigger registry_translation_new before insert on registry_translation
    for each row execute function registry_keep_parts();
"""

MOVING = f"""
-- The lifecycle as declared in registry/lifecycle.py; filled anew at each start of this version.
create table registry_step (
    name text primary key, sources text[] not null, target text not null, who text[] not null,
    needs_reason boolean not null
);

-- What the current person is to a version: see `Who` in registry/lifecycle.py.
create function registry_relations(v registry_version) returns text[] language plpgsql stable {DEFINER} as $$
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
    if v.owner_id = any (public.minga_my_actors_as('{{endorser}}')) then found := found || 'endorser'::text; end if;
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

-- The steps that the current person may take with a version now.
create function registry_steps_now(which bigint) returns text[] language sql stable {DEFINER}
    return array(
        select s.name from public.registry_version v join public.registry_step s on v.state = any (s.sources)
        where v.id = which and (
            s.who && public.registry_relations(v)
            or public.minga_operates() and s.name not in ('replace')
        )
        order by s.name
    );

-- Takes a step without asking who: called by functions that have asked. Returns the new state.
create function registry_take_step(
    which bigint, step text, why text, person bigint, operator text, moment timestamptz
) returns text language plpgsql {DEFINER} as $$
declare
    v public.registry_version;
    s public.registry_step;
    other public.registry_version;
begin
    select * into v from public.registry_version where id = which for update;
    select * into s from public.registry_step where name = step;
    if v.id is null or s.name is null then
        raise exception 'Nothing there.' using errcode = 'MG404';
    end if;
    if v.state <> all (s.sources) then
        raise exception '%', v.state using errcode = 'MG409';
    end if;
    if s.needs_reason and btrim(coalesce(why, '')) = '' then
        raise exception 'No reason.' using errcode = 'MG422';
    end if;
    if (v.title = '' or v.unread <> '{{}}'::jsonb) and s.target not in ('withdrawn', 'draft') then
        raise exception 'Not complete.' using errcode = 'MG423';
    end if;
    if s.target in ('published', 'published_from_source') then
        for other in select * from public.registry_version o
            where o.record_id = v.record_id and o.is_listed and o.id <> v.id for update
        loop
            perform public.registry_take_step(other.id, 'replace', '', person, operator, moment);
        end loop;
    end if;
    update public.registry_version set
        state = s.target,
        changed_at = moment,
        listed_at = case when s.target in ('published', 'published_from_source') then moment else listed_at end,
        submitted_at = case when s.target = 'submitted' then moment else submitted_at end,
        process_id = case when s.target = 'submitted' then
            coalesce(process_id, (select process_id from public.registry_rules where is_default)) else process_id end,
        moderators_needed = case when s.target = 'submitted' then coalesce((
            select r.moderators_needed from public.registry_rules r
            where r.process_id = v.process_id or v.process_id is null and r.is_default), 2)
            else moderators_needed end
        where id = which;
    insert into public.registry_transition (version_id, name, from_state, to_state, at, by_person, by_operator, reason)
        values (which, step, v.state, s.target, moment, person, coalesce(operator, ''), btrim(coalesce(why, '')));
    if s.target = 'withdrawn' and (v.is_listed or v.state = 'archived') and not exists (
        select 1 from public.registry_version o where o.record_id = v.record_id and o.is_listed
    ) then
        update public.registry_record set withdrawn_at = moment, withdrawal_reason = btrim(why) where id = v.record_id;
    end if;
    if s.target = 'accepted' then
        perform public.registry_tell_named_countries(which, moment);
    end if;
    return s.target;
end $$;

-- A country that another's record names is told before it is published: it may read what it could read afterwards.
create function registry_tell_named_countries(which bigint, moment timestamptz) returns void
    language sql volatile {DEFINER}
    begin atomic
        insert into public.registry_reader (version_id, actor_id, why, since)
        select v.id, a.id, 'named_country', moment
        from public.registry_version v
        join public.actors_actor a on a.kind = 'state' and a.standing = 'established' and a.country = any (v.places)
        join public.actors_actor o on o.id = v.owner_id
        where v.id = which and a.id <> v.owner_id and a.country <> o.country
        and (
            v.visibility = 'public'
            or v.visibility = 'named' and a.id = any (v.audience)
            or v.visibility = 'participants' and exists (
                select 1 from public.actors_membership m where m.actor_id = a.id and m.process_id = v.process_id
                and m.until = '')
        )
        and not exists (select 1 from public.registry_reader r where r.version_id = v.id and r.actor_id = a.id);
    end;

-- Takes a step for the current person, or for an operator whose command is in the trail.
create function registry_move(
    which bigint, step text, why text default '', seen integer default null, operator text default '',
    moment timestamptz default null
) returns text language plpgsql {DEFINER} as $$
declare
    v public.registry_version;
    s public.registry_step;
    all_seen constant boolean := public.minga_operates();
begin
    -- Whether it is hers is asked before it is locked: a stranger's try must not wait for whoever edits it.
    select * into v from public.registry_version where id = which;
    select * into s from public.registry_step where name = step;
    if v.id is null or s.name is null or not (all_seen or s.who && public.registry_relations(v)) then
        raise exception 'Nothing there.' using errcode = 'MG404';
    end if;
    select * into v from public.registry_version where id = which for update;
    if not (all_seen or s.who && public.registry_relations(v)) then
        raise exception 'Nothing there.' using errcode = 'MG404';
    end if;
    if seen is null and not all_seen and step in ('endorse', 'submit', 'publish') or seen <> v.revision then
        raise exception '%', v.state using errcode = 'MG410';
    end if;
    return public.registry_take_step(which, step, why, public.minga_person(), operator,
        case when all_seen then coalesce(moment, statement_timestamp()) else statement_timestamp() end);
end $$;
"""

BACKWARD = """
drop function registry_move(bigint, text, text, integer, text, timestamptz);
drop function registry_take_step(bigint, text, text, bigint, text, timestamptz);
drop function registry_tell_named_countries(bigint, timestamptz);
drop function registry_steps_now(bigint);
drop function registry_relations(registry_version);
drop table registry_step;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_editing_and_readers"), ("actors", "0004_roles")]
    operations = [
        migrations.RunSQL(READING, migrations.RunSQL.noop),
        migrations.RunSQL(
            rewrite_parts("registry_participation", NAMED_ACTOR) + rewrite_parts("registry_translation"),
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(KEEPING, migrations.RunSQL.noop),
        # What a save overwrote is its owner's to read, and nobody else's: a moderator sees what was sent.
        guard(
            "registry_edit",
            read="exists (select 1 from registry_version v where v.id = registry_edit.version_id"
            " and v.owner_id = any ((select minga_my_actors())::bigint[]))",
            write=f"({OWN_DRAFT.format(table='registry_edit')}) and (person = (select minga_person()) or {SEES_ALL})",
        ),
        guard(
            "registry_reader",
            read="person = (select minga_person()) or actor_id = any ((select minga_my_actors())::bigint[])"
            " or exists (select 1 from registry_version v where v.id = registry_reader.version_id and v.process_id ="
            " any ((select minga_my_processes_as('{secretariat}'))::bigint[]) and v.submitted_at is not null)",
        ),
        guard(
            "registry_rules",
            read="true",
            write=f"{SEES_ALL} or process_id = any ((select minga_my_processes_as('{{secretariat}}'))::bigint[])"
            " or (select minga_is_administrator())",
        ),
        migrations.RunSQL(MOVING, BACKWARD),
    ]
