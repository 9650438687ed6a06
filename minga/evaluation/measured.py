"""What the last measurement of each method found: shipped with the package, shown to readers, never typed by hand.

`minga evaluate … --write` writes it: name of the method -> when, and part -> way -> figures. Where a figure has "NAME low"
and "NAME high" beside it, these are its 95 % interval.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from minga import __version__

FILE = Path(__file__).parent / "data" / "measured.json"
Figures = Mapping[str, float]


@dataclass(frozen=True)
class Measured:
    """One method's last measurement."""

    on: date
    minga: str  # the version
    found: Mapping[str, Mapping[str, Figures]]  # part -> way of doing it -> figures


def write(name: str, found: Mapping[str, Mapping[str, Figures]], *, on: date, file: Path = FILE) -> None:
    """Note a measurement in place of the last one of the same name.

    Args:
        name: of the method: coding, duplicates, needs, search.
        found: part -> way of doing it, ours and the plain ones -> figures.
        on: the day.
        file: where it is kept.
    """
    kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    kept[name] = {"on": on.isoformat(), "minga": __version__, "found": found}
    text = json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=False)
    file.write_text(text + "\n", encoding="utf-8")


def read(file: Path = FILE) -> dict[str, Measured]:
    """Name of the method -> its last measurement.

    Args:
        file: where it is kept.
    """
    if not file.exists():
        return {}
    kept = json.loads(file.read_text(encoding="utf-8"))
    return {name: Measured(date.fromisoformat(each["on"]), each["minga"], each["found"]) for name, each in kept.items()}
