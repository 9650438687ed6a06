"""Who sees suspected pairs, who decides, and merges: made by the consent of both owners, undone by either or the secretariat.

Every condition reads versions and records through the reader's own rights: a pair of which she may not read both sides
is not there for her. States of versions change through `registry_take_step`, called by the functions here alone.
"""

from django.db import migrations

from minga.access.policies import SEES_ALL, guard

DEFINER = "security definer set search_path = pg_catalog, public, pg_temp"
SECRETARIAT = "cardinality((select minga_my_processes_as('{secretariat}'))::bigint[]) > 0"
BOTH = " and ".join(
    f"exists (select 1 from registry_version v where v.id = {{table}}.{side}_version_id)"
    for side in ("{one}", "{other}")
)


def both(table: str, one: str, other: str) -> str:
    """SQL: the reader may read both versions."""
    return BOTH.format(table=table, one=one, other=other)


OF_HER_OFFICE = (
    "exists (select 1 from registry_version v where v.id in (low_version_id, high_version_id)"
    " and v.owner_id = any ((select {whose}())::bigint[]))"
)
PAIR_READ = f"({SECRETARIAT}) and {both('duplicates_pair', 'low', 'high')}"
DECISION_READ = (
    f"(by_person = (select minga_person()) or {SECRETARIAT} or {OF_HER_OFFICE.format(whose='minga_my_actors')})"
    f" and {both('duplicates_decision', 'low', 'high')}"
)
# Whoever works on one of the two texts decides: its authors, a moderator who took it, a secretariat.
DECISION_WRITE = (
    f"by_person = (select minga_person()) and {both('duplicates_decision', 'low', 'high')}"
    f" and ({SECRETARIAT} or {OF_HER_OFFICE.format(whose='minga_my_written_actors')}"
    " or (select minga_my_shown_versions())::bigint[] && array[low_version_id, high_version_id])"
)
MERGE_READ = (
    "exists (select 1 from registry_record r where r.id in (kept_id, merged_id)"
    " and r.owner_id = any ((select minga_my_actors())::bigint[]))"
    f" or {SECRETARIAT} and exists (select 1 from registry_record r where r.id = kept_id)"
    " and exists (select 1 from registry_record r where r.id = merged_id)"
)
MERGE_WRITE = (
    f"{SEES_ALL} or state = 'proposed' and text = 'none' and written_id is null and ended_at is null"
    f" and proposed_by = (select minga_person()) and {SECRETARIAT} and {both('duplicates_merge', 'kept', 'merged')}"
)
# A merged record's address leads on for whoever could read what it said, to what she may know of.
LINK_READ = (
    "undone_at is null and exists (select 1 from registry_version v where v.record_id = merged_id)"
    " and exists (select 1 from registry_record r where r.id = kept_id)"
)

DECIDING = f"""
-- A decision closes the pair that it speaks of, if nobody decided since she looked. What a secretariat decided only a
-- secretariat decides anew.
create function duplicates_close_pair() returns trigger language plpgsql {DEFINER} as $$
declare
    p public.duplicates_pair;
begin
    if not exists (
        select 1 from public.registry_version l, public.registry_version h
        where (l.id, l.record_id, h.id, h.record_id) = (new.low_version_id, new.low_id, new.high_version_id, new.high_id)
    ) then
        raise exception 'Nothing there.' using errcode = 'MG404';
    end if;
    select * into p from public.duplicates_pair where low_id = new.low_id and high_id = new.high_id for update;
    if new.seen is not null and p.revision is distinct from new.seen then
        raise exception '%', coalesce(p.verdict, '') using errcode = 'MG410';
    end if;
    if (p.low_version_id, p.high_version_id) = (new.low_version_id, new.high_version_id) and (
        p.verdict = '' or public.minga_operates()
        or cardinality(public.minga_my_processes_as('{{secretariat}}')) > 0
    ) then
        update public.duplicates_pair set verdict = new.verdict, decision_id = new.id, revision = revision + 1
            where id = p.id;
    end if;
    return null;
end $$;
create trigger duplicates_decided after insert on duplicates_decision
    for each row execute function duplicates_close_pair();

-- A version that is listed again is compared again.
create function duplicates_forget() returns trigger language plpgsql {DEFINER} as $$
begin
    delete from public.duplicates_compared where version_id = new.id;
    return null;
end $$;
create trigger duplicates_unlisted after update of state on registry_version
    for each row when (old.is_listed and not new.is_listed) execute function duplicates_forget();

-- The names of officers of secretariats, for those who work in one.
create function duplicates_officers(people bigint[]) returns table (person bigint, name varchar)
    language sql stable {DEFINER}
    begin atomic
        select p.id, p.name from public.accounts_person p
        where p.id = any (people)
        and (public.minga_operates() or cardinality(public.minga_my_processes_as('{{secretariat}}')) > 0)
        and exists (select 1 from public.actors_grant g where g.person_id = p.id and g.role = 'secretariat');
    end;
"""

