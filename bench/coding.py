"""How long it takes to code 1,000 records that search has embedded, read from the database as the site's own role.

    python bench/coding.py [--records 1000]

Texts are words of the bundled records in their real frequencies, vectors are generated; no encoder is asked, as for any record
that search knows. A label without a telling term then has no evidence.
"""

import argparse
import time

import numpy as np
from fill import fill
from home import installation


def main() -> None:
    """Fill, code, and print the seconds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=1_000)
    records = parser.parse_args().records
    with installation() as database:
        from search import fill_texts, fill_vectors

        from minga.language.encoders import default_encoder

        fill(database, records)
        fill_texts(database)
        fill_vectors(database, default_encoder())
        print(f"{records} records coded in {_seconds(records):.1f} s")


def _seconds(records: int) -> float:
    from minga.access.process import working_as
    from minga.access.rowsecurity import acting
    from minga.classification import proposing, using
    from minga.classification.coding import Coder
    from minga.classification.texts import text_of
    from minga.language.encoders import TwoEncoders
    from minga.registry.models import Version
    from minga.registry.queries import values_of
    from minga.search.models import Passage

    with working_as("site"), acting(person=None):
        begun = time.perf_counter()
        versions = list(Version.objects.listed().prefetch_related("participations").order_by("pk")[:records])
        known = dict(
            Passage.objects.filter(version__in=versions, number=0, made_with=TwoEncoders.name).values_list(
                "version_id", "vector"
            )
        )
        texts = [
            text_of({name: values_of(each).get(name) for name in proposing.READ} | {"lang": each.language})
            for each in versions
        ]
        vectors = np.array([known[each.pk] for each in versions], dtype=np.float32)
        coded = Coder(models=using.in_use().models).code(texts, vectors, most_embedded=0)
        taken = time.perf_counter() - begun
    assert len(coded) == records
    return taken


if __name__ == "__main__":
    main()
