"""An outside service that makes search's vectors, where the operator names one: docs/how-to/use-an-embeddings-service.md."""

from urllib.parse import urlsplit

from minga.config.settings.reading import read
from minga.installation.problems import InstallationProblem

EMBEDDINGS_URL = read("MINGA_EMBEDDINGS_URL", "", meaning="the address of a service, such as https://example.org/v1")
EMBEDDINGS_MODEL = read("MINGA_EMBEDDINGS_MODEL", "", meaning="the name of the model that the service is asked for")
EMBEDDINGS_KEY = read("MINGA_EMBEDDINGS_KEY", "", meaning="the key that the service wants (a secret)")
EMBEDDINGS_QUERY_PREFIX = read("MINGA_EMBEDDINGS_QUERY_PREFIX", "", meaning="what the model wants before a query")
EMBEDDINGS_PASSAGE_PREFIX = read("MINGA_EMBEDDINGS_PASSAGE_PREFIX", "", meaning="what the model wants before a passage")
# Of listed versions; drafts are never given. With more than public, what people who are signed in type is given too.
_visibilities = read(
    "MINGA_EMBEDDINGS_VISIBILITIES", "public", meaning="public, or with commas also participants or named or both"
)

if EMBEDDINGS_URL and (
    urlsplit(EMBEDDINGS_URL).scheme not in ("http", "https") or not urlsplit(EMBEDDINGS_URL).hostname
):
    raise InstallationProblem("The setting MINGA_EMBEDDINGS_URL is no address: https://example.org/v1 is expected.")
if EMBEDDINGS_URL and not EMBEDDINGS_MODEL:
    raise InstallationProblem(
        "MINGA_EMBEDDINGS_URL names a service; say with MINGA_EMBEDDINGS_MODEL what to ask it for."
    )
EMBEDDINGS_VISIBILITIES = frozenset(each.strip() for each in _visibilities.split(",") if each.strip())
if not {"public"} <= EMBEDDINGS_VISIBILITIES <= {"public", "participants", "named"}:
    raise InstallationProblem(
        "The setting MINGA_EMBEDDINGS_VISIBILITIES cannot be read: public, or public with participants or named or "
        "both, is expected."
    )