PROPOSING = f"""
-- Whether somebody holds one of these roles for an actor today.
create function duplicates_has_people(actor bigint, roles text[]) returns boolean language sql stable {DEFINER}
    return exists (
        select 1 from public.actors_grant g join public.accounts_person p on p.id = g.person_id
        where g.actor_id = actor and g.role = any (roles) and p.is_active
        and current_date >= g.since and (g.until is null or current_date <= g.until)
    );

-- Whether an owner's people may read a listed version.
create function duplicates_owner_reads(actor bigint, v registry_version) returns boolean language sql stable {DEFINER}
    return v.visibility = 'public' or v.owner_id = actor
        or v.visibility = 'named' and actor = any (v.audience)
        or v.visibility = 'participants' and exists (
            select 1 from public.actors_membership m where m.actor_id = actor and m.process_id = v.process_id
            and (m.since = '' or m.since <= to_char(current_date, 'YYYY-MM-DD'))
            and (m.until = '' or left(to_char(current_date, 'YYYY-MM-DD'), length(m.until)) <= m.until))
        or not public.duplicates_has_people(actor, '{{contributor,focal_point,endorser}}');

create function duplicates_check_proposal() returns trigger language plpgsql {DEFINER} as $$
declare
    k public.registry_version;
    m public.registry_version;
begin
    select * into k from public.registry_version where id = new.kept_version_id;
    select * into m from public.registry_version where id = new.merged_version_id;
    if not (k.is_listed and m.is_listed and k.record_id = new.kept_id and m.record_id = new.merged_id
            and (public.minga_operates() or 'secretariat' = any (public.registry_relations(k))
                 or 'secretariat' = any (public.registry_relations(m)))) then
        raise exception 'Nothing there.' using errcode = 'MG404';
    end if;
    if btrim(new.reason) = '' then
        raise exception 'No reason.' using errcode = 'MG422';
    end if;
    -- What an office endorsed is not merged into what nobody did.
    if k.state = 'published_from_source' and m.state = 'published' then
        raise exception 'Endorsed.' using errcode = 'MG432';
    end if;
    -- Whoever reads the one that goes reads the one that stays; and each owner reads what it is asked about.
    if not (k.visibility = 'public' or (k.visibility, k.process_id) is not distinct from (m.visibility, m.process_id)
            and k.audience @> m.audience)
        or not public.duplicates_owner_reads(k.owner_id, m) or not public.duplicates_owner_reads(m.owner_id, k) then
        raise exception 'Readers.' using errcode = 'MG433';
    end if;
    return null;
end $$;
create trigger duplicates_proposed after insert on duplicates_merge
    for each row execute function duplicates_check_proposal();
"""

