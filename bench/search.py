"""How long hybrid search takes over 100,000 records, as the site's own database role, and what it finds of the nearest.

    python bench/search.py [--records 100000] [--times 100]

Texts are words of the bundled records in their real frequencies, with names of their own; vectors are generated (around
centres, as records of a theme lie together). Measured beside the bare statement: the nearest by the index and the words
joined by "or", ranked, both fused by one SQL statement without anything else. Recall is that of the filtered neighbours
against exact search.
"""

import argparse
import json
import random
import re
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from fill import fill
from home import installation, percentile

DATA = Path(__file__).resolve().parents[1] / "minga" / "registry" / "data"
CENTRES, PASSAGES = 2_000, 2
SEED = 7
# 1 of 100 records: a country that few records name.
RARE_COUNTRY = """
select c from (select unnest(places) c from registry_version where is_listed) p group by c
order by abs(count(*) - %s) limit 1
"""
BARE = """
with near as (
    select p.version_id, row_number() over (order by p.vector::halfvec({size}) <=> %(vector)s::halfvec({size})) as place
    from search_passage p where p.number < 2 and p.made_with = '{encoder}' {within_passage}
    order by p.vector::halfvec({size}) <=> %(vector)s::halfvec({size}) limit 100),
said as (
    select w.version_id, row_number() over (order by ts_rank(w.text, q) desc) as place
    from search_wording w, to_tsquery(search_configuration('es'), %(words)s) q
    where w.text @@ q and w.language = 'es' {within_wording} order by ts_rank(w.text, q) desc limit 100)
select version_id, sum(1.0 / (60 + place)) from (select * from near union all select * from said) f
group by 1 order by 2 desc, 1 limit 20
"""


def texts() -> dict[str, list[str]]:
    """Language -> the words of the bundled records in it, as often as they stand there."""
    words = defaultdict(list)
    for name in ("practices", "pledges"):
        for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            words[row["lang"]] += re.findall(r"\w+", f"{row['title']} {row['summary']} {row.get('results') or ''}")
    return words


def vectors(number: int, size: int, chance: np.random.Generator, centres: np.ndarray) -> np.ndarray:
    """So many unit vectors around the centres."""
    near = centres[chance.integers(0, len(centres), number)]
    made = near + chance.standard_normal((number, size), dtype=np.float32) * (0.8 / np.sqrt(size))
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def fill_texts(database) -> None:
    """Give the generated records texts; the triggers make their wordings, as for any record."""
    chance, words = random.Random(SEED), texts()
    with database.connect("owner") as owner:
        if owner.execute("select count(*) from search_wording where title like '%%Zor%%'").fetchone()[0]:
            return
        rows = owner.execute("select id, language from registry_version order by id").fetchall()
        owner.execute("create temporary table told (id bigint primary key, title text, summary text)")
        with owner.cursor().copy("copy told from stdin") as copy:
            for pk, language in rows:
                title = " ".join(chance.choices(words[language], k=11)) + f" Zor{chance.randrange(60_000)}"
                summary = " ".join(chance.choices(words[language], k=110)) + f" Mix{chance.randrange(60_000)}."
                copy.write_row((pk, title.capitalize(), summary))
        owner.execute(
            "update registry_version v set title = t.title, summary = t.summary from told t where t.id = v.id"
        )
        owner.execute("select search_refresh(array(select id from registry_version))")
        owner.commit()
        owner.autocommit = True
        owner.execute("vacuum (analyze) registry_version")
        owner.execute("vacuum (analyze) search_wording")


def fill_vectors(database, encoder) -> np.ndarray:
    """Give them vectors, two passages more than title and summary each; returns the centres."""
    chance = np.random.default_rng(SEED)
    centres = vectors(CENTRES, encoder.size, chance, np.zeros((1, encoder.size), np.float32))
    with database.connect("owner") as owner:
        if owner.execute("select count(*) from search_passage").fetchone()[0]:
            return centres
        ids = [pk for (pk,) in owner.execute("select id from registry_version order by id")]
        columns = "version_id, number, is_public, field, language, text, made_with, vector"
        with owner.cursor().copy(f"copy search_passage ({columns}) from stdin") as copy:
            for begin in range(0, len(ids), 1_000):
                some = ids[begin : begin + 1_000]
                wholes = vectors(len(some), encoder.size, chance, centres)
                for number in range(2 + PASSAGES):
                    made = wholes
                    if number:  # of the same record: near its whole
                        made = wholes + chance.standard_normal(wholes.shape, dtype=np.float32) * (
                            0.5 / np.sqrt(encoder.size)
                        )
                        made /= np.linalg.norm(made, axis=1, keepdims=True)
                    for pk, vector in zip(some, made.round(4), strict=True):
                        text = "Un párrafo sintético sobre movilidad humana y servicios. " * 3
                        copy.write_row((pk, number, True, "summary", "es", text, encoder.name, str(vector.tolist())))
        owner.execute("delete from search_stale")
        owner.execute(
            "insert into search_vectorset (name, model, prefixes, size, axes, made_from, slope, shift, visibilities,"
            " begun_at, complete_at) values (%s, '', '{}', %s, '{}', '', 1, 0, '{public,participants,named}', now(), now())"
            " on conflict do nothing", [encoder.name, encoder.size],
        )  # fmt: skip
        owner.commit()
        owner.execute("set maintenance_work_mem = '1GB'")
        owner.execute(
            f"create index search_passage_bench on search_passage using hnsw ((vector::halfvec({encoder.size}))"
            f" halfvec_cosine_ops) where number < 2 and made_with = '{encoder.name}'"
        )
        owner.commit()
        owner.autocommit = True
        owner.execute("vacuum (analyze) search_passage")
    return centres


