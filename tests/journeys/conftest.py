"""A real site with the bundled records, and a real browser in front of it."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import find_browser
from tests.operations.conftest import free_port

CHECKOUT = Path(__file__).resolve().parents[2]
ARGUMENTS = [
    "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


@pytest.fixture(scope="session")
def site(installation) -> Iterator[str]:
    """The address of a served site over the tests' own installation."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "minga.config.cli", "serve", "--port", str(port)], cwd=CHECKOUT, env=dict(os.environ)
    )
    address = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2)
            break
        except (urllib.error.URLError, ConnectionError):
            assert process.poll() is None and time.monotonic() < until, "the site did not start"
            time.sleep(0.1)
    yield address
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's browser."""
    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=find_browser(), args=[*ARGUMENTS, *sandbox])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, site) -> Iterator[Callable[..., Page]]:
    """Opens a page: `open_page("/es/", width=360, dark=True, script=False, language="fr")`."""
    contexts = []

    def open_at(path: str, *, width: int = 1280, dark: bool = False, script: bool = True, language: str = "es") -> Page:
        context = chromium.new_context(
            base_url=site, viewport={"width": width, "height": 900}, locale=language, java_script_enabled=script,
            color_scheme="dark" if dark else "light", reduced_motion="reduce",
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_at
    for context in contexts:
        context.close()
