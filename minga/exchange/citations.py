"""How a record is cited: as a sentence, and for reference managers as RIS and BibTeX."""

import re
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from django.utils.translation import gettext as _

from minga.registry.kinds import Kind
from minga.registry.models import Version
from minga.registry.queries import values_of

_TEX = {sign: f"\\{sign}" for sign in "{}%&$#_"} | {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


@dataclass(frozen=True)
class Citation:
    """What a citation is made of."""

    maker: str
    year: str  # in which the version was published in the registry
    title: str
    kind: str
    registry: str
    number: int
    address: str
    language: str
    key: str
    seen_on: date

    @classmethod
    def of(cls, version: Version, *, registry: str, address: str, today: date) -> "Citation":
        """The citation of a version.

        Args:
            version: with its record and participations.
            registry: the registry's name.
            address: the record's lasting address.
            today: the day on which it is cited.
        """
        published = version.listed_at or version.created_at
        return cls(
            maker=values_of(version).get("actor") or "", year=str(published.year), title=version.title,
            kind=str(Kind(version.kind).label), registry=registry, number=version.number, address=address,
            language=version.language, key=f"minga-{version.record.public_id}", seen_on=today,
        )  # fmt: skip

    def text(self, language: str) -> str:
        """The citation as a sentence in the reader's language."""
        day = format_date(self.seen_on, "long", locale=language)
        pattern = _(
            "%(maker)s (%(year)s). %(title)s [%(kind)s, version %(number)d]. %(registry)s. %(address)s (seen on %(day)s)"
        )
        if not self.maker:
            pattern = _(
                "%(title)s (%(year)s) [%(kind)s, version %(number)d]. %(registry)s. %(address)s (seen on %(day)s)"
            )
        return pattern % {**vars(self), "day": day}

    def ris(self) -> str:
        """RIS, one tag a line."""
        lines = [
            ("TY", "ELEC"), ("AU", self.maker), ("PY", self.year), ("TI", self.title), ("PB", self.registry),
            ("LA", self.language), ("UR", self.address), ("ID", self.key),
            ("Y2", self.seen_on.strftime("%Y/%m/%d")), ("ER", ""),
        ]  # fmt: skip
        return "".join(f"{tag}  - {_one_line(text)}\r\n" for tag, text in lines if text or tag == "ER")

    def bibtex(self) -> str:
        """BibTeX; braces keep names and capitals as they are."""
        fields = {
            "author": f"{{{_escaped(self.maker)}}}" if self.maker else "", "title": f"{{{_escaped(self.title)}}}",
            "year": self.year, "publisher": f"{{{_escaped(self.registry)}}}", "url": self.address,
            "language": self.language, "note": f"Version {self.number}", "urldate": self.seen_on.isoformat(),
        }  # fmt: skip
        inside = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        return f"@misc{{{self.key},\n{inside}\n}}\n"


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _escaped(text: str) -> str:
    """As TeX writes it."""
    return "".join(_TEX.get(sign, sign) for sign in _one_line(text))
