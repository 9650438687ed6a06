"""“Quoted” words, ¿questions? and l’apostrophes are found: typographic signs end a word.

PostgreSQL's parser takes every sign beyond ASCII for a letter where the database's locale is C, as the embedded server's
is, so that “Puente and Puente were two words.
"""

from django.db import migrations

# The same as grammar.BETWEEN_WORDS, which reads queries.
SIGNS = "“”„‟«»‹›‘’‚‛′″´¿¡–—―−‐‑…·•†‡°ºª§©®™\u00a0\u2007\u2009\u200a\u200b\u202f\u2028\u2029\ufeff"
PLAIN = f"""
create function search_plain(said text) returns text language sql immutable parallel safe
    return translate(said, '{SIGNS}', '{" " * len(SIGNS)}');

-- The function that makes wordings is as it was, but for what it reads.
do $$
declare
    made text := pg_get_functiondef('search_refresh(bigint[])'::regprocedure);
begin
    made := replace(made, ', w.title)', ', public.search_plain(w.title))');
    made := replace(made, ', w.summary)', ', public.search_plain(w.summary))');
    made := replace(made, ', w.names)', ', public.search_plain(w.names))');
    made := replace(made, ', w.details,', ', public.search_plain(w.details::text)::jsonb,');
    execute made;
end $$;
"""
# Wordings are made anew; the vectors, which read whole texts, are not.
ANEW = """
create temporary table stale_before on commit drop as select * from search_stale;
select search_refresh(array(select id from registry_version where is_listed));
delete from search_stale;
insert into search_stale select * from stale_before;
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0005_words_of_public_records")]
    operations = [
        migrations.RunSQL(PLAIN, migrations.RunSQL.noop),
        migrations.RunSQL(ANEW, migrations.RunSQL.noop),
    ]
