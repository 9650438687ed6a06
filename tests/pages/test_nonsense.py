"""Whatever is typed into an address has a clear answer, never an error."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PATHS = ["/es/records/", "/fr/practices/", "/es/records/feed.atom", "/es/records/export.json", "/es/actors/"]
NAMES = ["country", "objective", "principle", "kind", "population", "level", "language", "year", "progress", "sort",
         "page", "actor", "q", "x"]  # fmt: skip


@pytest.fixture
def get(as_site):
    def get_as_visitor(path: str, **values):
        with as_site():
            answer = Client().get(path, values)
            if answer.streaming:
                b"".join(answer.streaming_content)
            return answer

    return get_as_visitor


class TestNonsenseInAnAddress:
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        path=st.sampled_from(PATHS), values=st.dictionaries(st.sampled_from(NAMES), st.text(max_size=30), max_size=5)
    )
    def test_is_answered_with_a_page(self, get, path, values):
        assert get(path, **values).status_code == 200

    @pytest.mark.parametrize(
        "value",
        [
            "\x00",
            "%00",
            "-1",
            "0",
            "99999999999999999999",
            "٣",
            "²",
            "'; drop table x; --",
            "\u202e",
            "\ud83d\ude00",
            "a" * 9000,
        ],
    )
    @pytest.mark.parametrize("name", NAMES)
    def test_of_every_field_is_answered_with_a_page(self, get, name, value):
        value = value.encode("utf-16", "surrogatepass").decode("utf-16")

        assert get("/es/records/", **{name: value}).status_code == 200

    @pytest.mark.parametrize(
        "path",
        [
            "/es/countries/%00/", "/es/countries/ZZZ/", "/es/countries/é/", "/es/actors/nobody/", "/es/objectives/0/",
            "/es/objectives/99/", "/es/objectives/99999999999/", "/es/principles/none/", "/es/vocabularies/none/",
            "/es/vocabularies/levels/%00/", "/id/levels/%00", "/es/practices/0000000000/", "/es/practices/short/",
            "/r/0000000000/", "/de/", "/es/records/export.exe", "/es/%ff%fe/", "/es/practices/0000000000/cite.ris",
        ],
    )  # fmt: skip
    def test_of_a_path_is_nothing_there(self, get, path):
        answer = get(path)

        assert answer.status_code in (303, 404)
        assert "Traceback" not in answer.content.decode()

    def test_says_what_was_left_out(self, get):
        page = get("/en/records/", country="XXX", objective="99").content.decode()

        assert "country=XXX" in page and "objective=99" in page