ANSWERING = f"""
-- Whether the current person answers for one owner of a merge: its focal point; where it has none, its contributors;
-- where it has nobody here, the secretariat of the record.
create function duplicates_may_answer(m duplicates_merge, owner bigint) returns boolean language plpgsql stable {DEFINER} as $$
declare
    v public.registry_version;
begin
    if public.minga_operates() then
        return true;
    end if;
    if public.duplicates_has_people(owner, '{{focal_point}}') then
        return owner = any (public.minga_my_actors_as('{{focal_point}}'));
    end if;
    if public.duplicates_has_people(owner, '{{contributor}}') then
        return owner = any (public.minga_my_written_actors());
    end if;
    for v in select * from public.registry_version o
        where o.id in (m.kept_version_id, m.merged_version_id) and o.owner_id = owner
    loop
        if 'secretariat' = any (public.registry_relations(v)) then
            return true;
        end if;
    end loop;
    return false;
end $$;

-- The owners that have not answered yet and for whom the current person does.
create function duplicates_asked(which bigint) returns table (actor bigint, on_record boolean)
    language sql stable {DEFINER}
    begin atomic
        select distinct r.owner_id, not public.duplicates_has_people(r.owner_id, '{{contributor,focal_point}}')
        from public.duplicates_merge m join public.registry_record r on r.id in (m.kept_id, m.merged_id)
        where m.id = which and m.state = 'proposed' and public.duplicates_may_answer(m.*, r.owner_id)
        and not exists (select 1 from public.duplicates_consent c where c.merge_id = m.id and c.actor_id = r.owner_id);
    end;

-- Makes the link, once every owner has agreed: called by functions that have asked.
create function duplicates_make_link(m duplicates_merge, moment timestamptz) returns void language plpgsql {DEFINER} as $$
begin
    perform public.registry_take_step(m.merged_version_id, 'merge', '', public.minga_person(), '', moment);
    insert into public.duplicates_link (merge_id, merged_id, kept_id, since)
        values (m.id, m.merged_id, m.kept_id, moment);
    update public.duplicates_merge set state = 'standing', text = case chosen when '{{}}' then 'none' else 'waiting' end
        where id = m.id;
end $$;

-- An owner's answer. Returns the state of the merge afterwards.
create function duplicates_answer(which bigint, agrees boolean, why text) returns text language plpgsql {DEFINER} as $$
declare
    m public.duplicates_merge;
    moment constant timestamptz := statement_timestamp();
    words constant text := btrim(coalesce(why, ''));
begin
    select * into m from public.duplicates_merge where id = which for update;
    if m.id is null or not exists (
        select 1 from public.registry_record r where r.id in (m.kept_id, m.merged_id)
        and public.duplicates_may_answer(m, r.owner_id)
    ) then
        raise exception 'Nothing there.' using errcode = 'MG404';
    end if;
    if m.state <> 'proposed' or not exists (select 1 from public.duplicates_asked(which)) then
        raise exception '%', m.state using errcode = 'MG430';
    end if;
    if words = '' and (not agrees or exists (select 1 from public.duplicates_asked(which) a where a.on_record)) then
        raise exception 'No reason.' using errcode = 'MG422';
    end if;
    -- In the order of ids, so that no two merges wait for each other.
    perform 1 from public.registry_version v where v.id in (m.kept_version_id, m.merged_version_id)
        order by v.id for update;
    if agrees and (
        select count(*) < 2 from public.registry_version v
        where v.id in (m.kept_version_id, m.merged_version_id) and v.is_listed
    ) then
        raise exception 'Changed.' using errcode = 'MG431';
    end if;
    insert into public.duplicates_consent (merge_id, actor_id, agreed, reason, by_person, at, on_record)
        select which, a.actor, agrees, words, public.minga_person(), moment, a.on_record
        from public.duplicates_asked(which) a;
    if not agrees then
        update public.duplicates_merge set state = 'refused', ended_by = public.minga_person(), ended_at = moment,
            end_reason = words where id = which;
        return 'refused';
    end if;
    if not exists (
        select 1 from public.registry_record r where r.id in (m.kept_id, m.merged_id) and not exists (
            select 1 from public.duplicates_consent c where c.merge_id = which and c.actor_id = r.owner_id and c.agreed)
    ) then
        perform public.duplicates_make_link(m, moment);
        return 'standing';
    end if;
    return 'proposed';
end $$;
"""

