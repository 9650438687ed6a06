"""The woven tiles of the 23 objectives: figures of 5 x 5 cells in `data/tiles.json`, drawn once as an SVG sprite.

`python -m minga.design.tiles` writes `static/tiles.svg` anew; a test checks that it is up to date.
"""

import json
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
SPRITE = HERE / "static" / "tiles.svg"


@cache
def _figures() -> dict:
    return json.loads((HERE / "data" / "tiles.json").read_text(encoding="utf-8"))


@cache
def weft_of(number: int) -> int:
    """The weft colour of an objective: the number of its IMRF round table, 1 to 4."""
    for name, weft in _figures()["wefts"].items():
        if number in weft["objectives"]:
            return int(name.removeprefix("RT"))
    return 1


def sprite() -> str:
    """The SVG that holds all tiles as symbols named o1 to o23; they take the colour of the text around them."""
    symbols = []
    for number, figure in _figures()["objectives"].items():
        path = "".join(
            f"M{column} {line}h1v1h-1z"
            for line, cells in enumerate(figure["rows"])
            for column, cell in enumerate(cells)
            if cell == "#"
        )
        symbols.append(f'<symbol id="o{number}" viewBox="0 0 5 5"><path fill="currentColor" d="{path}"/></symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


if __name__ == "__main__":
    SPRITE.write_text(sprite(), encoding="utf-8")
