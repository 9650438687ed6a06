"""A file of JSON Lines is read to its end, whatever its lines hold."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minga.exchange.jsonlines import read_lines


def read(content: bytes) -> list[tuple[int, object]]:
    """(number, row or code of what is wrong) of each line."""
    return [(line.number, line.code or line.row) for line in read_lines(BytesIO(content))]


class TestReadingAFile:
    def test_of_nothing_gives_nothing(self):
        assert read(b"") == read(b"\n\r\n  \n") == []

    def test_takes_byte_order_mark_and_line_ends_of_windows(self):
        assert read(b'\xef\xbb\xbf{"a": 1}\r\n\r\n{"b": 2}\r\n') == [(1, {"a": 1}), (3, {"b": 2})]

    def test_takes_a_last_line_without_an_end(self):
        assert read(b'{"a": 1}\n{"b": 2}') == [(1, {"a": 1}), (2, {"b": 2})]

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            (b"{no json}", "not_json"),
            (b'{"a": NaN}', "not_json"),
            (b'{"a": 1e999}', "not_json"),
            (b'{"a": ' + b"9" * 5000 + b"}", "not_json"),
            (b"[" * 100_000, "not_json"),
            (b'{"a": ' + b"[" * 500 + b"]" * 500 + b"}", "not_json"),
            (b'["a list"]', "not_an_object"),
            (b'"text"', "not_an_object"),
            (b'{"a": "\xff"}', "not_utf8"),
            (b'{"a": "\xed\xa0\x80"}', "not_utf8"),
        ],
    )
    def test_names_the_line_that_cannot_be_read_and_goes_on(self, line, code):
        assert read(b'{"a": 1}\n' + line + b'\n{"b": 2}\n') == [(1, {"a": 1}), (2, code), (3, {"b": 2})]

    def test_leaves_out_a_line_of_twenty_megabytes(self):
        long = b'{"a": "' + b"x" * 20_000_000 + b'"}'

        assert read(b'{"a": 1}\n' + long + b'\n{"b": 2}\n') == [(1, {"a": 1}), (2, "line_too_long"), (3, {"b": 2})]

    def test_makes_texts_storable(self):
        assert read(rb'{"a": "x\u0000y\ud800z\r\nw\rv"}') == [(1, {"a": "xy?z\nw\nv"})]

    def test_makes_numbers_come_back_as_they_went_in(self):
        assert read(b'{"a": [1e22, -0.0, 1.50, 3]}') == [(1, {"a": [10**22, 0.0, 1.5, 3]})]

    @given(content=st.binary(max_size=300))
    def test_never_fails(self, content):
        for line in read_lines(BytesIO(content)):
            assert (line.row is None) == bool(line.code and line.message)