UNDOING = f"""
-- Whether the current person ends a merge or a proposal: the secretariat of either record, the focal point of either owner.
create function duplicates_may_end(m duplicates_merge) returns boolean language plpgsql stable {DEFINER} as $$
declare
    v public.registry_version;
begin
    if public.minga_operates() or exists (
        select 1 from public.registry_record r where r.id in (m.kept_id, m.merged_id)
        and r.owner_id = any (public.minga_my_actors_as('{{focal_point}}'))
    ) then
        return true;
    end if;
    for v in select * from public.registry_version o where o.id in (m.kept_version_id, m.merged_version_id)
        or o.record_id = m.kept_id and o.is_listed
    loop
        if 'secretariat' = any (public.registry_relations(v)) then
            return true;
        end if;
    end loop;
    return false;
end $$;
create function duplicates_ends_now(which bigint) returns boolean language sql stable {DEFINER}
    return exists (
        select 1 from public.duplicates_merge m where m.id = which and m.state in ('proposed', 'standing')
        and public.duplicates_may_end(m.*));

-- Calls a proposal off, or undoes a merge: the merged record stands again as it was, the other stays as it is now.
create function duplicates_end(which bigint, why text) returns text language plpgsql {DEFINER} as $$
declare
    m public.duplicates_merge;
    moment constant timestamptz := statement_timestamp();
    was text;
    outcome text;
begin
    select * into m from public.duplicates_merge where id = which for update;
    if m.id is null or not public.duplicates_may_end(m) then
        raise exception 'Nothing there.' using errcode = 'MG404';
    end if;
    if m.state not in ('proposed', 'standing') then
        raise exception '%', m.state using errcode = 'MG430';
    end if;
    if btrim(coalesce(why, '')) = '' then
        raise exception 'No reason.' using errcode = 'MG422';
    end if;
    outcome := case m.state when 'standing' then 'undone' else 'called_off' end;
    if m.state = 'standing' then
        select t.from_state into was from public.registry_transition t
            where t.version_id = m.merged_version_id and t.name = 'merge' order by t.at desc, t.id desc limit 1;
        perform public.registry_take_step(m.merged_version_id,
            case was when 'published' then 'stand_again' else 'stand_again_from_source' end, '',
            public.minga_person(), '', moment);
        update public.duplicates_link set undone_at = moment where merge_id = which;
    end if;
    update public.duplicates_merge set state = outcome, ended_by = public.minga_person(), ended_at = moment,
        end_reason = btrim(why), text = case text when 'waiting' then 'none' else text end where id = which;
    return outcome;
end $$;

-- Notes which draft was made of the chosen text, for whoever writes for the owner of the record that stays.
create function duplicates_note_written(which bigint, version bigint) returns void language plpgsql {DEFINER} as $$
begin
    update public.duplicates_merge m set text = 'written', written_id = version
        from public.registry_version v
        where m.id = which and m.state = 'standing' and m.text = 'waiting' and v.id = version
        and v.record_id = m.kept_id and (
            public.minga_operates() or v.state = 'draft' and v.owner_id = any (public.minga_my_written_actors()));
    if not found then
        raise exception 'Nothing there.' using errcode = 'MG404';
    end if;
end $$;
"""
BACK = """
drop function duplicates_note_written(bigint, bigint);
drop function duplicates_end(bigint, text);
drop function duplicates_ends_now(bigint);
drop function duplicates_may_end(duplicates_merge);
drop function duplicates_answer(bigint, boolean, text);
drop function duplicates_make_link(duplicates_merge, timestamptz);
drop function duplicates_asked(bigint);
drop function duplicates_may_answer(duplicates_merge, bigint);
drop trigger duplicates_proposed on duplicates_merge;
drop function duplicates_check_proposal();
drop function duplicates_owner_reads(bigint, registry_version);
drop function duplicates_has_people(bigint, text[]);
drop function duplicates_officers(bigint[]);
drop trigger duplicates_unlisted on registry_version;
drop function duplicates_forget();
drop trigger duplicates_decided on duplicates_decision;
drop function duplicates_close_pair();
"""


class Migration(migrations.Migration):
    dependencies = [("duplicates", "0001_initial"), ("registry", "0007_merged")]
    operations = [
        guard("duplicates_pair", read=PAIR_READ),
        guard("duplicates_decision", read=DECISION_READ, write=f"{SEES_ALL} or {DECISION_WRITE}"),
        guard("duplicates_compared", read="false"),
        guard("duplicates_merge", read=MERGE_READ, write=MERGE_WRITE),
        guard(
            "duplicates_consent",
            read="exists (select 1 from duplicates_merge m where m.id = duplicates_consent.merge_id)",
        ),
        guard(
            "duplicates_link",
            read=f"({LINK_READ}) or exists (select 1 from duplicates_merge m where m.id = duplicates_link.merge_id)",
        ),
        migrations.RunSQL(DECIDING + PROPOSING + ANSWERING + UNDOING, BACK),
    ]
