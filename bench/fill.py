"""Fills a registry with generated records by plain SQL: for benchmarks only, never shown or bundled.

Distributions follow the bundled records: a few countries and objectives are frequent, most are rare.
"""

FILL = """
select setseed(0.42);
create temporary table told as
select
    n,
    (array['practice','practice','practice','practice','pledge','pledge','initiative','need','offer','lesson'])
        [1 + floor(random() * 10)::int] as kind,
    (array['es','es','es','en','en','fr','pt'])[1 + floor(random() * 7)::int] as language,
    (array['national','national','local','local','bilateral','regional','global',''])
        [1 + floor(random() * 8)::int] as level,
    (array['','','','under_way','ended','planned'])[1 + floor(random() * 6)::int] as progress,
    case when random() < 0.1 then null else 2026 - floor(power(random(), 2) * 30)::int end as year,
    1 + floor(power(random(), 3) * 5)::int as places,
    1 + floor(random() * 4)::int as objectives,
    1 + floor(random() * 4)::int as principles,
    1 + floor(random() * 3)::int as populations
from generate_series(1, %(records)s) n;

insert into registry_record (public_id, kind, owner_id, external_id, created_at, withdrawal_reason)
select translate(substr(md5('r' || n), 1, 9), 'ilou', 'jmnp') || 'z', kind, %(owner)s, 'gen-' || n, now(), ''
from told order by n;

insert into registry_version (
    record_id, number, kind, owner_id, state, visibility, audience, language, title, summary, details, places, region,
    is_of_region, objectives, principles, concepts, populations, level, progress, starts, ends, year, source_url,
    fingerprint, created_at, changed_at, listed_at
)
select r.id, 1, t.kind, r.owner_id, 'published_from_source', 'public', '{}', t.language,
    'Synthetic record ' || t.n || ' about ' || md5(t.n::text),
    repeat('Texto sintético sobre movilidad humana, servicios y protección. ', 8), '{}',
    array(select distinct c from (select (%(countries)s::text[])[1 + floor(power(random(), 2) * 48)::int] c
        from generate_series(1, t.places) x where t.n > 0) s),
    '', random() < 0.8,
    array(select distinct o from (select 1 + floor(power(random(), 1.4) * 23)::int o
        from generate_series(1, t.objectives) x where t.n > 0) s),
    array(select distinct p from (select (%(principles)s::text[])[1 + floor(random() * 10)::int] p
        from generate_series(1, t.principles) x where t.n > 0) s),
    '{}',
    array(select distinct p from (select (%(populations)s::text[])[1 + floor(power(random(), 2) * 18)::int] p
        from generate_series(1, t.populations) x where t.n > 0) s),
    t.level, t.progress, coalesce(t.year::text, ''), '', t.year, 'https://example.org/' || t.n, md5(t.n::text),
    now(), now(), now() - t.n * interval '1 minute'
from told t join registry_record r on r.external_id = 'gen-' || t.n order by t.n;

insert into registry_participation (version_id, actor_id, role, position, name_as_given)
select v.id, (%(actors)s::bigint[])[1 + floor(random() * 60)::int], 'lead', 0, 'Synthetic actor'
from registry_version v;
"""


def fill(database, records: int) -> None:
    """Fill an installation that was made without bundled records; as the owner, in one transaction.

    Args:
        database: the installation's database, in use.
        records: how many public records to make.
    """
    with database.connect("owner") as owner:
        held = owner.execute("select count(*) from registry_record").fetchone()[0]
        if held >= records:
            return
        countries = [code for (code,) in owner.execute(
            "select country from actors_actor where kind = 'state' order by m49_region = '019' desc, country limit 48")]  # fmt: skip
        codes = {scheme: [code for (code,) in owner.execute(
            "select code from vocabularies_concept where scheme_id = %s order by position", [scheme])]
            for scheme in ("gcm-principles", "populations")}  # fmt: skip
        actors = [
            pk for (pk,) in owner.execute("select id from actors_actor where kind <> 'state' order by id limit 60")
        ]
        secretariat = owner.execute("select id from actors_actor where slug = 'rcm-executive-secretariat'").fetchone()[
            0
        ]
        values = {"records": records, "owner": secretariat, "countries": countries, "actors": actors,
                  "principles": codes["gcm-principles"], "populations": codes["populations"]}  # fmt: skip
        import psycopg

        cursor = psycopg.ClientCursor(owner)
        cursor.execute(FILL, values)
        owner.commit()
        owner.autocommit = True
        owner.execute("vacuum (analyze) registry_version")
        owner.execute("vacuum (analyze) registry_record")
        owner.execute("vacuum (analyze) registry_participation")
        owner.execute("vacuum (analyze) registry_count")


DRAFTS = """
insert into registry_record (public_id, kind, owner_id, external_id, created_at, withdrawal_reason)
select translate(substr(md5('d' || n), 1, 9), 'ilou', 'jmnp') || 'y', 'practice', %(owner)s, 'draft-' || n, now(), ''
from generate_series(1, %(drafts)s) n;

insert into registry_version (
    record_id, number, kind, owner_id, state, visibility, audience, language, title, summary, details, places, region,
    is_of_region, objectives, principles, concepts, populations, level, progress, starts, ends, year, source_url,
    fingerprint, created_at, changed_at
)
select r.id, 1, r.kind, r.owner_id, 'draft', 'public', '{}', 'es', 'Borrador ' || r.id, repeat('Texto. ', 60), '{}',
    '{SLV}', '', true, '{8}', '{}', '{}', '{}', '', '', '', '', null, '', md5(r.id::text), now(), now()
from registry_record r where r.external_id like 'draft-%%';
"""


def fill_drafts(database, drafts: int) -> int:
    """Give El Salvador so many drafts, and a focal point who signed in.

    Args:
        database: the installation's database, in use.
        drafts: how many.

    Returns:
        the id of the focal point.
    """
    import psycopg

    with database.connect("owner") as owner:
        country = owner.execute("select id from actors_actor where slug = 'slv'").fetchone()[0]
        psycopg.ClientCursor(owner).execute(DRAFTS, {"owner": country, "drafts": drafts})
        person = owner.execute(
            "insert into accounts_person (email, name, created_at) values ('bench@example.org', 'Bench', now())"
            " returning id"
        ).fetchone()[0]
        owner.execute(
            "insert into actors_grant (person_id, actor_id, role, since) values (%s, %s, 'focal_point', '2020-01-01')",
            [person, country],
        )
        owner.commit()
        owner.autocommit = True
        owner.execute("vacuum (analyze) registry_version")
        owner.execute("vacuum (analyze) registry_record")
    return person
