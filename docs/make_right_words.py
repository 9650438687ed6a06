"""Makes the list of words that are right whether or not a record holds them (minga/search/rightwords.py).

    pip download --no-deps pyspellchecker==0.9.1 && unzip pyspellchecker-*.whl
    .venv/bin/python docs/make_right_words.py spellchecker/resources

Its lists (MIT licence) are made from subtitles (FrequencyWords, CC BY-SA 4.0) and cleaned by hand. Stems are made by the
installation's own database, as full text makes them: run it after a change of the text configurations.
"""

import gzip
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

LANGUAGES = ("es", "en", "fr", "pt")
SQL = """
select distinct %(language)s || ' ' || s from unnest(%(words)s::text[]) w,
    unnest(tsvector_to_array(to_tsvector(search_configuration(%(language)s), w))) s
"""


def main(folder: Path) -> None:
    """Write the file from a folder with es.json.gz and so on, each word -> how often it stands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minga.config.settings")
    import django

    django.setup()
    from minga.installation.database import Database
    from minga.installation.home import Home
    from minga.search import rightwords

    with Database(Home.of_environment()).in_use() as database, database.connect("owner") as owner:
        rightwords.write(_stems(owner, folder))


def _stems(owner, folder: Path) -> Iterator[str]:
    for language in LANGUAGES:
        words = list(json.loads(gzip.decompress((folder / f"{language}.json.gz").read_bytes())))
        for (stem,) in owner.execute(SQL, {"language": language, "words": words}):
            yield stem


if __name__ == "__main__":
    main(Path(sys.argv[1]))
