"""Numbers in texts of four languages by their value: “1.224.000”, “1,7 millones”, “sixteen thousand”, “vingt-cinq”."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_UNITS = {
    2: "two dos deux dois duas", 3: "three tres trois", 4: "four cuatro quatre quatro", 5: "five cinco cinq",
    6: "six seis", 7: "seven siete sept sete", 8: "eight ocho huit oito", 9: "nine nueve neuf nove",
    10: "ten diez dix dez", 11: "eleven once onze", 12: "twelve doce douze doze", 13: "thirteen trece treize treze",
    14: "fourteen catorce quatorze catorze", 15: "fifteen quince quinze", 16: "sixteen dieciseis seize dezesseis dezasseis",
    17: "seventeen diecisiete dezessete dezassete", 18: "eighteen dieciocho dezoito", 19: "nineteen diecinueve dezenove",
    20: "twenty veinte vingt vinte", 21: "veintiuno veintiun veintiuna", 22: "veintidos", 23: "veintitres",
    24: "veinticuatro", 25: "veinticinco", 26: "veintiseis", 27: "veintisiete", 28: "veintiocho", 29: "veintinueve",
    30: "thirty treinta trente trinta", 40: "forty cuarenta quarante quarenta", 50: "fifty cincuenta cinquante cinquenta",
    60: "sixty sesenta soixante sessenta", 70: "seventy setenta", 80: "eighty ochenta oitenta",
    90: "ninety noventa", 100: "cien ciento cento cem", 200: "doscientos doscientas duzentos duzentas",
    300: "trescientos trescientas trezentos trezentas", 400: "cuatrocientos cuatrocientas quatrocentos quatrocentas",
    500: "quinientos quinientas quinhentos quinhentas", 600: "seiscientos seiscientas seiscentos seiscentas",
    700: "setecientos setecientas setecentos setecentas", 800: "ochocientos ochocientas oitocentos oitocentas",
    900: "novecientos novecientas novecentos novecentas",
}  # fmt: skip
UNITS = {word: value for value, words in _UNITS.items() for word in words.split()}
HUNDRED = {"hundred", "cent", "cents"}  # after a unit; alone, “cent” is mostly “per cent”
THOUSAND = {"thousand", "mil", "mille", "millar", "milhar", "millares"}
MILLION = {"million", "millions", "millon", "millones", "milhao", "milhoes"}
AND = {"and", "y", "e", "et"}
IN_NUMBERS = UNITS.keys() | HUNDRED | THOUSAND | MILLION | AND
# Numbers, words, and signs; a hyphen ends nothing (forty-five).
TOKEN = re.compile(
    r"\d+(?:[.,\u00a0\u202f' ]\d{3})+(?![\d])(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d+)?|[^\W\d_]+|[^\w\s-]|\n"
)


def numbers_in(text: str) -> Iterator[float]:
    """The numbers that a text gives, but for “one”.

    Args:
        text: in one of the four languages; in others digits alone are read.
    """
    read = Reading()
    for token in TOKEN.findall(text):
        yield from read.on(token)
    yield from read.ended()


class Reading:
    """A number as far as it has been read."""

    def __init__(self) -> None:
        self.total, self.current, self.is_open, self.in_digits = 0.0, 0.0, False, False

    def on(self, token: str) -> tuple[float, ...]:
        """Read on; returns the number that ended before the token, if one did."""
        if token[0].isdigit():
            ended = self.ended()
            self.current, self.is_open, self.in_digits = _value(token), True, True  # thousands or millions may follow
            return ended
        word = fold(token)
        if self._takes(word):
            return ()
        ended = self.ended()
        self._takes(word)
        return ended

    def ended(self) -> tuple[float, ...]:
        """The number, if there is one; the next begins."""
        if not self.is_open:
            return ()
        number = self.total + self.current
        self.total, self.current, self.is_open, self.in_digits = 0.0, 0.0, False, False
        return (number,)

    def _takes(self, word: str) -> bool:
        """Whether a word belongs to the number; it is added then."""
        if word in THOUSAND:
            self.total, self.current, self.is_open = self.total + (self.current or 1) * 1_000, 0.0, True
        elif word in MILLION and self.is_open:
            self.total, self.current = (self.total + self.current) * 1_000_000, 0.0
        elif word in HUNDRED and self.is_open and not self.in_digits:
            self.current *= 100
        elif word in UNITS and not self.in_digits:
            return self._adds(UNITS[word])
        else:
            return word in AND and self.is_open and not self.in_digits
        return True

    def _adds(self, value: float) -> bool:
        tens = self.current % 100
        if tens == 4 and value == 20:  # quatre-vingt
            self.current += 76
        elif tens and (value >= 20 or (value >= 10 and tens not in (60, 80)) or tens < 20):
            return False
        else:
            self.current, self.is_open = self.current + value, True
        return True


def _value(digits: str) -> float:
    """The value of digits with whatever signs between them: three digits after each sign are thousands."""
    parts = re.split(r"[.,\u00a0\u202f' ]", digits)
    if len(parts) == 1:
        return float(parts[0])
    if all(len(part) == 3 for part in parts[1:]):
        return float("".join(parts))
    return float("".join(parts[:-1]) + "." + parts[-1])


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """A word in small letters without accents."""
    plain = unicodedata.normalize("NFKD", word.lower())
    return plain if plain.isascii() else "".join(each for each in plain if not unicodedata.combining(each))
