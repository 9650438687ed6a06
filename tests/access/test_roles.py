"""Every role walks the whole site over generated records: no trace of what it may not read, no way to write what it
may not write. As the very database role that the site uses.
"""

import re

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, Phase, given, settings

from minga.editing.formsteps import STEPS
from minga.exchange.importing import Importer
from minga.files.models import Attachment
from minga.registry import telling
from minga.registry.lifecycle import STEPS as LIFECYCLE
from minga.registry.lifecycle import State
from minga.registry.models import Edit, Participation, Reader, Record, Transition, Translation, Version
from tests.access.people import Somebody, everybody, let_moderate, make_person, signed_in_as
from tests.access.test_confidentiality import make_world, paths_to_walk, text_of, worlds
from tests.making import AT, Made, actor_id, make_record, undone

WALK = settings(
    max_examples=2,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
OWN_PATHS = ["inbox/", "work/", "work/new/", "moderation/", "moderation/expertise/", "moderation/rules/rcm/", "duplicates/", "account/",
             "account/data.json", "account/searches/", "account/hand-over/", "administration/people/", "administration/outbox/",
             "administration/trail/", "administration/redaction/", "administration/models/", *(f"work/?state={state}" for state in State)]  # fmt: skip


def work_paths(made: list[Made]) -> list[str]:
    """Every address of the work on records, for each of them."""
    paths = [f"/es/{path}" for path in OWN_PATHS]
    for each in made:
        here = f"/es/work/{each.record.public_id}/"
        numbers = [version.number for version in each.record.versions.all()]
        paths += [
            here,
            f"{here}readers/",
            f"{here}files/",
            f"{here}claim/",
            f"{here}proposals/",
            f"{here}matches/",
            f"{here}alike/what/",
            *(f"{here}edit/{step.code}/" for step in STEPS),
        ]
        paths += [f"{here}{what}/{number}/" for what in ("versions", "changes") for number in numbers]
        paths += [f"/es/files/{file.pk}/" for file in Attachment.objects.filter(version=each.version)]
        paths += [f"/es/moderation/{each.version.pk}/", f"/es/administration/trail/?record={each.record.public_id}"]
    return paths


def a_world(world) -> tuple[list[Made], list[Somebody]]:
    """The records of a generated world, some of them taken by a moderator, some shown to a country that they name."""
    made, people = make_world(world), everybody()
    moderator = next(one for one in people if one.role == "moderator")
    let_moderate(moderator, [each.version for each in made if each.version.number % 2][:3])
    for each in made:
        if each.version.state == State.ACCEPTED:
            Reader.objects.create(version=each.version, actor_id=actor_id("slv"), why="named_country", since=AT)
    return made, people


def titles_in_her_queue(person: Somebody, made: list[Made]) -> set[str]:
    """Marks whose titles a moderator is offered: she may know of these, but not what they say."""
    if person.role != "moderator":
        return set()
    return {each.mark for each in made if each.version.state in (State.SUBMITTED, State.IN_MODERATION)}


@pytest.mark.slow
class TestEveryRole:
    @WALK
    @given(world=worlds)
    def test_finds_no_trace_of_what_it_may_not_read(self, as_site, world):
        with undone():
            made, people = a_world(world)
            for person in people:
                hidden = {each.mark for each in made if not person.may_read(each.version)}
                hidden -= titles_in_her_queue(person, made)
                with as_site(person.pk), signed_in_as(person.pk) as client:
                    # Office files are slow to make: one role takes them away, all take the same rows as JSON.
                    paths = [
                        path
                        for path in paths_to_walk(made)
                        if person.role == "focal_point" or not re.search(r"\.(docx|xlsx|csv)", path)
                    ]
                    for path in [*paths, *work_paths(made)]:
                        answer = client.get(path)
                        text = text_of(answer)
                        if "actors/?q=" in path:
                            text = text.replace(path.split("Instituto ")[1], "", 4)
                        assert answer.status_code < 500, (person, path)
                        assert not {mark for mark in hidden if mark in text}, (person, path)

    @WALK
    @given(world=worlds)
    def test_reads_what_it_may_read_and_nothing_else_by_any_table(self, as_site, world):
        with undone():
            made, people = a_world(world)
            for person in people:
                with as_site(person.pk):
                    for each in made:
                        may = person.may_read(each.version)
                        assert Version.objects.filter(pk=each.version.pk).exists() == may, (person, each.version.state)
                        for model in (Participation, Translation):
                            assert model.objects.filter(version=each.version.pk).exists() == may, (person, model)
                        if not may:
                            for model in (Transition, Edit):
                                assert not model.objects.filter(version=each.version.pk).exists(), (person, model)
                    listed = {version.pk for version in telling.newest_versions()}
                    assert not {each.version.pk for each in made if not person.may_read(each.version)} & listed

    @WALK
    @given(world=worlds)
    def test_changes_nothing_that_it_may_not_change(self, as_site, world):
        with undone():
            made, people = a_world(world)
            for person in people:
                with as_site(person.pk), signed_in_as(person.pk) as client:
                    for each in made:
                        # One address serves all versions of a record: it edits her own draft, if there is one.
                        has_draft = any(o.record == each.record and person.may_write(o.version) for o in made)
                        self._try_everything(client, person, each, has_draft)

    @staticmethod
    def _try_everything(client, person: Somebody, each: Made, has_draft: bool) -> None:
        here = f"/es/work/{each.record.public_id}/"
        if not person.may_write(each.version):
            before = Version.objects.values("title", "visibility", "revision").filter(pk=each.version.pk).first()
            for step in STEPS:
                answer = client.post(f"{here}edit/{step.code}/", {"title": "x", "title-was": ""})
                assert has_draft or answer.status_code == 404
            answer = client.post(f"{here}proposals/", {"proposal": "confirm:objectives:3"})
            assert has_draft or answer.status_code == 404
            answer = client.post(f"{here}readers/", {"visibility": "public"})
            assert has_draft or answer.status_code == 404
            now = Version.objects.values("title", "visibility", "revision").filter(pk=each.version.pk).first()
            assert now == before, person
            with connection.cursor() as cursor:
                cursor.execute("update registry_version set title = 'x' where id = %s", [each.version.pk])
                assert cursor.rowcount == 0, person
            for statement in (
                "insert into registry_translation (version_id, language, origin, authority, title, summary, details)"
                " values (%s, 'qu', 'author', 'parallel', 'x', '', '{}')",
                "insert into registry_edit (version_id, person, at, revision, field, value, is_set_aside)"
                f" values (%s, {person.pk}, now(), 1, 'title', '1', false)",
                "insert into classification_decision (version_id, kind, code, what, person, at, model)"
                f" values (%s, 'objectives', '3', 'rejected', {person.pk}, now(), '')",
            ):
                with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement, [each.version.pk])
        if not person.may_read(each.version):
            for step in LIFECYCLE:
                form = {"version": each.version.number, "step": step, "reason": "x", "seen": each.version.revision}
                assert client.post(f"{here}step/", form).status_code == 404
                with pytest.raises(DatabaseError, match="Nothing there"), transaction.atomic():
                    _run("select registry_move(%s, %s, 'x', 0)", [each.version.pk, step])

    def test_never_writes_a_state_or_an_owner_by_itself(self, as_site):
        made = make_record(owner="slv", state=State.DRAFT)
        person = make_person("focal_point", "slv")
        for column in ("state = 'published'", "owner_id = owner_id", "record_id = record_id", "number = 7",
                       "listed_at = now()", "submitted_at = now()", "revision = 9"):  # fmt: skip
            with as_site(person.pk), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                _run(f"update registry_version set {column} where id = %s", [made.version.pk])

    def test_begins_no_record_for_another_office(self, as_site):
        person = make_person("focal_point", "slv")
        with as_site(person.pk), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Record.objects.create(kind="practice", owner_id=actor_id("gtm"))

    def test_imports_for_its_own_office_only(self, as_site):
        from functools import partial

        from minga.access.rowsecurity import acting
        from minga.audit.by import By
        from minga.exchange.jsonlines import Line

        person = make_person("focal_point", "slv")
        with as_site(person.pk):
            importer = Importer(by=By(person=person.pk), at=AT, turn=partial(acting, person=person.pk))
            row = {"kind": "practice", "lang": "es", "title": "Una práctica", "countries": ["SLV"]}
            report = importer.run([Line(1, row), Line(2, row | {"title": "Otra", "owner": "gtm"})])
            owners = set(Version.objects.filter(title="Una práctica").values_list("owner__slug", flat=True))

        assert (report.accepted, report.refused, owners) == (1, 1, {"slv"})


def _run(statement: str, parameters: list) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


class TestSignIn:
    def test_reads_no_record_on_its_own_connection(self, registry, installation):
        with installation.connect("signin") as signin:
            for table in ("registry_version", "registry_record", "registry_translation", "moderation_sheet",
                          "audit_entry", "notifications_mail", "actors_grant"):  # fmt: skip
                with pytest.raises(Exception, match="permission denied"):
                    signin.execute(f"select 1 from {table}")
                signin.rollback()

    def test_keeps_its_secrets_from_the_site_and_the_worker(self, registry, installation):
        for role in ("site", "worker"):
            with installation.connect(role) as connected:
                for question in ("select 1 from mfa_authenticator", "select 1 from django_session",
                                 "select 1 from accounts_attempt"):  # fmt: skip
                    with pytest.raises(Exception, match="permission denied"):
                        connected.execute(question)
                    connected.rollback()
        with installation.connect("site") as site, pytest.raises(Exception, match="permission denied"):
            site.execute("select password from accounts_person")
