"""Makes sure that there is a Chromium for the browser's tests: the system's, installed with apt where that is possible.

Run before the tests by `make test`. It never lets the browser's tests be skipped: without one it ends with a sentence.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def find_browser() -> str | None:
    """The path of a Chromium, or None."""
    named = os.environ.get("MINGA_BROWSER")
    if named:
        return named
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or (MAC if os.path.exists(MAC) else None)  # noqa: PTH110


def main() -> None:
    """Install Chromium where we may; otherwise say what to install."""
    if find_browser():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing Chromium for the browser's tests (once) ...")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet, stdout=subprocess.DEVNULL)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
                       check=False, env=quiet, stdout=subprocess.DEVNULL)  # fmt: skip
    if not find_browser():
        sys.exit("The browser's tests need Chromium. On Debian or Ubuntu: sudo apt-get install chromium "
                 "(or name a browser's path with MINGA_BROWSER).")  # fmt: skip


if __name__ == "__main__":
    main()
