"""A real site with the bundled records, and a real browser in front of it."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, sync_playwright

from minga.installation.home import Home
from minga.language import process
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


@pytest.fixture(scope="module")
def encoder(installation):
    """The process that holds the encoder, as `minga up` starts it."""
    home = Home.of_environment()
    started = subprocess.Popen(
        [sys.executable, "-m", "minga.config.cli", "encoder"], cwd=CHECKOUT, env=dict(os.environ)
    )
    until = time.monotonic() + 60
    while True:
        try:
            process.ask(home, ["listo"], kind="passage")
            break
        except process.Away:
            assert started.poll() is None and time.monotonic() < until, "the encoder did not start"
            time.sleep(0.2)
    yield
    started.terminate()
    started.wait(timeout=20)
    process.address_of(home).unlink(missing_ok=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's browser."""
    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=find_browser(), args=[*ARGUMENTS, *sandbox])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def accounts(site) -> dict[str, dict[str, str]]:
    """The demonstration accounts of the tests' installation: part -> {"email", "password", "key"}."""
    from minga.access.process import become
    from minga.operations import demonstration

    become("worker")
    demonstration.ensure(Home.of_environment())
    known = json.loads((Home.of_environment().folder / demonstration.FILE).read_text(encoding="utf-8"))
    return {email.split("@")[0]: {"email": email, **secret} for email, secret in known.items()}


@pytest.fixture(scope="session")
def signed_in(chromium, site, accounts) -> Callable[[str], dict]:
    """The cookies of somebody who has signed in with both factors: `signed_in("endorser")`, once a part."""
    kept: dict[str, dict] = {}

    def sign_in(part: str) -> dict:
        if part not in kept:
            context = chromium.new_context(base_url=site, locale="es")
            page = context.new_page()
            enter(page, accounts[part])
            page.wait_for_url("**/inbox/")
            kept[part] = context.storage_state()
            context.close()
        return kept[part]

    return sign_in


def enter(page: Page, account: dict[str, str], *, path: str = "/es/account/sign-in/", later: int = 0) -> None:
    """Sign in with both factors, as a person does.

    Args:
        page: a new one.
        account: whose.
        path: where the sign-in page is.
        later: how many steps ahead to read the code: each works once, and the next one is taken too.
    """
    page.goto(path)
    page.get_by_label("Correo electrónico").fill(account["email"])
    page.get_by_label("Contraseña", exact=True).fill(account["password"])
    page.locator("main form button[type=submit]").first.click()
    page.locator("#id_code").fill(format_hotp_value(hotp_value(account["key"], int(time.time()) // 30 + later)))
    page.locator("main form button[type=submit]").first.click()


@pytest.fixture
def open_page(chromium, site, signed_in) -> Iterator[Callable[..., Page]]:
    """Opens a page: `open_page("/es/", width=360, dark=True, script=False, language="fr", part="endorser")`."""
    contexts = []

    def open_at(path: str, *, width: int = 1280, dark: bool = False, script: bool = True, language: str = "es",
                part: str = "") -> Page:  # fmt: skip
        context = chromium.new_context(
            storage_state=signed_in(part) if part else None,
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
