"""From draft to published, and back again: each as the person whose job it is, in a real browser on the real site."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.conftest import enter

pytestmark = pytest.mark.browser
TITLE = "Ventanilla única para familias de personas migrantes desaparecidas"


def message(page: Page) -> str:
    """What the site says of the last step."""
    return page.locator(".messages").inner_text()


def write_a_practice(page: Page, title: str) -> str:
    """Write a practice through all steps of the form; returns its public id."""
    page.goto("/es/work/new/")
    page.locator("main form button[type=submit]").click()
    page.get_by_label("Título").fill(title)
    page.get_by_label("Resumen").fill("Recibe denuncias y acompaña a las familias.\n\nAtiende en tres idiomas.")
    page.get_by_label("Inicio").fill("2021-03")
    go_on(page)
    page.get_by_label("El Salvador").check()
    page.get_by_label("Guatemala").check()
    page.get_by_label("Actor principal").fill("Cancillería de la República de Prueba")
    go_on(page)
    page.get_by_label("Resultados").fill("Se atendió a 312 familias en 2022.")
    go_on(page)
    page.get_by_label("Lecciones").fill("Hablar primero con las familias.\n\nUn solo expediente.")
    go_on(page)
    page.locator("#id_objectives-8").check()
    page.locator("#id_objectives-first").select_option("8")
    go_on(page)
    go_on(page)
    page.locator("main form button[type=submit]").click()
    return page.url.rstrip("/").split("/")[-1]


def go_on(page: Page) -> None:
    page.locator("button[name=go][value=on]").click()


def take_step(page: Page, step: str, reason: str = "", *, of: str = "") -> None:
    """Press a step's button, with its reason where it asks for one; of one line of an inbox, when it is named."""
    where = page.locator("main li", has_text=of).first if of else page.locator("main")
    form = where.locator(f"form:has(input[name=step][value={step}])").first
    if reason:
        where.locator(f"details:has(input[name=step][value={step}])").first.locator("summary").click()
        form.locator("textarea").fill(reason)
    form.locator("button[type=submit]").click()


def judge(page: Page, record_title: str, outcome: str, remark: str) -> None:
    """Take a submission from the queue and file a sheet."""
    page.goto("/es/moderation/")
    item = page.locator("li", has_text=record_title)
    item.locator("summary").click()
    item.locator("input[name=no_conflict]").check()
    item.locator("form:has(input[name=no_conflict]) button").click()
    page.locator("#m-applied-met").check()
    page.locator("#r-applied").fill("Consta quién y cuándo.")
    page.locator(f"#o-{outcome}").check()
    page.locator("#remark").fill(remark)
    page.locator("button[name=file]").click()


def test_a_practice_goes_from_draft_to_every_reader(open_page):
    author = open_page("/es/inbox/", part="focal-point")
    record = write_a_practice(author, TITLE)
    assert open_page(f"/r/{record}/").locator("h1").inner_text() != TITLE  # nobody else learns of it
    take_step(author, "send")

    endorser = open_page("/es/inbox/", part="endorser")
    endorser.locator("li", has_text=TITLE).get_by_role("link").nth(1).click()
    expect(endorser.locator(".difference ins").first).to_contain_text("Ventanilla")
    take_step(endorser, "return", "Falta decir desde cuándo atiende en tres idiomas.")

    author.goto("/es/inbox/")
    author.get_by_role("link", name=TITLE).click()
    expect(author.locator(".reason")).to_contain_text("desde cuándo")
    author.goto(f"/es/work/{record}/edit/what/")
    author.get_by_label("Resumen").fill("Recibe denuncias y acompaña a las familias en tres idiomas desde 2021.")
    author.locator("button[name=go][value=leave]").click()
    take_step(author, "send")

    endorser.goto("/es/inbox/")
    take_step(endorser, "endorse", of=TITLE)
    author.goto("/es/inbox/")
    take_step(author, "submit", of=TITLE)

    for part, words in (("moderator-1", "Clear and useful."), ("moderator-2", "Utile et clair.")):
        judge(open_page("/es/inbox/", part=part), TITLE, "accept", words)

    named = open_page("/es/inbox/", part="focal-point-of-another-country")  # Guatemala is named in it
    expect(named.locator("li", has_text=TITLE)).to_be_visible()

    secretariat = open_page("/es/inbox/", part="secretariat")
    take_step(secretariat, "publish", of=TITLE)
    reader = open_page(f"/r/{record}/")
    expect(reader.locator("h1")).to_have_text(TITLE)

    author.goto(f"/es/work/{record}/")
    expect(author.locator(".remarks")).to_contain_text("Utile et clair.")
    expect(author.locator(".remarks")).not_to_contain_text("Marc")  # the process shows no names

    author.locator(f"form[action$='{record}/anew/'] button").click()
    author.get_by_label("Resumen").fill("Recibe denuncias y acompaña a las familias en cuatro idiomas desde 2021.")
    author.locator("button[name=go][value=leave]").click()
    reader.reload()
    expect(reader.locator("main")).to_contain_text("tres idiomas")  # the published version stays up meanwhile
    author.goto(f"/es/work/{record}/changes/2/")
    expect(author.locator(".difference del")).to_have_text("tres")
    expect(author.locator(".difference ins")).to_have_text("cuatro")


