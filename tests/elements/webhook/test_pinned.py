"""Requests to receivers that are down, slow, rude, private, or not who they say: each ends in time, and says what it was."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lastcall.core.errors import BadInput, ElementTrouble
from lastcall.elements.network import Deadline
from lastcall.elements.webhook import trouble
from lastcall.elements.webhook.pinned import PinnedWebhooks
from lastcall.elements.webhook.public import Address, parse
from lastcall.elements.webhook.resolving import resolve
from tests.elements.webhook.receiver import Behaviour, Receiver, certificate, dripping, huge, huge_head, saying, silent

SECRET = "very-secret-token"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def url(receiver: Receiver, scheme: str = "http", host: str = "127.0.0.1") -> str:
    return f"{scheme}://{host}:{receiver.port}/hook?token={SECRET}"


def met(webhooks: PinnedWebhooks, address: str) -> ElementTrouble:
    with pytest.raises(ElementTrouble) as trouble_met:
        webhooks.post(url=address, body=b"{}", headers={})
    assert SECRET not in str(trouble_met.value) and "127.0.0.1" not in str(trouble_met.value)
    return trouble_met.value


def leading_to(*addresses: str) -> PinnedWebhooks:
    """Where every name leads to ``addresses``, and the world is as it is otherwise."""
    return PinnedWebhooks(resolver=lambda host, port, deadline: [parse(one) for one in addresses])


def test_the_request_is_whole_and_names_its_host(receiver: Receiver) -> None:
    webhooks = PinnedWebhooks(loopback=True)
    assert webhooks.post(url=url(receiver), body=b'{"a": 1}', headers={"webhook-id": "17"}) == 204
    (seen,) = receiver.seen
    head = seen.decode().lower()
    assert head.startswith(f"post /hook?token={SECRET} http/1.1\r\n")
    assert f"\r\nhost: 127.0.0.1:{receiver.port}\r\n" in head and "\r\nwebhook-id: 17\r\n" in head
    assert seen.endswith(b'\r\n\r\n{"a": 1}') and "\r\ncontent-length: 8\r\n" in head


def test_a_receiver_that_is_down_cannot_be_reached(receiver: Receiver) -> None:
    receiver.__exit__()
    assert met(PinnedWebhooks(loopback=True), url(receiver)).code == "unreachable"


@pytest.mark.parametrize("behaviour", [dripping, silent])
def test_a_slow_receiver_is_left_when_the_time_is_over(receiver: Receiver, behaviour: Behaviour) -> None:
    receiver.behaviour = behaviour
    began = time.monotonic()
    assert met(PinnedWebhooks(loopback=True, timeout=0.4), url(receiver)).code == "timeout"
    assert time.monotonic() - began < 3


def test_a_huge_answer_is_not_read(receiver: Receiver) -> None:
    receiver.behaviour = huge
    assert PinnedWebhooks(loopback=True, timeout=3).post(url=url(receiver), body=b"{}", headers={}) == 200


def test_a_huge_head_is_no_answer(receiver: Receiver) -> None:
    receiver.behaviour = huge_head
    assert met(PinnedWebhooks(loopback=True, timeout=3), url(receiver)).code == "garbled"


@pytest.mark.parametrize("text", ["", "HTTP/1.1 20", "HTTP/1.1 200 OK\ncontent-", "SSH-2.0-OpenSSH_9.2\n", "\x00\x01"])
def test_a_receiver_that_closes_midway_or_speaks_no_http_is_told_apart(receiver: Receiver, text: str) -> None:
    receiver.behaviour = saying(text)
    trouble_met = met(PinnedWebhooks(loopback=True), url(receiver))
    assert (trouble_met.code, trouble_met.permanent) == ("garbled", False)


def test_without_leave_this_machine_is_not_spoken_to(receiver: Receiver) -> None:
    webhooks = PinnedWebhooks()
    for address in (
        url(receiver),
        url(receiver, "https"),
        url(receiver, "https", "localhost"),
        url(receiver, "https", "[::1]"),
    ):
        assert met(webhooks, address).code == "bad_address"
    assert receiver.connections == 0


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "127.1", "0177.0.0.1", "[::ffff:127.0.0.1]", "127.0.0.1."]
)
def test_no_other_spelling_of_a_private_address_gets_through(receiver: Receiver, host: str) -> None:
    assert met(PinnedWebhooks(timeout=5), url(receiver, "https", host)).code in {"bad_address", "unreachable"}
    assert receiver.connections == 0


@pytest.mark.parametrize(
    "addresses",
    [("10.0.0.5",), ("127.0.0.1",), ("8.8.8.8", "10.0.0.5"), ("::1",), ("64:ff9b::127.0.0.1",), ("169.254.169.254",)],
)
def test_a_name_that_leads_to_a_private_address_is_refused(addresses: tuple[str, ...]) -> None:
    trouble_met = met(leading_to(*addresses), "https://bank.example/hook")
    assert (trouble_met.code, trouble_met.permanent) == ("bad_address", True)


def test_a_name_that_points_elsewhere_a_moment_later_leads_nowhere_else(receiver: Receiver) -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int, deadline: Deadline) -> list[Address]:
        asked.append(host)
        return [parse("127.0.0.1")] if len(asked) == 1 else [parse("127.0.0.2")]

    webhooks = PinnedWebhooks(loopback=True, resolver=rebinding)
    assert webhooks.post(url=url(receiver, host="bank.example"), body=b"{}", headers={}) == 204
    assert asked == ["bank.example"]  # once: whatever is answered later, the connection went to what was checked


def test_without_tls_no_name_leads_off_this_machine() -> None:
    webhooks = PinnedWebhooks(loopback=True, resolver=lambda *_: [parse("8.8.8.8")])
    assert met(webhooks, "http://bank.example/").code == "bad_address"


def test_proxies_of_the_environment_are_not_used(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert PinnedWebhooks(loopback=True).post(url=url(receiver), body=b"{}", headers={}) == 204


def secure(tmp_path: Path, *names: str, days: int = 1) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    server, trusted = certificate(tmp_path, *names, days=days)
    return server, ssl.create_default_context(cafile=str(trusted))


def to_this_machine(host: str, port: int, deadline: Deadline) -> list[Address]:
    return [parse("127.0.0.1")]


def test_tls_is_checked_against_the_name_and_not_the_address(tmp_path: Path) -> None:
    server, trusting = secure(tmp_path, "bank.example")
    webhooks = PinnedWebhooks(loopback=True, context=trusting, resolver=to_this_machine)
    with Receiver(tls=server) as receiver:
        assert webhooks.post(url=url(receiver, "https", "bank.example"), body=b"{}", headers={}) == 204
        assert met(webhooks, url(receiver, "https", "other.example")).code == "untrusted"
        assert len(receiver.seen) == 1


def test_a_certificate_that_nobody_vouches_for_or_that_is_over_is_refused(tmp_path: Path) -> None:
    server, _ = secure(tmp_path, "bank.example")
    over, trusting_over = secure(tmp_path, "bank.example", days=-1)
    with Receiver(tls=server) as receiver:
        webhooks = PinnedWebhooks(loopback=True, resolver=to_this_machine)
        assert met(webhooks, url(receiver, "https", "bank.example")).code == "untrusted"
        assert not receiver.seen
    with Receiver(tls=over) as receiver:
        webhooks = PinnedWebhooks(loopback=True, context=trusting_over, resolver=to_this_machine)
        assert met(webhooks, url(receiver, "https", "bank.example")).code == "untrusted"
        assert not receiver.seen


def test_old_versions_of_tls_are_not_spoken() -> None:
    assert PinnedWebhooks().context.minimum_version == ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize(
    "address",
    [
        "https://", "https:///hook", "https://user@bank.example/", "https://bank.example/#part", "https://10.0.0.1/",
        "https://[::1]/", "https://169.254.169.254/latest", "https://bank.example:99999/", "javascript:alert(1)",
        "https://bank.example/\n", "https://" + "a" * 2000 + ".example/", "http://bank.example/", "//bank.example/",
    ],
)  # fmt: skip
def test_an_address_that_leads_nowhere_public_is_refused_when_it_is_set(address: str) -> None:
    with pytest.raises(BadInput) as bad:
        PinnedWebhooks().check(address)
    assert bad.value.code == "bad_address"


@pytest.mark.parametrize(
    "address", ["https://bank.example/", "https://bank.example:8443/a/b?c=d", "https://банк.рф/hook"]
)
def test_an_ordinary_address_is_taken(address: str) -> None:
    PinnedWebhooks().check(address)


def test_nothing_of_an_address_or_a_secret_is_logged(receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        PinnedWebhooks(loopback=True).post(url=url(receiver), body=b"{}", headers={"webhook-signature": "v1,abc"})
        met(PinnedWebhooks(loopback=True), "https://127.0.0.1:1/" + SECRET)
    assert SECRET not in caplog.text and "v1,abc" not in caplog.text


def test_names_are_resolved_in_bounded_time() -> None:
    assert parse("127.0.0.1") in resolve("localhost", 443, Deadline(5))
    with pytest.raises(OSError):
        resolve("x" * 80 + ".invalid", 443, Deadline(5))
    with pytest.raises(TimeoutError):
        resolve("localhost", 443, Deadline(-1))


def test_every_trouble_says_what_to_do() -> None:
    for made in (trouble.bad_address("x"), trouble.redirected(302), trouble.timed_out(), trouble.untrusted("x")):
        assert made.remedy.endswith(".")
