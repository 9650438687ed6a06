"""What an import tells of its rows."""

from dataclasses import asdict, dataclass, field
from typing import Any

from minga.registry.checking import ERROR, Problem

MOST_PROBLEMS = 10_000  # kept for the report; the counts go on
LONGEST_NAME = 80  # of a column, which may be any text that a file holds


@dataclass
class Report:
    """What became of the rows: rows = accepted + unchanged + refused."""

    rows: int = 0
    accepted: int = 0
    unchanged: int = 0
    refused: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)
    # Of a dry run: which new rows look like what is recorded, and like each other; and how many were not compared.
    alike: list[dict[str, Any]] = field(default_factory=list)
    alike_rows: list[dict[str, Any]] = field(default_factory=list)
    not_compared: int = 0

    def note(self, row: int, problem: Problem, sheet: str = "") -> None:
        """Keep a problem, with where it is."""
        if len(self.problems) < MOST_PROBLEMS:
            told = asdict(problem) | {"column": problem.column[:LONGEST_NAME]}
            self.problems.append({"severity": told.pop("severity"), "sheet": sheet, "row": row, **told})

    def refuse(self, row: int, column: str, code: str, message: str) -> None:
        """Count a row as refused, with the reason."""
        self.note(row, Problem(ERROR, column, code, message))
        self.refused += 1