def test_moderators_who_disagree_are_joined_by_one_more(open_page):
    author = open_page("/es/inbox/", part="focal-point")
    title = "Registro binacional de permisos de trabajo de temporada"
    record = write_a_practice(author, title)
    take_step(author, "send")
    endorser = open_page(f"/es/work/{record}/", part="endorser")
    take_step(endorser, "endorse")
    author.goto(f"/es/work/{record}/")
    take_step(author, "submit")

    judge(open_page("/es/inbox/", part="moderator-1"), title, "accept", "Good.")
    third = open_page("/es/moderation/", part="moderator-3")
    expect(third.locator("li", has_text=title)).to_be_visible()  # one of two is still wanted
    judge(open_page("/es/inbox/", part="moderator-2"), title, "changes", "Il manque des chiffres.")
    judge(third, title, "changes", "Faltam números sobre o resultado.")

    author.goto(f"/es/work/{record}/")
    expect(author.locator(".standing")).to_contain_text("Faltam números")
    expect(author.locator(".standing")).not_to_contain_text("Good.")


def test_what_two_people_write_at_once_is_never_lost(open_page):
    first = open_page("/es/work/new/", part="focal-point")
    record = write_a_practice(first, "Dos personas escriben a la vez")
    second = open_page(f"/es/work/{record}/edit/what/", part="contributor")
    first.goto(f"/es/work/{record}/edit/what/")

    first.get_by_label("Resumen").fill("Lo que escribió Ana.")
    first.get_by_label("Fin").fill("2023")
    first.locator("button[name=go][value=leave]").click()
    second.get_by_label("Resumen").fill("Lo que escribió Carlos.")
    second.get_by_label("Título").fill("Dos personas escriben a la vez, sin perder nada")
    second.locator("button[name=go][value=leave]").click()

    expect(second.get_by_label("Resumen")).to_have_value("Lo que escribió Ana.")
    expect(second.locator(".set-aside")).to_contain_text("Lo que escribió Carlos.")
    expect(second.get_by_label("Fin")).to_have_value("2023")
    expect(second.get_by_label("Título")).to_have_value("Dos personas escriben a la vez, sin perder nada")


def test_the_form_saves_itself_and_keeps_what_it_cannot_read(open_page):
    page = open_page("/es/work/new/", part="focal-point")
    page.locator("main form button[type=submit]").click()
    address = page.url
    page.get_by_label("Título").fill("Se guarda sola")
    page.get_by_label("Inicio").fill("14/2021")
    expect(page.locator("#saved")).to_contain_text("14/2021", timeout=10_000)

    other = open_page(address, part="focal-point")
    expect(other.get_by_label("Título")).to_have_value("Se guarda sola")
    expect(other.get_by_label("Inicio")).to_have_value("14/2021")
    expect(other.locator(".error")).to_be_visible()


def test_personal_data_is_pointed_out_and_taken_out(open_page):
    page = open_page("/es/work/new/", part="focal-point")
    page.locator("main form button[type=submit]").click()
    page.get_by_label("Título").fill("Atención a familias")
    page.get_by_label("Resumen").fill("Escriba a maria.perez@example.org o a info@cancilleria.gob.sv para una cita.")
    go_on(page)
    expect(page.locator(".personal")).to_contain_text("maria.perez@example.org")
    page.locator("button[name=personal][value='remove:summary']").click()
    expect(page.get_by_label("Resumen")).not_to_have_value(re.compile("maria.perez"))


def test_a_file_is_checked_kept_and_given_back(open_page):
    page = open_page("/es/work/new/", part="focal-point")
    record = write_a_practice(page, "Con una fotografía")
    page.goto(f"/es/work/{record}/files/")
    script = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    page.set_input_files("#file", {"name": "foto.png", "mimeType": "image/png", "buffer": script})
    page.locator("form[enctype] button").click()
    expect(page.locator("#problems")).to_be_visible()

    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(picture, "PNG")
    page.locator("#description").fill("Una ventanilla con dos sillas.")
    page.set_input_files("#file", {"name": "foto.png", "mimeType": "image/png", "buffer": picture.getvalue()})
    page.locator("form[enctype] button").click()
    link = page.locator("main h2 a").first
    expect(link).to_have_text("foto.png")

    address = link.get_attribute("href")
    assert page.request.get(address).headers["content-disposition"].startswith("attachment")
    assert open_page("/es/").request.get(address).status == 404


def test_a_session_that_ends_while_one_types_loses_nothing(open_page, accounts):
    page = open_page("/es/work/new/", part="contributor", script=False)
    page.locator("main form button[type=submit]").click()
    address = page.url
    page.get_by_label("Resumen").fill("Un texto largo que nadie quiere escribir dos veces, con todos sus detalles.")
    page.context.clear_cookies(name="minga")
    go_on(page)
    expect(page.locator("main textarea")).to_have_value(re.compile("nadie quiere escribir dos veces"))

    other = page.context.new_page()
    enter(other, accounts["contributor"], later=1)
    page.locator("main form button[type=submit]").click()
    if page.locator("main textarea[readonly]").count():  # the form's key was renewed by signing in: once more
        page.locator("main form button[type=submit]").click()
    page.goto(address)
    expect(page.get_by_label("Resumen")).to_have_value(re.compile("nadie quiere escribir dos veces"))
