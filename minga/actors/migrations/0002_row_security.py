"""What a person may see and do follows from her grants; actors that were only proposed are not everybody's to read."""

from django.db import migrations

from minga.access.policies import SEES_ALL, guard

# Security definer, since the grants themselves are closed to the site; search_path fixed for that reason.
FUNCTIONS = """
create function minga_my_actors() returns bigint[] language sql stable security definer
    set search_path = pg_catalog, public, pg_temp
    return array(
        select distinct g.actor_id from public.actors_grant g join public.accounts_person p on p.id = g.person_id
        where g.person_id = public.minga_person() and p.is_active
        and g.process_id is null and current_date >= g.since and (g.until is null or current_date <= g.until)
    );

create function minga_my_written_actors() returns bigint[] language sql stable security definer
    set search_path = pg_catalog, public, pg_temp
    return array(
        select distinct g.actor_id from public.actors_grant g join public.accounts_person p on p.id = g.person_id
        where g.person_id = public.minga_person() and p.is_active and g.role in ('contributor', 'focal_point')
        and g.process_id is null and current_date >= g.since and (g.until is null or current_date <= g.until)
    );

-- The processes that the person takes part in: through an actor that is a member of any status today, or by a role
-- in the process itself.
create function minga_my_processes() returns bigint[] language sql stable security definer
    set search_path = pg_catalog, public, pg_temp
    return array(
        select m.process_id from public.actors_membership m
        where m.actor_id = any (public.minga_my_actors())
        and (m.since = '' or m.since <= to_char(current_date, 'YYYY-MM-DD'))
        and (m.until = '' or left(to_char(current_date, 'YYYY-MM-DD'), length(m.until)) <= m.until)
        union
        select g.process_id from public.actors_grant g join public.accounts_person p on p.id = g.person_id
        where g.person_id = public.minga_person() and p.is_active and g.process_id is not null
        and current_date >= g.since and (g.until is null or current_date <= g.until)
    );
"""

# A proposed actor's own policy is completed by the registry, which knows who cites it (minga_cited_actor).
ACTOR_READ = """
    standing = 'established'
    or proposed_by_id = any ((select minga_my_actors())::bigint[])
    or minga_is_cited(id)
"""
BY_ACTOR = "exists (select 1 from actors_actor a where a.id = {column})"


class Migration(migrations.Migration):
    dependencies = [("actors", "0001_initial"), ("access", "0001_row_security"), ("registry", "0001_initial")]
    operations = [
        migrations.RunSQL(
            FUNCTIONS,
            "drop function minga_my_processes(); drop function minga_my_written_actors();"
            " drop function minga_my_actors();",
        ),
        # Not security definer: participations are under row security themselves, so that only a citation in a
        # version that the person may read counts.
        migrations.RunSQL(
            "create function minga_is_cited(actor bigint) returns boolean language sql stable"
            " return exists (select 1 from registry_participation p where p.actor_id = actor);",
            "drop function minga_is_cited(bigint);",
        ),
        guard("actors_actor", read=ACTOR_READ),
        guard("actors_alias", read=BY_ACTOR.format(column="actor_id")),
        guard("actors_membership", read=BY_ACTOR.format(column="actor_id")),
        guard("actors_position", read=BY_ACTOR.format(column="actor_id")),
        guard("actors_grant", read="person_id = (select minga_person())", write=SEES_ALL),
    ]
