"""A service that makes vectors is asked in a few words, and believed only where its answer can be right."""

import json
import math
import socket

import numpy as np
import pytest

from minga.language import endpoint
from minga.language.endpoint import Endpoint, Service, ServiceDown, ServiceWrong, TextRefused
from tests.language.service import FakeService, of_length, running, slow, status, told, told_for_each


@pytest.fixture
def service():
    with running(of_length(16)) as made:
        yield made


def asked_at(service: FakeService, size: int = 16, **more) -> Endpoint:
    return Endpoint(Service(service.url, "some/model", **more), name="tests", size=size)


class TestAnAnswer:
    def test_is_unit_vectors_in_the_order_of_the_texts(self, service):
        texts = [f"text {number}" for number in range(100)]  # in several questions
        together = asked_at(service).passages(texts)
        assert together.shape == (100, 16) and np.allclose(np.linalg.norm(together, axis=1), 1)
        assert np.allclose(together[57], asked_at(service).passages([texts[57]])[0], atol=1e-6)

    def test_to_nothing_is_nothing(self, service):
        assert asked_at(service).queries([]).shape == (0, 16) and service.sent == []

    def test_is_asked_with_key_model_and_prefix(self, service):
        encoder = asked_at(service, key="secret-key", query_prefix="query: ", passage_prefix="passage: ")
        encoder.queries(["one"])
        encoder.passages(["two"])
        assert service.sent == ["query: one", "passage: two"]
        assert service.keys == {"Bearer secret-key"} and service.models == {"some/model"}

    @pytest.mark.parametrize("behaves", [
        told([[1.0] * 16] * 3), told([]), told_for_each([1.0] * 8), told_for_each([]), told_for_each([[1.0]]),
        told_for_each(["one"] * 16), told_for_each([1.0] * 4_001), status(200, b"<html>"), status(200, b'{"data": 5}'),
        status(200, b"[" * 100_000), status(200, json.dumps({"data": [{"index": 5, "embedding": [1.0] * 16}] * 2}).encode()),
        status(401), status(404), status(302, b"/v1/embeddings"),
    ])  # fmt: skip
    def test_that_cannot_be_right_is_refused(self, service, behaves):
        service.behaves = behaves
        with pytest.raises(ServiceWrong):
            asked_at(service).passages(["one", "two"])

    @pytest.mark.parametrize("behaves", [
        told_for_each([math.nan] + [1.0] * 15), told_for_each([math.inf] + [1.0] * 15), told_for_each([0.0] * 16),
        status(400), status(413),
    ])  # fmt: skip
    def test_that_tells_of_the_texts_is_told_apart(self, service, behaves):
        service.behaves = behaves
        with pytest.raises(TextRefused):
            asked_at(service).passages(["one", "two"])

    def test_of_more_than_an_index_holds_says_how_many(self, service):
        service.behaves = told_for_each([1.0] * 4_001)
        with pytest.raises(ServiceWrong, match=r"4001 numbers; an index holds 4000"):
            asked_at(service).passages(["one"])


class TestAServiceThatIsDown:
    @pytest.mark.parametrize("number", [500, 502, 503, 429])
    def test_is_asked_once_more_for_passages(self, service, number):
        service.behaves = status(number)
        with pytest.raises(ServiceDown):
            asked_at(service).passages(["one"])
        assert len(service.sent) == endpoint.TRIES

    def test_is_asked_once_for_what_somebody_waits_for(self, service):
        service.behaves = slow(1.0)
        with pytest.raises(ServiceDown):
            endpoint.raw_queries(Service(service.url, "m"), ["one"], seconds=0.2)
        assert service.sent == ["one"]

    def test_is_nobody_there(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            nobody = Service(f"http://127.0.0.1:{taken.getsockname()[1]}/v1", "m")
        with pytest.raises(ServiceDown):
            endpoint.raw_queries(nobody, ["one"])


class TestWhatIsTold:
    def test_names_neither_key_nor_text_nor_what_the_service_said(self, service):
        encoder = asked_at(service, key="secret-key")
        assert "secret-key" not in repr(encoder._service)
        service.behaves = status(400, b"I refuse: a confidential text")
        with pytest.raises(TextRefused) as refused:
            encoder.passages(["a confidential text"])
        assert str(refused.value) == "status 400"

    def test_says_whether_texts_can_be_read_on_their_way(self):
        assert Service("http://gpu.example.org/v1", "m").is_readable_on_its_way
        assert not Service("https://gpu.example.org/v1", "m").is_readable_on_its_way
        assert not Service("http://127.0.0.1:8080/v1", "m").is_readable_on_its_way
