"""Being invited, signing in with two factors, and what keeps others out, in a real browser."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.journeys.conftest import enter

pytestmark = pytest.mark.browser
PASSWORD = "cuatro palabras y un tren"


def invite_somebody(admin: Page, email: str) -> str:
    """Invite through the administrator's page; returns the link."""
    admin.goto("/es/administration/people/")
    admin.locator("#id_email").fill(email)
    admin.locator("#id_name").fill("Persona Nueva")
    admin.locator("#id_language").select_option("es")
    admin.locator("#id_role").select_option("contributor")
    admin.locator("#id_actor").fill("cri")
    admin.locator("main form:has(#id_email) button[type=submit]").click()
    assert admin.locator(".problems").count() == 0, admin.locator(".problems").inner_text()
    assert admin.locator("#invitation-link").count(), admin.url + admin.locator("main").inner_text()[:300]
    return admin.locator("#invitation-link").inner_text()


def accept(page: Page, link: str) -> None:
    page.goto(link)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_again").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()


def set_up_second_factor(page: Page) -> str:
    key = page.locator("#authenticator_secret").inner_text()
    page.locator("#id_code").fill(format_hotp_value(hotp_value(key, int(time.time()) // 30)))
    page.locator("main form button[type=submit]").first.click()
    return key


def test_somebody_who_is_invited_sets_two_factors_and_works(open_page):
    admin = open_page("/es/inbox/", part="administrator")
    link = invite_somebody(admin, "nueva@cri.example")

    newcomer = open_page("/es/")
    accept(newcomer, link)
    expect(newcomer).to_have_url(re.compile("second-factor"))
    newcomer.goto("/es/work/")  # nothing is open before the second factor
    expect(newcomer).to_have_url(re.compile("second-factor"))
    set_up_second_factor(newcomer)
    newcomer.goto("/es/account/")
    expect(newcomer.locator("main")).to_contain_text("Costa Rica")

    late = open_page(link)  # the link works once
    expect(late.locator("#id_password")).to_have_count(0)
    expect(late.locator("h1")).to_contain_text("ya no funciona")


def test_a_passkey_is_a_second_factor_too(open_page):
    admin = open_page("/es/inbox/", part="administrator")
    link = invite_somebody(admin, "llave@cri.example")
    page = open_page("/es/")
    page.goto(link.replace("127.0.0.1", "localhost"))  # a passkey belongs to a name, not to a number
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True}})  # fmt: skip
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_again").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.locator("main a[href*=webauthn]").click()
    page.locator("#mfa_webauthn_add").click()
    expect(page).not_to_have_url(re.compile("add"))
    page.goto(page.url.split("/es/")[0] + "/es/inbox/")
    expect(page).to_have_url(re.compile("inbox"))


def test_guessing_is_slowed(open_page):
    page = open_page("/es/account/sign-in/")
    for _attempt in range(6):
        page.goto("/es/account/sign-in/")
        page.locator("#id_login").fill("alguien@slv.example")
        page.locator("#id_password").fill("adivinada")
        page.locator("main form button[type=submit]").first.click()

    expect(page.locator("main")).to_contain_text(re.compile("Demasiados intentos|más tarde", re.IGNORECASE))


def test_a_wrong_second_factor_lets_nobody_in(open_page, accounts):
    page = open_page("/es/")
    enter(page, accounts["moderator-3"] | {"key": "JBSWY3DPEHPK3PXP"})
    expect(page.locator(".problems")).to_be_visible()
    page.goto("/es/inbox/")
    expect(page).to_have_url(re.compile("sign-in|authenticate"))


def test_who_is_signed_out_is_asked_to_sign_in_and_comes_back(open_page):
    page = open_page("/es/work/")

    expect(page).to_have_url(re.compile(r"sign-in/\?next=%2Fes%2Fwork%2F"))


def test_an_ended_access_ends_open_sessions(open_page):
    admin = open_page("/es/inbox/", part="administrator")
    link = invite_somebody(admin, "breve@cri.example")
    page = open_page("/es/")
    accept(page, link)
    set_up_second_factor(page)
    page.goto("/es/work/")
    expect(page).to_have_url(re.compile("es/work/"))

    admin.goto("/es/administration/people/")
    admin.locator("li", has_text="breve@cri.example").get_by_role("link").first.click()
    admin.locator("button[name=disable]").click()
    page.goto("/es/work/")
    expect(page).to_have_url(re.compile("sign-in"))


def test_a_recovery_code_lets_in_once_and_new_ones_end_the_old(open_page):
    admin = open_page("/es/inbox/", part="administrator")
    page = open_page("/es/")
    accept(page, invite_somebody(admin, "perdida@cri.example"))
    set_up_second_factor(page)
    codes = page.locator("#recovery-codes code").all_inner_texts()
    assert len(set(codes)) == 10
    page.get_by_role("link", name="Los guardé").click()
    expect(page).to_have_url(re.compile("inbox"))

    def come_back_with(code: str) -> Page:
        again = open_page("/es/account/sign-in/")
        again.locator("#id_login").fill("perdida@cri.example")
        again.locator("#id_password").fill(PASSWORD)
        again.locator("main form button[type=submit]").first.click()
        again.locator("#id_code").fill(code)
        again.locator("main form button[type=submit]").first.click()
        return again

    first = come_back_with(codes[0])
    expect(first).to_have_url(re.compile("inbox"))
    expect(come_back_with(codes[0]).locator(".problems")).to_be_visible()

    first.goto("/es/account/second-factor/recovery-codes/")
    expect(first.locator("h1")).to_have_text("Confirmar acceso")  # she says once more who she is
    first.locator("#id_password").fill(PASSWORD)
    first.locator("main form button[type=submit]").first.click()
    expect(first.locator("main")).to_contain_text("Quedan 9")
    first.get_by_role("link", name="Crear códigos nuevos").click()
    first.locator("main form button[type=submit]").first.click()
    fresh = first.locator("#recovery-codes code").all_inner_texts()
    assert len(fresh) == 10 and not set(fresh) & set(codes)
    expect(come_back_with(codes[1]).locator(".problems")).to_be_visible()
