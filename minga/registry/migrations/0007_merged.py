"""A state for records that were merged into another: none of their versions is listed, what they said stays readable.

A merge is made and undone by the functions of `duplicates`, after its owners agreed; nobody takes these steps by herself.
"""

import importlib

from django.db import migrations, models

from minga.access.policies import SEES_ALL

DEFINER = "security definer set search_path = pg_catalog, public, pg_temp"
moves = importlib.import_module("minga.registry.migrations.0005_moves")
whose = importlib.import_module("minga.registry.migrations.0006_whose_it_is")
AT_REST = ("published", "published_from_source", "replaced", "archived", "withdrawn", "merged")
STATES = [
    ("draft", "Draft"),
    ("to_endorse", "With the endorsing office"),
    ("endorsed", "Endorsed by its owner's office"),
    ("submitted", "Submitted"),
    ("in_moderation", "In moderation"),
    ("changes_requested", "Changes requested"),
    ("not_suitable", "Not suitable"),
    ("accepted", "Accepted"),
    ("published", "Published"),
    ("published_from_source", "Published from a public source"),
    ("replaced", "Replaced by a newer version"),
    ("archived", "Archived"),
    ("withdrawn", "Withdrawn"),
    ("merged", "Merged into another record"),
]
AT_WORK = models.Q(("state__in", AT_REST), _negated=True)

# What a record said before it was merged is read by whoever could read it then: whoever cited it finds it.
MERGED_READ = """
    (state = 'merged' and (
        visibility = 'public'
        or visibility = 'participants' and process_id = any ((select minga_my_processes())::bigint[])
        or visibility = 'named' and audience && (select minga_my_actors())::bigint[]
    ))
"""
READING = f"""
drop policy registry_version_read on registry_version;
create policy registry_version_read on registry_version for select using (
    {SEES_ALL} or ({moves.VERSION_READ}) or {whose.BEHALF} or {MERGED_READ}
);
drop policy registry_transition_read on registry_transition;
create policy registry_transition_read on registry_transition for select using (
    {SEES_ALL} or exists (
        select 1 from registry_version v where v.id = version_id and (
            v.owner_id = any ((select minga_my_actors())::bigint[])
            or v.on_behalf_of_id = any ((select minga_my_actors())::bigint[])
            or v.submitted_at <= at and v.process_id = any ((select minga_my_processes_as('{{secretariat}}'))::bigint[])
            or name in ('publish', 'publish_from_source', 'adopt', 'replace', 'archive', 'withdraw', 'merge',
                        'stand_again', 'stand_again_from_source')
        )
    )
);
"""


def rewritten(function: str, *changes: tuple[str, str]) -> str:
    """SQL that makes a function anew with some of its text changed; it fails where that text is not there.

    Args:
        function: with the types of its arguments.
        changes: (old text, new text).
    """
    lines = [f"told text := pg_get_functiondef('{function}'::regprocedure);"]
    steps = []
    for old, new in changes:
        steps.append(
            f"if position($old${old}$old$ in told) = 0 then raise exception 'not found in {function}'; end if;"
            f" told := replace(told, $old${old}$old$, $new${new}$new$);"
        )
    return f"do $do$ declare {' '.join(lines)} begin {' '.join(steps)} execute told; end $do$;"


MOVING = f"""
create or replace function registry_steps_now(which bigint) returns text[] language sql stable {DEFINER}
    return array(
        select s.name from public.registry_version v join public.registry_step s on v.state = any (s.sources)
        where v.id = which and 'merge' <> all (s.who) and (
            s.who && public.registry_relations(v)
            or public.minga_operates() and s.name not in ('replace')
        )
        order by s.name
    );
""" + "\n".join(
    (
        # The secretariat of a public record without a process stays it while the record is merged.
        rewritten(
            "registry_relations(registry_version)",
            ("v.process_id is null then v.is_public and exists",
             "v.process_id is null then (v.is_public or v.state = 'merged' and v.visibility = 'public') and exists"),
        ),
        rewritten(
            "registry_move(bigint, text, text, integer, text, timestamptz)",
            ("if v.id is null or s.name is null or not", "if v.id is null or s.name is null or 'merge' = any (s.who) or not"),
        ),
        rewritten(
            "registry_take_step(bigint, text, text, bigint, text, timestamptz)",
            ("if s.target in ('published', 'published_from_source') then",
             "if s.target in ('published', 'published_from_source') then\n"
             "        if v.state <> 'merged' and exists (\n"
             "            select 1 from public.registry_version o where o.record_id = v.record_id and o.state = 'merged'\n"
             "        ) then\n"
             "            raise exception 'Merged.' using errcode = 'MG425';\n"
             "        end if;"),
            # It stands again as it was: it is not new.
            ("listed_at = case when s.target in ('published', 'published_from_source') then moment",
             "listed_at = case when s.target in ('published', 'published_from_source') and v.state <> 'merged' then moment"),
        ),
    )
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_whose_it_is")]
    operations = [
        migrations.RemoveConstraint(model_name="version", name="one_listed_version"),
        migrations.RemoveConstraint(model_name="version", name="a_known_state"),
        migrations.RemoveIndex(model_name="version", name="at_work_by_owner"),
        migrations.RemoveIndex(model_name="version", name="at_work_by_process"),
        migrations.AlterField(
            model_name="version",
            name="state",
            field=models.CharField(choices=STATES, default="draft", max_length=24),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(condition=AT_WORK, fields=["owner", "state", "-changed_at"], name="at_work_by_owner"),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(condition=AT_WORK, fields=["process", "state"], name="at_work_by_process"),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("published", "published_from_source", "merged"))),
                fields=("record",),
                name="one_listed_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", [code for code, _label in STATES])), name="a_known_state"
            ),
        ),
        migrations.RunSQL(READING, migrations.RunSQL.noop),
        migrations.RunSQL(MOVING, migrations.RunSQL.noop),
    ]
