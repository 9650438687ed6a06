"""Reads vocabularies. Labels are public and change rarely, so each process keeps them for a few minutes."""

from minga.common.keeping import kept
from minga.design.languages import wording_for
from minga.vocabularies.models import Concept, Scheme

KEPT_SECONDS = 300


def text_in(texts: dict[str, str], language: str) -> str:
    """The text in the reader's language, else in English, else in any there is."""
    return wording_for(texts, language)[0]


@kept(seconds=KEPT_SECONDS)
def labels(scheme: str, language: str) -> dict[str, str]:
    """Code -> the label to show beside a filter (the short one where there is one), in the scheme's order."""
    return {
        code: text_in(short, language) or text_in(label, language)
        for code, short, label in Concept.objects.filter(scheme=scheme).values_list("code", "short_labels", "labels")
    }


@kept(seconds=KEPT_SECONDS)
def glosses(scheme: str, language: str) -> dict[str, str]:
    """Code -> what a concept is about, in a sentence or two; empty where nobody has written it."""
    found = Concept.objects.filter(scheme=scheme).values_list("code", "glosses")
    return {code: text_in(texts, language) for code, texts in found}


def label(scheme: str, code: str, language: str) -> str:
    """One concept's label; the code itself when nobody knows it."""
    return labels(scheme, language).get(code, code)


def concept(scheme: str, code: str) -> Concept | None:
    """One concept with its scheme, retired ones too."""
    return Concept.objects.select_related("scheme").filter(scheme=scheme, code=code).first()


def concepts(scheme: str) -> list[Concept]:
    """The concepts in force of a scheme, in order."""
    return list(Concept.objects.filter(scheme=scheme, is_retired=False))


def schemes() -> list[Scheme]:
    """All schemes, frameworks first."""
    return list(Scheme.objects.order_by("-is_framework", "position", "code"))


def objective_code(number: int) -> str:
    """The concept's code of a GCM objective: 5 -> GCM-O05."""
    return f"GCM-O{number:02d}"
