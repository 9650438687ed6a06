"""Names as people mistype them: seeded, so that each run asks for the same."""

import random
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from minga.evaluation.labelled import Asked

LEAST = 5  # letters of a word that is mistyped; of shorter ones one mistake makes another word
_WORD = re.compile(r"[^\W_]+(?:[.-]\d+)*")


def mistyped(known: Iterable[Asked], *, seed: int = 7) -> Iterator[Asked]:
    """Each name with one or two mistakes; of two, each in a word of its own where there are two.

    Args:
        known: names that are typed right.
        seed: of the mistakes.
    """
    chance = random.Random(seed)  # noqa: S311  (nothing secret: the same mistakes each time)
    for each in known:
        bare = each.text.strip('"')
        words = [match for match in _WORD.finditer(bare) if len(match.group()) >= LEAST]
        if not words:
            continue
        chosen = chance.sample(words, min(len(words), chance.choice((1, 2))))
        for match in sorted(chosen, key=lambda match: -match.start()):
            bare = bare[: match.start()] + mistake(match.group(), chance) + bare[match.end() :]
        yield replace(each, text=bare)


def mistake(word: str, chance: random.Random) -> str:
    """A word with one mistake: two letters swapped, one left out, one doubled, an accent that is wrong."""
    kinds = [_swapped, _left_out, _doubled] + ([_accented] if re.search("[aeiouáéíóú]", word) else [])
    for _attempt in range(20):
        wrong = chance.choice(kinds)(word, chance)
        if wrong != word:
            return wrong
    return word


def _swapped(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _left_out(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word))
    return word[:place] + word[place + 1 :]


def _doubled(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word))
    return word[:place] + word[place] + word[place:]


def _accented(word: str, chance: random.Random) -> str:
    place = chance.choice([match.start() for match in re.finditer("[aeiouáéíóú]", word)])
    bare = unicodedata.normalize("NFD", word[place])[0]
    wrong = bare if bare != word[place] else unicodedata.normalize("NFC", bare + "\u0301")
    return word[:place] + wrong + word[place + 1 :]
