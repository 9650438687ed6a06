"""Writes JSON Lines of synthetic records, the same ones each time: for benchmarks only, never shown or bundled.

    python bench/generate.py --records 10000 --out /tmp/generated.jsonl [--seed 7]

Lengths and frequencies follow the bundled records: a few countries and objectives are frequent, most are rare; texts
of some 800 characters in the summary, one record in eight translated, one actor in three seen before.
"""

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from words import AMERICAS, CODES, ELSEWHERE, KINDS, LANGUAGES, MARK, WORDS


class Writer:
    """Makes records from a seed."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)
        self.words = {language: text.split() for language, text in WORDS.items()}
        self.actors: list[str] = []

    def records(self, number: int) -> Iterator[dict[str, Any]]:
        """So many records, numbered from 1."""
        for position in range(1, number + 1):
            yield self.record(position)

    def record(self, position: int) -> dict[str, Any]:
        """One record of any kind."""
        kind, language = self.chance.choice(KINDS), self.chance.choice(LANGUAGES)
        row: dict[str, Any] = {
            "id": f"gen-{position:06d}", "kind": kind, "lang": language,
            "title": f"{MARK[language]} {position}: {self.text(language, 8)}",
            "summary": self.text(language, 110), "actor": self.actor(language),
            "actor_type": self.rare(CODES["actor_type"]),
            "partners": [self.actor(language) for _ in range(self.chance.choice([0, 0, 1, 2, 3]))],
            "countries": self.countries(), "region": "Americas", "level": self.rare(CODES["level"]),
            "populations": self.some(CODES["populations"], 3), "objectives": self.objectives(),
            "principles": self.some(CODES["principles"], 3), **self.dates(),
            "source_url": f"https://example.org/synthetic/{position}", "labels_by": "generator",
        }  # fmt: skip
        row |= getattr(self, f"of_{kind}")(language)
        if self.chance.random() < 0.125:
            row["translations"] = [self.translation(position, "en" if language != "en" else "es")]
        return row

    def of_practice(self, language: str) -> dict[str, Any]:
        """What a practice has beside the fields of all kinds."""
        return {
            "practice_type": self.rare(CODES["practice_type"]), "results": self.text(language, 40),
            "lessons": [self.text(language, 25) for _ in range(self.chance.choice([0, 1, 2]))],
            "replication": self.text(language, 30),
        }  # fmt: skip

    def of_initiative(self, language: str) -> dict[str, Any]:
        """The same for an initiative."""
        return self.of_practice(language) | {"progress": "under_way"}

    def of_pledge(self, language: str) -> dict[str, Any]:
        """The same for a pledge."""
        return {
            "pledge_type": self.rare(CODES["pledge_type"]), "pledge_nature": self.some(CODES["pledge_nature"], 2),
            "champion": self.chance.random() < 0.3, "progress": self.chance.choice([None, *CODES["progress"]]),
            "indicator": self.text(language, 10), "amount": self.chance.choice([None, 50_000, 1_250_000.5]),
            "currency": "USD",
        }  # fmt: skip

    def of_need(self, language: str) -> dict[str, Any]:
        """The same for a need."""
        return {
            "help_kinds": self.some(CODES["help_kinds"], 2), "urgency": self.rare(CODES["urgency"]),
            "tried": self.text(language, 30),
        }  # fmt: skip

    def of_offer(self, language: str) -> dict[str, Any]:
        """The same for an offer."""
        return {"help_kinds": self.some(CODES["help_kinds"], 2), "conditions": self.text(language, 20)}

    def of_lesson(self, language: str) -> dict[str, Any]:
        """The same for a lesson."""
        return {"evidence": self.text(language, 40), "holds_where": self.text(language, 15)}

    def translation(self, position: int, language: str) -> dict[str, Any]:
        """A translation of title and summary."""
        return {
            "lang": language, "origin": self.chance.choice(["translator", "machine"]), "authority": "translation",
            "title": f"{MARK[language]} {position}: {self.text(language, 8)}", "summary": self.text(language, 110),
        }  # fmt: skip

    def text(self, language: str, words: int) -> str:
        """Words without sense, as a sentence."""
        number = max(2, int(words * self.chance.uniform(0.6, 1.4)))
        return " ".join(self.chance.choices(self.words[language], k=number)).capitalize() + "."

    def actor(self, language: str) -> str:
        """A synthetic actor, in two of three cases one that was named before."""
        if self.actors and self.chance.random() < 0.67:
            return self.chance.choice(self.actors)
        self.actors.append(f"Actor {len(self.actors) + 1} {self.text(language, 3)}".rstrip("."))
        return self.actors[-1]

    def rare(self, codes: list) -> Any:
        """One of them, the first ones much more often."""
        return codes[int(self.chance.random() ** 2.2 * len(codes))]

    def some(self, codes: list, most: int) -> list:
        """Up to so many different ones."""
        return list(dict.fromkeys(self.rare(codes) for _ in range(self.chance.randint(0, most))))

    def countries(self) -> list[str]:
        """Mostly one of the Americas; sometimes many, none, or one elsewhere."""
        if self.chance.random() < 0.12:
            return [self.chance.choice(ELSEWHERE)]
        number = self.chance.choices([0, 1, 2, 3, 5, 13], [6, 60, 18, 8, 5, 3])[0]
        return list(dict.fromkeys(self.rare(AMERICAS) for _ in range(number)))

    def objectives(self) -> list[int]:
        """Up to four, the primary one first."""
        return list(dict.fromkeys(int(self.chance.random() ** 1.3 * 23) + 1 for _ in range(self.chance.randint(0, 4))))

    def dates(self) -> dict[str, str | None]:
        """Start and end as precise as sources are: mostly a year."""
        if self.chance.random() < 0.15:
            return {"start": None, "end": None}
        year = 2026 - int(self.chance.random() ** 2 * 25)
        start = self.chance.choice([f"{year}", f"{year}", f"{year}-{self.chance.randint(1, 12):02d}"])
        return {"start": start, "end": f"{year + self.chance.randint(1, 5)}" if self.chance.random() < 0.3 else None}


def write(*, records: int, out: Path, seed: int = 7) -> None:
    """Write a file of synthetic records."""
    with out.open("w", encoding="utf-8") as file:
        for row in Writer(seed).records(records):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    write(records=arguments.records, out=arguments.out, seed=arguments.seed)


if __name__ == "__main__":
    main()
