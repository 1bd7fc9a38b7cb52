"""Requests to addresses that others gave us, so that they reach public machines only, once each, and come to an end in time.

A name is resolved once; every address it has must be public, and the connection goes to one of those very addresses, so a name
that points elsewhere a moment later (DNS rebinding) leads nowhere. TLS still checks the name. Redirects are not followed, proxies
of the environment are not used, and of an answer's body nothing is read.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import httpcore
import httpx

from lastcall.core.errors import BadInput, ElementTrouble
from lastcall.core.ports import Answered
from lastcall.elements.network import Deadline
from lastcall.elements.webhook import trouble
from lastcall.elements.webhook.public import Address, is_loopback, is_public, parse
from lastcall.elements.webhook.resolving import resolve
from lastcall.elements.webhook.wire import Wire

LONGEST_URL: Final = 2_000
_AGENT: Final = "Lastcall"

Resolver = Callable[[str, int, Deadline], list[Address]]


@dataclass(frozen=True, slots=True)
class _Target:
    """An address, taken apart once, so that what was checked is what is spoken to."""

    scheme: str
    host: str
    port: int
    path: bytes
    named: bytes


class PinnedWebhooks:
    """The port :class:`~lastcall.core.ports.Webhooks`. ``timeout``: seconds for everything together, ``connect``: of these, until
    the connection stands; ``loopback``: also this machine's own addresses, and these without TLS (tests and demonstrations)."""

    name = "https"

    def __init__(
        self, *, timeout: float = 15.0, connect: float = 5.0, loopback: bool = False,
        context: ssl.SSLContext | None = None, resolver: Resolver = resolve,
    ) -> None:  # fmt: skip
        self._timeout, self._connect, self._loopback = timeout, connect, loopback
        self._given, self._resolver = context, resolver

    @cached_property
    def context(self) -> ssl.SSLContext:
        """Whom to trust: those the system trusts. Read when it is first needed, for it takes a while."""
        context = self._given or ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    def check(self, url: str) -> None:
        """The form of the address, and whether its host may be one. The name is resolved only when something is sent: it may
        point elsewhere by then. Raises :class:`BadInput` (``bad_address``)."""
        target = self._target(url)
        if (literal := _literal(target.host)) is not None and not self._allowed(literal):
            raise _bad("it is not an address of the public net")
        if target.scheme == "http" and literal is None and target.host != "localhost":
            raise _bad("it must begin with https://")

    def post(self, *, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """POST ``body``; the HTTP status of the answer."""
        return self.send("POST", url=url, body=body, headers=headers).status

    def send(self, method: str, *, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """One request and its answer. Raises :class:`ElementTrouble` as the port says."""
        try:
            target = self._target(url)
        except BadInput as bad:
            raise trouble.bad_address(bad.message) from None
        with _troubles():
            deadline = Deadline(self._timeout)
            addresses = self._resolved(target, deadline)
            answered = self._exchange(method, target, Wire(addresses, deadline, connect=self._connect), body, headers)
        if 300 <= answered.status < 400:
            raise trouble.redirected(answered.status)
        return answered

    def _target(self, url: str) -> _Target:
        try:
            parsed = httpx.URL(url)
            port = parsed.port or (443 if parsed.scheme == "https" else 80)
        except (httpx.InvalidURL, UnicodeError, ValueError):
            raise _bad("it cannot be read") from None
        if parsed.scheme != "https" and not (self._loopback and parsed.scheme == "http"):
            raise _bad("it must begin with https://")
        if not 0 < port < 65_536:
            raise _bad("there is no such port")
        if not parsed.host or parsed.userinfo or parsed.fragment or len(url) > LONGEST_URL or not url.isprintable():
            raise _bad(f"it needs a host, no user, password or fragment, and at most {LONGEST_URL} characters")
        host = parsed.raw_host.decode("ascii")
        return _Target(parsed.scheme, host, port, parsed.raw_path, parsed.netloc)

    def _resolved(self, target: _Target, deadline: Deadline) -> list[Address]:
        """The addresses of the host, if one may speak to every one of them."""
        literal = _literal(target.host)
        addresses = [literal] if literal is not None else self._resolver(target.host, target.port, deadline)
        if not addresses:
            raise trouble.unreachable("the name has no address")
        if not all(self._allowed(address) for address in addresses):
            raise trouble.bad_address("its name does not lead to the public net, or not only there")
        if target.scheme == "http" and not all(is_loopback(address) for address in addresses):
            raise trouble.bad_address("without TLS only this machine itself is spoken to")
        return addresses

    def _allowed(self, address: Address) -> bool:
        return is_public(address) or (self._loopback and is_loopback(address))

    def _exchange(self, method: str, target: _Target, wire: Wire, body: bytes, headers: Mapping[str, str]) -> Answered:
        head = {"host": target.named.decode("ascii"), "user-agent": _AGENT, "connection": "close"} | dict(headers)
        head["content-length"] = str(len(body))
        with (
            httpcore.ConnectionPool(ssl_context=self.context, network_backend=wire, max_connections=1) as pool,
            pool.stream(
                method, httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path),
                headers=[(name.encode("ascii"), value.encode("ascii")) for name, value in head.items()], content=body,
            ) as response,
        ):  # fmt: skip
            found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            return Answered(response.status, found)


def _literal(host: str) -> Address | None:
    try:
        return parse(host.strip("[]"))
    except ValueError:
        return None


def _bad(why: str) -> BadInput:
    return BadInput(
        f"This is no address for a webhook: {why}.",
        code="bad_address",
        remedy="Give an https:// address on the public net.",
    )


@contextmanager
def _troubles() -> Iterator[None]:
    """What goes wrong on the way, by its right name; never with the address, which may hold a secret of its owner."""
    try:
        yield
    except ElementTrouble:
        raise
    except (TimeoutError, httpcore.TimeoutException):
        raise trouble.timed_out() from None
    except ssl.SSLCertVerificationError as error:
        raise trouble.untrusted(error.verify_message) from None
    except (ssl.SSLError, socket.gaierror, OSError) as error:
        raise trouble.unreachable(error.strerror or type(error).__name__) from None
    except (httpcore.ProtocolError, httpcore.NetworkError) as error:
        raise trouble.garbled(type(error).__name__) from None
