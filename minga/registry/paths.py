"""The part of an address that names a kind: /en/practices/. The same in every language, so that links survive."""

from minga.registry.kinds import Kind

PATHS: dict[Kind, str] = {
    Kind.PRACTICE: "practices",
    Kind.PLEDGE: "pledges",
    Kind.INITIATIVE: "initiatives",
    Kind.NEED: "needs",
    Kind.OFFER: "offers",
    Kind.LESSON: "lessons",
}
KINDS = {path: kind for kind, path in PATHS.items()}
PATTERN = "|".join(KINDS)
