"""Commands for a person see and do only what she may; what is not there and what is not hers end alike."""

import json

import pytest

from tests.operations.conftest import run

DRAFT = {"kind": "practice", "lang": "es", "title": "Un borrador de El Salvador", "actor": "Instituto de Prueba",
         "countries": ["SLV"]}  # fmt: skip


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """A home with a focal point and an endorser of El Salvador, a focal point of Guatemala, and a secretariat."""
    home = tmp_path_factory.mktemp("people") / "home"
    run("init", home=home, check=True)
    accounts = {row["email"].split("@")[0]: row["email"] for row in json.loads(run("demo", "--json", home=home).stdout)}
    return home, accounts


def test_a_record_goes_from_import_to_published_each_by_whose_job_it_is(people, tmp_path):
    home, accounts = people
    author, other = accounts["focal-point"], accounts["focal-point-of-another-country"]
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps(DRAFT), encoding="utf-8")
    assert json.loads(run("import", str(file), "--as", author, "--json", home=home).stdout)["accepted"] == 1
    [mine] = json.loads(run("list", "--state", "draft", "--as", author, "--json", home=home).stdout)["records"]
    record = mine["id"]

    hidden = run("show", record, "--as", other, "--json", home=home)
    nothing = run("show", "aaaaaaaaaa", "--as", other, "--json", home=home)
    assert hidden.returncode == nothing.returncode != 0
    assert hidden.stderr.replace(record, "…") == nothing.stderr.replace("aaaaaaaaaa", "…")
    for command in (["submit"], ["endorse"], ["publish"], ["withdraw", "--reason", "x"]):
        done = run(command[0], record, *command[1:], "--as", other, home=home)
        assert (done.returncode, done.stderr) == (hidden.returncode, hidden.stderr)

    steps = [
        ("submit", author, "to_endorse"),
        ("endorse", accounts["endorser"], "endorsed"),
        ("submit", author, "submitted"),
    ]
    for command, email, state in steps:
        done = run(command, record, "--as", email, "--json", home=home)
        assert json.loads(done.stdout)["to"] == state, done.stderr
    early = run("publish", record, "--as", accounts["secretariat"], home=home)
    assert early.returncode != 0 and "submitted" in early.stderr.casefold()
    assert "Traceback" not in early.stderr


def test_a_user_is_added_listed_disabled_and_reset(people):
    home, _accounts = people
    added = run("user", "add", "nueva@hnd.example", "--role", "moderator", "--actor", "hnd", "--json", home=home)
    told = json.loads(added.stdout)
    assert (told["is_new"], told["roles"][0]["process"]) == (True, "rcm")
    assert "/account/invitation/" in told["link"]

    assert run("user", "disable", "nueva@hnd.example", home=home).returncode == 0
    listed = {row["email"]: row for row in json.loads(run("user", "list", "--json", home=home).stdout)}
    assert listed["nueva@hnd.example"]["roles"] == []
    assert run("user", "reset", "nueva@hnd.example", "--json", home=home).returncode == 0
    assert run("user", "reset", "nadie@hnd.example", home=home).returncode != 0


def test_nobody_acts_for_somebody_who_may_not_sign_in(people):
    home, _accounts = people
    done = run("list", "--as", "nadie@example.org", home=home)

    assert done.returncode != 0 and "Traceback" not in done.stderr
