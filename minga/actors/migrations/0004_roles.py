"""What a person may do follows from her grants: one function a question, asked once a statement by every policy.

Authors' roles (contributor, focal point, endorser) hold for an actor; a moderator's and a secretariat's for a process
(the actor is then the institution that she comes from); an administrator's for the installation.
"""

from django.db import migrations

from minga.access.policies import SEES_ALL

DEFINER = "language sql stable security definer set search_path = pg_catalog, public, pg_temp"

FUNCTIONS = f"""
-- The grants that hold today: all further questions are asked of this one.
create function minga_my_grants(roles text[]) returns setof actors_grant {DEFINER}
    begin atomic
        select g.* from public.actors_grant g join public.accounts_person p on p.id = g.person_id
        where g.person_id = public.minga_person() and p.is_active and g.role = any (roles)
        and current_date >= g.since and (g.until is null or current_date <= g.until);
    end;

create function minga_my_actors_as(roles text[]) returns bigint[] {DEFINER}
    return array(select distinct g.actor_id from public.minga_my_grants(roles) g);

create or replace function minga_my_actors() returns bigint[] {DEFINER}
    return public.minga_my_actors_as('{{contributor,focal_point,endorser}}');

create or replace function minga_my_written_actors() returns bigint[] {DEFINER}
    return public.minga_my_actors_as('{{contributor,focal_point}}');

-- The processes whose secretariat she is, and those that she moderates for.
create function minga_my_processes_as(roles text[]) returns bigint[] {DEFINER}
    return array(select distinct g.process_id from public.minga_my_grants(roles) g where g.process_id is not null);

create or replace function minga_my_processes() returns bigint[] {DEFINER}
    return array(
        select m.process_id from public.actors_membership m
        where m.actor_id = any (public.minga_my_actors())
        and (m.since = '' or m.since <= to_char(current_date, 'YYYY-MM-DD'))
        and (m.until = '' or left(to_char(current_date, 'YYYY-MM-DD'), length(m.until)) <= m.until)
        union
        select unnest(public.minga_my_processes_as('{{contributor,focal_point,endorser,moderator,secretariat}}'))
    );

create function minga_is_administrator() returns boolean {DEFINER}
    return exists (select 1 from public.minga_my_grants('{{administrator}}'));

-- The people whose names she may see: those of her own offices; everybody's, for who runs the installation.
create function minga_my_colleagues() returns bigint[] {DEFINER}
    return array(
        select distinct g.person_id from public.actors_grant g
        where g.actor_id = any (public.minga_my_actors()) and g.role in ('contributor', 'focal_point', 'endorser')
    );
create function minga_sees_people() returns boolean {DEFINER}
    return public.minga_is_administrator();

create policy accounts_person_colleagues on accounts_person for select
    using (id = any ((select minga_my_colleagues())::bigint[]) or (select minga_sees_people()));
create policy accounts_person_invited on accounts_person for insert with check ((select minga_is_administrator()));
create policy accounts_invitation_administered on accounts_invitation for select
    using ((select minga_is_administrator()));
create policy accounts_invitation_made on accounts_invitation for insert
    with check ((select minga_is_administrator()));
create policy accounts_invitation_ended on accounts_invitation for update using ((select minga_is_administrator()));

-- Colleagues see who else works for their actor; administrators give and end roles.
drop policy actors_grant_read on actors_grant;
create policy actors_grant_read on actors_grant for select using (
    {SEES_ALL} or person_id = (select minga_person()) or (select minga_sees_people())
    or actor_id = any ((select minga_my_actors())::bigint[]) and role in ('contributor', 'focal_point', 'endorser')
);
create policy actors_grant_given on actors_grant for insert
    with check ((select minga_is_administrator()) and granted_by = (select minga_person())
        and person_id <> (select minga_person()));
create policy actors_grant_ended on actors_grant for update
    using ((select minga_is_administrator()) and person_id <> (select minga_person()));

-- Nobody gives herself a role, and whatever happens to a role is in the trail, whoever did it by whatever way.
create function actors_note_grant() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into public.audit_entry (at, act, subject, by_person, by_operator, owner_actor, reason, details) values (
        statement_timestamp(), case when tg_op = 'INSERT' then 'role.given' else 'role.changed' end,
        'person:' || new.person_id, public.minga_person(), '', new.actor_id, '',
        jsonb_build_object('role', new.role, 'process', new.process_id, 'since', new.since, 'until', new.until)
    );
    return null;
end $$;
create trigger actors_grant_noted after insert or update on actors_grant
    for each row execute function actors_note_grant();

-- Who saw or changed what: administrators read all of it, a focal point what concerns the records of her office.
create policy audit_entry_administered on audit_entry for select using (
    (select minga_is_administrator()) or owner_actor = any ((select minga_my_actors_as('{{focal_point}}'))::bigint[])
);

-- A focal point or contributor hands her work over in one act: what she may do for an office, a colleague who works for
-- the same office may from today, and she no longer. Endorsing is not handed over: an administrator gives it.
create function actors_hand_over(to_person bigint) returns integer language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
declare
    me constant bigint := public.minga_person();
    mine public.actors_grant;
    handed integer := 0;
begin
    for mine in select g.* from public.minga_my_grants('{{contributor,focal_point}}') g
        where exists (
            select 1 from public.actors_grant o join public.accounts_person p on p.id = o.person_id
            where o.person_id = to_person and o.actor_id = g.actor_id and to_person <> me
            and o.role in ('contributor', 'focal_point', 'endorser') and p.erased_at is null and p.disabled_at is null
            and o.since <= current_date and (o.until is null or o.until >= current_date)
        )
    loop
        update public.actors_grant o set until = case when mine.until is null then null else greatest(o.until, mine.until) end
            where o.person_id = to_person and o.actor_id = mine.actor_id and o.role = mine.role
            and (o.until is null or o.until >= current_date);
        if not found then
            insert into public.actors_grant (person_id, actor_id, role, process_id, since, until, granted_by)
                values (to_person, mine.actor_id, mine.role, mine.process_id, current_date, mine.until, me);
        end if;
        update public.actors_grant set until = current_date - 1 where id = mine.id;
        handed := handed + 1;
    end loop;
    if handed = 0 then
        raise exception 'There is nobody to hand over to.' using errcode = 'MG404';
    end if;
    return handed;
end $$;

-- A site may propose an actor that a record of its person names; only the secretariat takes one into the list.
drop policy actors_actor_insert on actors_actor;
create policy actors_actor_insert on actors_actor for insert with check (
    {SEES_ALL} or standing = 'proposed' and proposed_by_id = any ((select minga_my_written_actors())::bigint[])
);
drop policy actors_alias_insert on actors_alias;
create policy actors_alias_insert on actors_alias for insert with check (
    {SEES_ALL} or exists (
        select 1 from actors_actor a where a.id = actor_id and a.standing = 'proposed'
        and a.proposed_by_id = any ((select minga_my_written_actors())::bigint[])
    )
);

-- A person's access: reset (both factors end, she sets them anew), disabled (until an operator lets her in again), or
-- erased (what is held about her goes for good; what she did stays, unnamed).
create function accounts_close(who bigint, how text) returns void language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as $$
begin
    if how not in ('reset', 'disable', 'erase') or not (
        public.minga_operates() or public.minga_is_administrator()
        or how = 'erase' and who is not distinct from public.minga_person()
    ) then
        raise exception 'Not permitted.' using errcode = 'MG404';
    end if;
    delete from public.django_session s using public.usersessions_usersession u
        where u.user_id = who and s.session_key = u.session_key;
    delete from public.usersessions_usersession where user_id = who;
    delete from public.mfa_authenticator where user_id = who;
    update public.accounts_person set password = '!', disabled_at = case how when 'reset' then null else now() end,
        is_active = is_active and how = 'reset' where id = who;
    update public.accounts_invitation set used_at = now() where person_id = who and used_at is null;
    if how <> 'reset' then
        update public.actors_grant set until = current_date - 1
            where person_id = who and (until is null or until >= current_date);
    end if;
    if how = 'erase' then
        delete from public.account_emailaddress where user_id = who;
        delete from public.socialaccount_socialaccount where user_id = who;
        delete from public.notifications_mail m using public.accounts_person p
            where p.id = who and (m.person = who or lower(m."to") = lower(p.email));
        update public.accounts_person set email = 'erased-' || who || '@erased.invalid', name = '', erased_at = now()
            where id = who;
    end if;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("actors", "0003_grants_of_profiles"),
        ("accounts", "0004_who_reads_people"),
        ("audit", "0002_append_only"),
        ("notifications", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
        ("usersessions", "0001_initial"),
        ("sessions", "0001_initial"),
    ]
    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]
