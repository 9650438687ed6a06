"""Who may take a submission, and what the moderators' sheets decide together.

A moderator sees of the queue what she needs to know whether she may judge (kind, title, language, objectives, owner);
the text only once she has declared that she has no conflict of interest, which is what taking it means. She is
never offered what comes from her own country or institution.
"""

from django.db import migrations

from minga.access.policies import SEES_ALL, guard

DEFINER = "security definer set search_path = pg_catalog, public, pg_temp"
AS_SECRETARIAT = (
    "exists (select 1 from registry_version v where v.id = {table}.version_id and v.submitted_at is not null"
    " and v.process_id = any ((select minga_my_processes_as('{{secretariat}}'))::bigint[]))"
)

FUNCTIONS = f"""
-- The sheets that a version still wants: as many as its process asks for, one more when those disagree.
create function moderation_wanted(v registry_version) returns integer language sql stable {DEFINER}
    return (
        select v.moderators_needed + case when (
            select count(*) >= v.moderators_needed and count(distinct s.outcome) > 1 from public.moderation_sheet s
            where s.version_id = v.id and s.filed_at is not null and s.given_back_at is null
        ) then 1 else 0 end - (
            select count(*) from public.moderation_sheet s where s.version_id = v.id and s.given_back_at is null
        )
    )::integer;

-- The actors whose submissions are not for her: those she has any role for, and their countries' others.
create function moderation_is_impartial(v registry_version) returns boolean language sql stable {DEFINER}
    return not exists (
        select 1 from public.actors_grant g
        join public.actors_actor a on a.id = g.actor_id
        join public.actors_actor o on o.id = v.owner_id
        where g.person_id = public.minga_person() and (g.until is null or g.until >= current_date - 365)
        and (a.id = o.id or a.country <> '' and a.country = o.country or exists (
            select 1 from public.registry_participation p where p.version_id = v.id and p.actor_id = a.id))
    ) and not exists (
        select 1 from public.moderation_conflict c where c.record_id = v.record_id and c.person = public.minga_person()
    );

create function moderation_may_take(v registry_version) returns boolean language sql stable {DEFINER}
    return v.state in ('submitted', 'in_moderation')
        and v.process_id = any (public.minga_my_processes_as('{{moderator}}'))
        and public.moderation_is_impartial(v)
        and public.moderation_wanted(v) > 0
        and (
            select count(*) < 20 from public.moderation_sheet s
            where s.person = public.minga_person() and s.filed_at is null and s.given_back_at is null
        )
        and not exists (
            select 1 from public.moderation_sheet s where s.version_id = v.id and s.person = public.minga_person()
        );

create function moderation_queue() returns table (
    version_id bigint, public_id varchar, kind varchar, title varchar, language varchar, objectives smallint[],
    owner_id bigint, submitted_at timestamptz, wanted integer
) language sql stable {DEFINER}
    begin atomic
        select v.id, r.public_id, v.kind, v.title, v.language, v.objectives, v.owner_id, v.submitted_at,
            public.moderation_wanted(v.*)
        from public.registry_version v join public.registry_record r on r.id = v.record_id
        where v.state in ('submitted', 'in_moderation')
        and v.process_id = any (public.minga_my_processes_as('{{moderator}}'))
        and public.moderation_may_take(v.*)
        order by v.submitted_at, v.id;
    end;

create function moderation_take(which bigint) returns void language plpgsql {DEFINER} as $$
declare v public.registry_version;
begin
    select * into v from public.registry_version where id = which;
    if v.id is null or not public.moderation_may_take(v) then
        raise exception 'Nothing there.' using errcode = 'MG404';
    end if;
    select * into v from public.registry_version where id = which for update;
    if not public.moderation_may_take(v) then
        raise exception 'Nothing there.' using errcode = 'MG404';
    end if;
    insert into public.moderation_sheet (version_id, person, taken_at, marks, outcome, remark, names_shown)
        values (which, public.minga_person(), statement_timestamp(), '{{}}', '', '', coalesce(
            (select r.names_shown from public.registry_rules r where r.process_id = v.process_id), false));
    insert into public.registry_reader (version_id, person, why, since)
        values (which, public.minga_person(), 'moderator', statement_timestamp());
    if v.state = 'submitted' then
        -- Who took it stands on the sheet alone: history is read by authors, who may not be told.
        perform public.registry_take_step(which, 'begin_moderation', '', null, '', statement_timestamp());
    end if;
end $$;

create function moderation_declare_conflict(which bigint, reason text) returns void language plpgsql {DEFINER} as $$
declare v public.registry_version;
begin
    select * into v from public.registry_version where id = which;
    if v.id is null or not (public.moderation_may_take(v) or exists (
        select 1 from public.moderation_sheet s where s.version_id = which and s.person = public.minga_person()
        and s.filed_at is null and s.given_back_at is null
    )) then
        raise exception 'Nothing there.' using errcode = 'MG404';
    end if;
    insert into public.moderation_conflict (record_id, person, declared_at, what)
        values (v.record_id, public.minga_person(), statement_timestamp(), btrim(coalesce(reason, '')))
        on conflict (record_id, person) do nothing;
    update public.moderation_sheet set given_back_at = statement_timestamp()
        where version_id = which and person = public.minga_person() and filed_at is null;
    update public.registry_reader set until = statement_timestamp()
        where version_id = which and person = public.minga_person() and why = 'moderator';
end $$;

-- Keeps what a moderator wrote so far; with an outcome, files it, and takes the step that the sheets agree on.
create function moderation_write(which bigint, new_marks jsonb, new_outcome text, new_remark text, file boolean)
    returns text language plpgsql {DEFINER} as $$
declare
    v public.registry_version;
    sheet public.moderation_sheet;
    needed integer;
    filed integer;
    kinds integer;
    agreed text;
    why text;
begin
    select * into sheet from public.moderation_sheet s where s.version_id = which
        and s.person = public.minga_person() and s.given_back_at is null;
    if sheet.id is not null then
        select * into v from public.registry_version where id = which for update;
        select * into sheet from public.moderation_sheet s where s.id = sheet.id;
    end if;
    if v.id is null or sheet.id is null
        or not v.process_id = any (public.minga_my_processes_as('{{moderator}}'))
        or not public.moderation_is_impartial(v) then
        raise exception 'Nothing there.' using errcode = 'MG404';
    end if;
    if sheet.filed_at is not null or v.state <> 'in_moderation' then
        raise exception '%', v.state using errcode = 'MG409';
    end if;
    if file and (new_outcome not in ('accept', 'changes', 'unsuitable') or btrim(coalesce(new_remark, '')) = '') then
        raise exception 'No reason.' using errcode = 'MG422';
    end if;
    update public.moderation_sheet set marks = new_marks, outcome = coalesce(new_outcome, ''),
        remark = btrim(coalesce(new_remark, '')), filed_at = case when file then statement_timestamp() end
        where id = sheet.id;
    if not file then
        return v.state;
    end if;
    needed := v.moderators_needed;
    select count(*), count(distinct outcome) into filed, kinds from public.moderation_sheet s
        where s.version_id = which and s.filed_at is not null and s.given_back_at is null;
    if filed < needed or kinds > 1 and filed <= needed then
        return v.state;  -- more sheets are wanted: the others', or one more after a disagreement
    end if;
    select s.outcome into agreed from public.moderation_sheet s
        where s.version_id = which and s.filed_at is not null and s.given_back_at is null
        group by s.outcome order by count(*) desc, s.outcome = 'changes' desc limit 1;
    select string_agg(s.remark, E'\n\n' order by s.filed_at) into why from public.moderation_sheet s
        where s.version_id = which and s.filed_at is not null and s.given_back_at is null and s.outcome = agreed;
    return public.registry_take_step(which,
        case agreed when 'accept' then 'accept' when 'changes' then 'request_changes' else 'find_unsuitable' end,
        why, null, '', statement_timestamp());
end $$;

-- What the moderators say to the author: once they have decided; names only where the process says so.
create function moderation_remarks(which bigint) returns table (
    number bigint, marks jsonb, outcome varchar, remark text, filed_at timestamptz, name varchar
) language sql stable {DEFINER}
    begin atomic
        select row_number() over (order by s.filed_at), s.marks, s.outcome, s.remark, s.filed_at,
            case when s.names_shown then p.name else '' end
        from public.moderation_sheet s
        join public.registry_version v on v.id = s.version_id
        join public.accounts_person p on p.id = s.person
        where s.version_id = which and s.filed_at is not null and s.given_back_at is null
        and v.state not in ('submitted', 'in_moderation')
        and (v.owner_id = any (public.minga_my_actors()) or public.minga_operates());
    end;
"""
BACKWARD = """
drop function moderation_remarks(bigint);
drop function moderation_write(bigint, jsonb, text, text, boolean);
drop function moderation_declare_conflict(bigint, text);
drop function moderation_take(bigint);
drop function moderation_queue();
drop function moderation_may_take(registry_version);
drop function moderation_is_impartial(registry_version);
drop function moderation_wanted(registry_version);
"""


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial"), ("registry", "0005_moves")]
    operations = [
        migrations.RunSQL(FUNCTIONS, BACKWARD),
        guard(
            "moderation_sheet",
            read=f"person = (select minga_person()) or {AS_SECRETARIAT.format(table='moderation_sheet')}",
        ),
        guard("moderation_conflict", read="person = (select minga_person())"),
        guard(
            "moderation_expertise",
            read="person = (select minga_person()) or (select minga_sees_people())",
            write=f"{SEES_ALL} or person = (select minga_person())",
        ),
    ]
