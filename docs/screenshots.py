"""Takes the README's pictures anew from a fresh installation: `make screenshots`."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT))
PORT = 8765
PICTURES = {
    "home": "/en/",
    "list": "/es/practices/?country=MEX&country=GTM",
    "record": "record",
}


def main() -> None:
    """Start a site, look at it, stop it."""
    from playwright.sync_api import sync_playwright

    from tests.browser import find_browser

    pictures = CHECKOUT / "docs" / "pictures"
    pictures.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "MINGA_HOME": f"{folder}/home", "MINGA_LOG_LEVEL": "ERROR"}
        site = subprocess.Popen(
            [sys.executable, "-m", "minga.config.cli", "up", "--port", str(PORT)], cwd=CHECKOUT, env=environment
        )
        try:
            wait_for(f"http://127.0.0.1:{PORT}/healthz")
            with sync_playwright() as playwright:
                sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
                browser = playwright.chromium.launch(executable_path=find_browser(), args=sandbox)
                page = browser.new_page(viewport={"width": 1200, "height": 820}, base_url=f"http://127.0.0.1:{PORT}")
                for name, path in PICTURES.items():
                    first = page.locator(".records h3 a").first
                    page.goto(first.get_attribute("href") if path == "record" else path, wait_until="networkidle")
                    page.screenshot(path=pictures / f"{name}.png")
                browser.close()
        finally:
            site.terminate()
            site.wait(timeout=30)


def wait_for(address: str) -> None:
    """Wait until the site answers."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(address, timeout=2):  # noqa: S310
            return
        time.sleep(0.2)
    raise TimeoutError(address)


if __name__ == "__main__":
    main()
