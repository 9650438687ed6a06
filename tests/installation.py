"""Gives the tests an installation of their own, before Django reads its settings. Loaded by `-p` in pyproject.toml."""

import atexit
import os
import shutil
import tempfile

FOLDER = tempfile.mkdtemp(prefix="minga-test-")
os.environ["MINGA_HOME"] = f"{FOLDER}/home"
os.environ["MINGA_LOG_LEVEL"] = "ERROR"
os.environ["LANG"] = "en_US.UTF-8"
os.environ.pop("LC_ALL", None)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright runs an event loop in this thread


@atexit.register
def remove_folder() -> None:
    """Leave nothing behind."""
    shutil.rmtree(FOLDER, ignore_errors=True)
