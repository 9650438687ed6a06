"""What a dry run says of new rows: which look the same as what is recorded already, or as another row of the file."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from minga.duplicates.candidates import Candidate, of_values
from minga.duplicates.comparing import Encoding, Here
from minga.duplicates.hints import SAME, hints_for
from minga.duplicates.model import trained
from minga.duplicates.training import similarities_of
from minga.exchange.incoming import Row
from minga.exchange.reporting import Report

MOST_COMPARED = 100  # new rows of a file: each takes a third of a second on a small machine


@dataclass
class Preview:
    """Compares the new rows of a file, as far as the importer may read what is recorded.

    Args:
        report: where it is told.
        encoding: of texts; the encoder in this process without it.
    """

    report: Report
    encoding: Encoding = field(default_factory=Here)
    _seen: list[tuple[int, Candidate]] = field(default_factory=list)
    _vectors: list[np.ndarray] = field(default_factory=list)

    def look(self, rows: Sequence[Row]) -> None:
        """Compare rows that would become new records.

        Args:
            rows: of one batch.
        """
        for row in rows:
            if len(self._seen) >= MOST_COMPARED:
                self.report.not_compared += 1
                continue
            candidate = of_values(row.content.values, kind=row.content.kind)
            for hint in hints_for(candidate, encoding=self.encoding).open:
                self.report.alike.append({
                    "row": row.number, "id": hint.match.version.record.public_id, "title": hint.match.version.title,
                    "probability": round(hint.match.probability, 4), "same": hint.looks_the_same, "how": hint.how,
                    "reasons": [each.told() for each in hint.match.reasons],
                })  # fmt: skip
            self._compare_with_earlier(row.number, candidate)

    def _compare_with_earlier(self, number: int, candidate: Candidate) -> None:
        vector = self.encoding.wholes([candidate.whole])[0]
        if self._vectors:
            similar = similarities_of(vector[None], np.array(self._vectors))[0]
            scored = trained().probabilities(similar, candidate.facts, [each.facts for _number, each in self._seen])
            for (earlier, _candidate), probability in zip(self._seen, scored.tolist(), strict=True):
                if probability >= SAME:
                    self.report.alike_rows.append(
                        {"row": number, "other_row": earlier, "probability": round(probability, 4)}
                    )
        self._seen.append((number, candidate))
        self._vectors.append(vector)
