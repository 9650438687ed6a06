"""How long it takes to find what may answer a need over 100,000 records, as the site's own database role.

    python bench/needs.py [--records 100000] [--times 100]

The installation is that of bench/search.py: texts of the bundled records' words, generated vectors around centres. A need
is a title of ten words and a text of ninety; its vectors are generated and its words' vectors made before the clock starts,
since embedding is measured elsewhere. Beside it the bare statement: the hundred nearest by the index.
"""

import argparse
import random
import time

import numpy as np
from fill import fill
from home import installation, percentile
from search import SEED, fill_texts, fill_vectors, fill_words, texts, vectors

WORDS_OF_TITLE, WORDS_OF_TEXT = 10, 90
BARE = """
select p.version_id from search_passage p where p.number < 2 and p.made_with = %s
order by p.vector::halfvec({size}) <=> %s::halfvec({size}) limit 100
"""


def readings(encoder, times: int, centres: np.ndarray) -> list:
    """So many needs as matching reads them."""
    from minga.matching.reading import NUMBER, Reading
    from minga.matching.stories import Story
    from minga.search.kin import words_of

    chance, numbers, words = random.Random(SEED), np.random.default_rng(SEED + 1), texts()["es"]
    wholes = vectors(times, encoder.size, numbers, centres)
    titles = vectors(times, encoder.size, numbers, wholes)
    made = []
    for whole, title in zip(wholes, titles, strict=True):
        parts = [" ".join(chance.choices(words, k=9)).capitalize() + "." for _ in range(WORDS_OF_TEXT // 9)]
        story = Story(" ".join(chance.choices(words, k=WORDS_OF_TITLE)), " ".join(parts), "es")
        asked, of_title = words_of(story.whole)[:60], words_of(story.title)
        known = dict(zip(asked, encoder.words(asked), strict=True))
        objectives = numbers.dirichlet(np.full(NUMBER, 0.2))
        sentences = encoder.words(story.sentences)
        made.append(
            Reading(story, encoder.name, whole, title, known, {each: known[each] for each in of_title if each in known},
                    sentences, objectives)
        )  # fmt: skip
    return made


def measure(encoder, centres: np.ndarray, times: int) -> None:
    """Print both questions beside the bare statement."""
    from django.db import connection
    from pgvector import HalfVector

    from minga.access.process import become
    from minga.access.rowsecurity import acting
    from minga.matching.matching import answers_to, needs_for

    become("worker")
    needs = readings(encoder, times, centres)
    become("site")
    with acting(person=None):
        answers_to(needs[-1], limit=10)  # what is read once a process
    print(f"{'':24} {'p50':>8} {'p95':>8}   (ms)")
    told: dict[str, list[float]] = {"what answers a need": [], "needs for an offer": [], "bare statement": []}
    for reading in needs:
        for name, ask in (("what answers a need", answers_to), ("needs for an offer", needs_for)):
            with acting(person=None):
                begun = time.perf_counter()
                assert len(ask(reading, limit=10)) == 10
                told[name].append(time.perf_counter() - begun)
        with acting(person=None), connection.cursor() as cursor:
            begun = time.perf_counter()
            cursor.execute("set local hnsw.ef_search = 150; set local hnsw.iterative_scan = relaxed_order")
            cursor.execute(BARE.format(size=encoder.size), [encoder.name, HalfVector(reading.whole).to_text()])
            cursor.fetchall()
            told["bare statement"].append(time.perf_counter() - begun)
    for name, times_taken in told.items():
        print(f"{name:24} {percentile(times_taken, 0.5):8.1f} {percentile(times_taken, 0.95):8.1f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=100)
    arguments = parser.parse_args()
    with installation() as database:
        from minga.language.encoders import default_encoder

        fill(database, arguments.records)
        fill_texts(database)
        centres = fill_vectors(database, default_encoder())
        fill_words(default_encoder())
        measure(default_encoder(), centres, arguments.times)


if __name__ == "__main__":
    main()
