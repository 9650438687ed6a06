"""Nobody judges what comes from her own country or institution, or what these have a part in."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from minga.actors.models import Grant
from minga.registry.lifecycle import State
from minga.registry.models import Participation, Version
from tests.access.people import make_person
from tests.making import actor_id, make_record


def is_offered(as_site, person: int, version: Version) -> bool:
    with as_site(person), connection.cursor() as cursor:
        cursor.execute("select count(*) from moderation_queue() where version_id = %s", [version.pk])
        return cursor.fetchone()[0] == 1


@pytest.fixture
def submitted(registry) -> Version:
    return make_record(owner="slv", state=State.SUBMITTED, process="rcm").version


def test_a_stranger_is_offered_it(as_site, submitted):
    assert is_offered(as_site, make_person("moderator", "iom", "rcm").pk, submitted)


@pytest.mark.parametrize("actor", ["slv", "mre-el-salvador"])
def test_nobody_of_the_owners_country_is(as_site, submitted, actor):
    assert not is_offered(as_site, make_person("moderator", actor, "rcm").pk, submitted)


@pytest.mark.parametrize("actor", ["gtm", "iom"])
def test_nobody_of_a_country_or_body_that_takes_part_is(as_site, submitted, actor):
    moderator = make_person("moderator", actor, "rcm")
    assert is_offered(as_site, moderator.pk, submitted)
    Participation.objects.create(version=submitted, actor_id=actor_id(actor), role="partner", position=9,
                                 name_as_given=actor)  # fmt: skip
    assert not is_offered(as_site, moderator.pk, submitted)


def test_nobody_who_was_of_the_owners_country_until_lately_is(as_site, submitted):
    moderator = make_person("moderator", "iom", "rcm")

    Grant.objects.create(person_id=moderator.pk, actor_id=actor_id("slv"), role="contributor", since=date(2020, 1, 1),
                         until=timezone.localdate() - timedelta(days=30))  # fmt: skip
    assert not is_offered(as_site, moderator.pk, submitted)