def fill_words(encoder) -> None:
    """The list of words with their vectors, as the worker makes it."""
    from minga.access.process import become
    from minga.access.rowsecurity import seeing_all
    from minga.search import wordlist

    become("worker")
    with seeing_all():
        wordlist.renew()
    print(f"{wordlist.embed(encoder, turn=seeing_all)} words with vectors")


def measure(database, encoder, centres: np.ndarray, times: int) -> None:
    """Print search beside the bare statement, without and with a filter that keeps 1 % of the records."""
    from minga.access.process import become
    from minga.access.rowsecurity import acting

    with database.connect("owner") as owner:
        total = owner.execute("select count(*) from registry_version where is_listed").fetchone()[0]
        country = owner.execute(RARE_COUNTRY, [total // 100]).fetchone()[0]
        share = (
            owner.execute(
                "select count(*) from registry_version where is_listed and %s = any(places)", [country]
            ).fetchone()[0]
            / total
        )
    become("site")
    chance, words = random.Random(SEED), texts()["es"]
    numbers = np.random.default_rng(SEED + 1)
    longer = [word for word in words if len(word) > 4]
    queries = [" ".join(chance.choices(longer, k=chance.choice([2, 3, 4, 4, 6]))) for _ in range(times)]
    asked = list(zip(queries, vectors(times, encoder.size, numbers, centres), strict=True))
    encoded = [embedding(encoder, typed) for typed, _vector in asked]
    print(f"embedding the query: p50 {percentile(encoded, 0.5):.1f} p95 {percentile(encoded, 0.95):.1f} ms")
    print(f"{'':24} {'search p50':>11} {'p95':>7} {'in all':>8} {'bare p50':>9} {'p95':>7} {'ratio':>6}   (ms)")
    for label, filtered in (("all", ""), (f"{share:.1%} ({country})", country)):
        ours, bares = [], []
        for typed, vector in asked:
            with acting(person=None):
                bares.append(bare(encoder, typed, vector, filtered))
            with acting(person=None):
                ours.append(search(encoder, typed, vector, filtered))
        in_all = [one + other for one, other in zip(ours, encoded, strict=True)]
        figures = [percentile(ours, 0.5), percentile(ours, 0.95), percentile(in_all, 0.95)]
        figures += [percentile(bares, 0.5), percentile(bares, 0.95)]
        print(f"{label:24} " + " ".join(f"{figure:9.1f}" for figure in figures) + f" {sum(ours) / sum(bares):6.2f}")
    print(f"recall of the filtered neighbours: {recall(encoder, asked[:50], country):.3f}")


def embedding(encoder, typed: str) -> float:
    """Seconds that the vectors of a query and of its words take."""
    from minga.search.kin import words_of

    begun = time.perf_counter()
    encoder.queries([typed])
    encoder.words(words_of(typed))
    return time.perf_counter() - begun


def search(encoder, typed: str, vector: np.ndarray, country: str) -> float:
    """Seconds that a search takes."""
    from minga.search import grammar
    from minga.search.finding import find
    from minga.search.kin import words_of

    query = grammar.read(f"{typed} country:{country}" if country else typed)
    words = words_of(typed)
    given = dict(zip(words, encoder.words(words), strict=True))
    begun = time.perf_counter()
    find(query, language="es", vector=vector, encoder=encoder.name, word_vectors=given)
    return time.perf_counter() - begun


def bare(encoder, typed: str, vector: np.ndarray, country: str) -> float:
    """Seconds that the bare statement takes."""
    from django.db import connection
    from pgvector import HalfVector

    within = (
        "and {} in (select id from registry_version where is_listed and places && array['" + country + "']::varchar[])"
    )
    statement = BARE.format(
        size=encoder.size, encoder=encoder.name, within_passage=within.format("p.version_id") if country else "",
        within_wording=within.format("w.version_id") if country else "",
    )  # fmt: skip
    with connection.cursor() as cursor:
        begun = time.perf_counter()
        cursor.execute("set local hnsw.ef_search = 100; set local hnsw.iterative_scan = relaxed_order")
        cursor.execute(statement, {"vector": HalfVector(vector).to_text(), "words": " | ".join(typed.split())})
        cursor.fetchall()
        return time.perf_counter() - begun


def recall(encoder, asked: list[tuple[str, np.ndarray]], country: str) -> float:
    """Share of the exact ten nearest of a country that the index finds."""
    from django.db import connection
    from pgvector import HalfVector

    from minga.access.rowsecurity import acting
    from minga.search import grammar
    from minga.search.filtering import filters_of
    from minga.search.meaning import nearest

    found = 0
    for _typed, vector in asked:
        with acting(person=None), connection.cursor() as cursor:
            near = [
                version
                for version, _similarity in nearest(
                    vector, encoder.name, filters_of(grammar.read(f"country:{country}"))
                )
            ][:10]
            cursor.execute("set local enable_indexscan = off")
            cursor.execute(
                "select version_id from (select version_id, min(vector <=> %s::halfvec) d from search_passage"
                " where number < 2 and version_id in (select id from registry_version where is_listed"
                " and places && array[%s]::varchar[]) group by 1) e order by d limit 10",
                [HalfVector(vector).to_text(), country],
            )
            found += len({pk for (pk,) in cursor.fetchall()} & set(near)) / 10
    return found / len(asked)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=100)
    arguments = parser.parse_args()
    with installation() as database:
        from minga.language.encoders import default_encoder

        begun = time.perf_counter()
        fill(database, arguments.records)
        fill_texts(database)
        centres = fill_vectors(database, default_encoder())
        fill_words(default_encoder())
        print(f"{arguments.records} records filled in {time.perf_counter() - begun:.0f} s")
        measure(database, default_encoder(), centres, arguments.times)


if __name__ == "__main__":
    main()
