"""How long the pass over the whole registry takes that fills the queue of suspected duplicates, and after 100 new records.

    python bench/suspects.py [--records 100000]

Records, texts and vectors are those of `bench/search.py`; the pass is the worker's, from stored vectors to the queue.
"""

import argparse
import time

from home import installation
from search import fill, fill_texts, fill_vectors


def measure() -> None:
    """Print how long the first pass takes, and one after 100 records came."""
    from minga.access.process import become
    from minga.access.rowsecurity import seeing_all
    from minga.duplicates import queue
    from minga.duplicates.models import Compared, Pair

    become("worker")
    with seeing_all():
        queue.begin_anew()
        Pair.objects.all().delete()
    begun = time.perf_counter()

    def report(done: int, total: int) -> None:
        if done % 10_000 == 0:
            print(f"{done:>8} of {total}: {time.perf_counter() - begun:.0f} s", flush=True)

    filled = queue.fill(report=report)
    print(f"{filled.compared} records: {time.perf_counter() - begun:.0f} s; {filled.pairs} suspected pairs")
    with seeing_all():
        new = list(Compared.objects.order_by("-version_id").values_list("pk", flat=True)[:100])
        Compared.objects.filter(pk__in=new).delete()
    begun = time.perf_counter()
    print(f"{queue.fill().compared} new records: {time.perf_counter() - begun:.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=100_000)
    arguments = parser.parse_args()
    with installation() as database:
        from minga.language.encoders import default_encoder

        fill(database, arguments.records)
        fill_texts(database)
        fill_vectors(database, default_encoder())
        measure()


if __name__ == "__main__":
    main()
