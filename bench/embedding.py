"""How fast the background work embeds, beside the encoders' own batches of the same texts.

    python bench/embedding.py [--records 40]

The bundled records without their shipped vectors: what is measured is reading them, making passages, embedding them and
writing the vectors, against embedding alone. The two take turns batch by batch, so that what else the machine does
counts for both.
"""

import argparse
import time

from home import installation


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=40)
    arguments = parser.parse_args()
    with installation(bundled=True):
        from minga.access.process import become
        from minga.access.rowsecurity import seeing_all
        from minga.language.encoders import default_encoder
        from minga.search import indexing
        from minga.search.models import Passage, Stale

        become("worker")
        encoder = default_encoder()
        encoder.passages(["warm"])
        with seeing_all():
            indexing.refresh_marked()
            indexing.mark_other_encoders(encoder)
            Stale.objects.exclude(
                pk__in=list(Stale.objects.order_by("pk").values_list("pk", flat=True)[: arguments.records])
            ).delete()
        ours = raw = 0.0
        passages = 0
        while True:
            begun = time.perf_counter()
            with seeing_all():
                done = indexing.embed_batch(encoder)
            ours += time.perf_counter() - begun
            if not done:
                break
            with seeing_all():
                texts = list(Passage.objects.order_by("-pk").values_list("text", flat=True))[: -passages or None]
            passages += len(texts)
            begun = time.perf_counter()
            encoder.passages(texts[::-1])
            raw += time.perf_counter() - begun
        print(
            f"{passages} passages: {passages / ours:.2f} a second, the encoders alone {passages / raw:.2f}"
            f" ({raw / ours:.0%})"
        )


if __name__ == "__main__":
    main()
