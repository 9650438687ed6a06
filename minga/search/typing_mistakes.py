"""How far a typed word is from another one, in mistakes that people make. Plain functions on letters without accents."""

SHORT = 4  # letters up to which a word is another word with one letter changed
MIDDLE = 7
# What one letter for another costs where both sound alike in a language of the region.
_ALIKE = {frozenset(pair) for pair in ("sz", "sc", "cz", "bv", "yi", "gj", "mn", "ck", "kq", "cq", "ou", "ei", "ly")}
_SLIP = 0.7  # a letter doubled or one of two left out, a sound written otherwise, an h
_SWAP = 0.8  # two letters in the wrong order
_FIRST = 0.4  # more, for the first letter: few mistype it


def bearable(key: str) -> float:
    """Up to which distance another word may have been meant; 0 where nothing can be said.

    Args:
        key: the letters as typed, small and without accents.
    """
    if any(sign.isdigit() for sign in key):
        # One number is not another with a digit changed: only order, a digit too much or too few, and points.
        return 0.95 if sum(map(str.isdigit, key)) > SHORT else 0.0
    if len(key) <= SHORT:
        return 0.8
    return 1.6 if len(key) <= MIDDLE else 2.1


def between(typed: str, meant: str) -> float:
    """The cost of the cheapest way from one word to the other (optimal string alignment with weights)."""
    before: list[float] = []
    row = [0.0]
    for letter, previous in zip(meant, " " + meant, strict=False):
        row.append(row[-1] + _of_one(letter, previous))
    for place, letter in enumerate(typed):
        earlier, before = before, row
        row = [before[0] + _of_one(letter, typed[place - 1] if place else " ")]
        for other_place, other in enumerate(meant):
            best = min(
                before[other_place] + _of_another(letter, other, is_first=place == 0 or other_place == 0),
                before[other_place + 1] + _of_one(letter, typed[place - 1] if place else " "),
                row[other_place] + _of_one(other, meant[other_place - 1] if other_place else " "),
            )
            if place and other_place and letter == meant[other_place - 1] and other == typed[place - 1] != letter:
                best = min(best, earlier[other_place - 1] + _SWAP)
            row.append(best)
    return row[-1]


def _of_one(letter: str, previous: str) -> float:
    """Of a letter that one word has and the other lacks."""
    if not letter.isalnum():
        return 0.1  # a point in a number
    if letter.isdigit():
        return 0.9
    return _SLIP if letter == previous or letter == "h" else 1.0


def _of_another(letter: str, other: str, *, is_first: bool) -> float:
    if letter == other:
        return 0.0
    cost = _SLIP if frozenset((letter, other)) in _ALIKE else 1.0
    return cost + (_FIRST if is_first else 0.0)
