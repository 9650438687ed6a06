"""An installation of its own for a benchmark, in a temporary folder; to be imported before anything of Minga."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


@contextmanager
def installation(*, bundled: bool = False) -> Iterator:
    """A fresh installation, its database running; yields it and removes it."""
    folder = os.environ.get("BENCH_HOME") or tempfile.mkdtemp(prefix="minga-bench-")
    kept = bool(os.environ.get("BENCH_HOME"))  # keep a filled one between runs
    os.environ["MINGA_HOME"] = f"{folder}/home"
    os.environ.setdefault("MINGA_LOG_LEVEL", "ERROR")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minga.config.settings")
    import django

    django.setup()
    from minga.access.process import forget_connections
    from minga.installation.database import Database
    from minga.installation.home import Home
    from minga.operations.initialising import initialise

    home = Home.of_environment()
    home.create()
    try:
        with Database(home).in_use() as database:
            initialise(database, bundled=bundled)
            yield database
            forget_connections()
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


def percentile(times: list[float], share: float) -> float:
    """The time in milliseconds that a share of the measurements stays under."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000
