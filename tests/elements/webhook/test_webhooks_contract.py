"""What every way to a consumer's endpoint must do: over the net, and the stand-in that sends nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from lastcall.core.errors import BadInput, ElementTrouble
from lastcall.core.ports import Answered, Webhooks
from lastcall.elements.webhook import make_webhooks
from lastcall.elements.webhook.recorded import RecordedWebhooks
from tests.elements.webhook.receiver import Receiver, saying


@dataclass
class Way:
    """``answer``: sets the status and headers of the next answers; ``bodies``: what the receiver got."""

    webhooks: Webhooks
    url: str
    answer: Callable[[int, dict[str, str]], None]
    bodies: Callable[[], list[bytes]]


def over_the_net() -> Iterator[Way]:
    with Receiver() as receiver:

        def answer(status: int, headers: dict[str, str]) -> None:
            lines = "".join(f"{name}: {value}\n" for name, value in headers.items())
            receiver.behaviour = saying(f"HTTP/1.1 {status} Said\n{lines}content-length: 0\n\n")

        def bodies() -> list[bytes]:
            return [seen.partition(b"\r\n\r\n")[2] for seen in receiver.seen]

        yield Way(make_webhooks("https", loopback=True), f"http://127.0.0.1:{receiver.port}/hook", answer, bodies)


def in_memory() -> Iterator[Way]:
    webhooks = make_webhooks("recorded")
    assert isinstance(webhooks, RecordedWebhooks)

    def answer(status: int, headers: dict[str, str]) -> None:
        webhooks.answer = lambda sent: Answered(status, {name.lower(): value for name, value in headers.items()})

    yield Way(webhooks, "https://bank.example/hook", answer, lambda: [sent.body for sent in webhooks.sent])


@pytest.fixture(params=[over_the_net, in_memory])
def way(request: pytest.FixtureRequest) -> Iterator[Way]:
    yield from request.param()


@pytest.mark.parametrize("status", [200, 204, 400, 410, 500, 503])
def test_a_post_gives_the_status(way: Way, status: int) -> None:
    way.answer(status, {})
    assert way.webhooks.post(url=way.url, body=b"{}", headers={"content-type": "application/json"}) == status
    assert way.bodies() == [b"{}"]


def test_the_headers_of_an_answer_come_by_their_names_in_lower_case(way: Way) -> None:
    way.answer(200, {"WebHook-Allowed-Origin": "*", "Retry-After": "5"})
    answered = way.webhooks.send("OPTIONS", url=way.url, body=b"", headers={"webhook-request-origin": "line.example"})
    assert (answered.headers["webhook-allowed-origin"], answered.headers["retry-after"]) == ("*", "5")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_trouble_and_is_not_followed(way: Way, status: int) -> None:
    way.answer(status, {"Location": way.url + "/elsewhere"})
    with pytest.raises(ElementTrouble) as met:
        way.webhooks.post(url=way.url, body=b"{}", headers={})
    assert (met.value.code, met.value.permanent) == ("redirected", False)
    assert len(way.bodies()) == 1


@pytest.mark.parametrize("url", ["", "bank.example", "ftp://bank.example/", "https://u:p@bank.example/"])
def test_what_is_no_address_is_refused(way: Way, url: str) -> None:
    with pytest.raises(BadInput) as bad:
        way.webhooks.check(url)
    assert bad.value.code == "bad_address"


def test_the_same_twice_goes_out_twice(way: Way) -> None:
    way.answer(204, {})
    for _ in range(2):
        way.webhooks.post(url=way.url, body=b"{}", headers={"webhook-id": "17"})
    assert len(way.bodies()) == 2


def test_a_way_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadInput):
        make_webhooks("pigeon")
