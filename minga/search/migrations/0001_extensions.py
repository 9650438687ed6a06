"""What PostgreSQL needs for search: vectors, text without accents, similar spellings; and a configuration a language."""

from django.db import migrations

# Accents go before the stemmer sees a word: the stock configurations tell "migración" from "migracion".
STEMMERS = {"es": "spanish", "en": "english", "fr": "french", "pt": "portuguese"}
CONFIGURATIONS = "".join(
    f"""
create text search configuration minga_{code} (copy = {stemmer});
alter text search configuration minga_{code} alter mapping for hword, hword_part, word with unaccent, {stemmer}_stem;
"""
    for code, stemmer in STEMMERS.items()
)
# A language without a stemmer here (Haitian Creole, Miskito) is carried by its words as they are.
FUNCTION = """
create text search configuration minga_words (copy = simple);
alter text search configuration minga_words alter mapping for hword, hword_part, word, asciihword, asciiword,
    hword_asciipart, numword, numhword, hword_numpart with unaccent, simple;
create function search_configuration(language text) returns regconfig language sql immutable parallel safe
    set search_path = pg_catalog, public, pg_temp
    return case split_part(language, '-', 1) when 'es' then 'public.minga_es'::regconfig
        when 'en' then 'public.minga_en'::regconfig when 'fr' then 'public.minga_fr'::regconfig
        when 'pt' then 'public.minga_pt'::regconfig else 'public.minga_words'::regconfig end;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("registry", "0006_whose_it_is")]
    operations = [
        migrations.RunSQL(
            "create extension if not exists unaccent; create extension if not exists pg_trgm;"
            " create extension if not exists vector;",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(CONFIGURATIONS + FUNCTION, migrations.RunSQL.noop),
    ]
