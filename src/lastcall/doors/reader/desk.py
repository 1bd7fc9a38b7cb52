"""The desk, as this reader speaks to it: JSON by HTTPS, with the pairing's token."""

from __future__ import annotations

import ipaddress
import logging
import ssl
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import SplitResult, urlsplit

import httpx

from lastcall.core.errors import BadInput, ElementTrouble, LastcallError, NotFound, Refused
from lastcall.core.rows import Json
from lastcall.doors.reader.order import Kept, Order, Pairing, read_kept, read_moment, read_order

T = TypeVar("T")
_log: Final = logging.getLogger(__name__)
_PATIENCE: Final = httpx.Timeout(15, connect=5)
_SLOW: Final = httpx.Timeout(60, connect=5)
"""For a backup over a shop's line."""


class Desk:
    """The desk at ``address`` (``https://host[:port]``; plain HTTP to this very computer only).

    ``authorities``: a file of certificates to believe instead of the system's. Every method raises
    :class:`~lastcall.core.errors.ElementTrouble`: temporary ``desk_away``, permanent ``desk_untrusted`` (its certificate) and
    ``desk_garbled`` (no desk of Lastcall); acts with the token also :class:`~lastcall.core.errors.Refused`: ``reader_ended``.
    """

    def __init__(
        self, address: str, *, authorities: Path | None = None, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.address = desk_address(address)
        secure = self.address.startswith("https:")
        self._client = httpx.Client(
            base_url=self.address, timeout=_PATIENCE, follow_redirects=False, transport=transport,
            # A proxy may stand between, but not between this computer and itself: it would see the token.
            trust_env=secure, verify=_certificates(authorities) if secure else False,
        )  # fmt: skip
        self._token = ""

    @property
    def paired(self) -> bool:
        """Whether there is a token."""
        return bool(self._token)

    def forget(self) -> None:
        """The token is gone."""
        self._token = ""

    def pair(self, *, code: str, name: str) -> Pairing:
        """Become a reader of the desk's. Raises ``NotFound`` when the code is wrong, used or too old."""
        found = self._ask("POST", "pair", json={"code": code, "name": name})
        token, pairing = _read(found, lambda it: (str(it["token"]), _pairing(it)))
        self._token = token
        return pairing

    def order(self) -> Order | None:
        """What is asked of this reader now."""
        return _read(self._ask("GET", "order"), read_order)

    def same_card(self, order: Order, iccid: str) -> bool:
        """Whether the card is that of the visitor's line. Raises ``Refused`` (``order_over``)."""
        return _read(self._of(order, "card", json={"iccid": iccid}), lambda it: it["same"] is True)

    def keep(self, order: Order, sealed: bytes) -> Kept:
        """Hand a sealed backup over; the same again is kept once. Raises ``Refused`` (``order_over``, ``too_big``)."""
        headers = {"Content-Type": "application/octet-stream"}
        kept = _read(self._of(order, "backup", content=sealed, headers=headers, timeout=_SLOW), read_kept)
        parts = urlsplit(kept.address)
        if not _may_be_spoken_to(parts, parts.hostname or ""):
            # The secret would be typed there, and go over the net for everybody to read.
            _log.error("the desk's pages have no HTTPS: set LASTCALL_PUBLIC_HOST there")
            raise _garbled()
        return kept

    def done(self, order: Order, *, contacts: int, messages: int, partial: str, pin: str) -> None:
        """All is done. Raises ``Refused`` (``order_over``)."""
        said = {"contacts": contacts, "messages": messages, "partial": partial, "pin": pin}
        self._of(order, "done", json=said)

    def failed(self, order: Order, code: str) -> None:
        """It was not done, and why. Raises ``Refused`` (``order_over``)."""
        self._of(order, "failed", json={"code": code})

    def leave(self) -> None:
        """End the pairing at the desk; the token is gone whatever the desk says."""
        try:
            self._ask("POST", "leave")
        finally:
            self.forget()

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def _of(self, order: Order, act: str, **sent: Any) -> Json:
        try:
            return self._ask("POST", f"order/{order.id}/{act}", **sent)
        except NotFound:
            raise Refused("the order is over", code="order_over") from None

    def _ask(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **sent: Any) -> Json:
        carried = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        try:
            answer = self._client.request(
                method, f"/desk/readers/{path}", headers=carried | dict(headers or {}), **sent
            )
        except httpx.HTTPError as trouble:
            raise _away(trouble) from None  # what was sent, the token with it, hangs on the trouble
        return _document(answer)


def desk_address(text: str) -> str:
    """``text`` as scheme, host and port. Raises ``BadInput`` (``bad_desk``)."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
        parts = urlsplit("")
    if not host or parts.username is not None or parts.path.rstrip("/") not in {"", "/desk"} or parts.query:
        raise BadInput(
            "this is no address of a desk", code="bad_desk", remedy="Give --desk as in https://lastcall.example."
        )
    if not _may_be_spoken_to(parts, host):
        raise BadInput(
            "the desk is spoken to by HTTPS only", code="bad_desk",
            remedy="Give an address that begins with https://; http:// is for a desk on this very computer.",
        )  # fmt: skip
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port is not None else "")


def _may_be_spoken_to(parts: SplitResult, host: str) -> bool:
    return parts.scheme == "https" or (parts.scheme == "http" and _is_here(host))


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _certificates(authorities: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(authorities) if authorities else None)
    except (OSError, ssl.SSLError):
        raise BadInput(
            f"{authorities} holds no certificates", code="bad_ca", remedy="Give --ca a PEM file with certificates."
        ) from None


def _away(trouble: httpx.HTTPError) -> ElementTrouble:
    cause: BaseException | None = trouble
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return ElementTrouble(
                "the desk's certificate is not to be trusted", permanent=True, code="desk_untrusted",
                remedy="Ask your administrator; do not go on.",
            )  # fmt: skip
        cause = cause.__cause__ or cause.__context__
    return ElementTrouble("the desk does not answer", permanent=False, code="desk_away", remedy="Check the network.")


def _document(answer: httpx.Response) -> Json:
    if answer.is_success:
        return _json(answer)
    raise _refusal(answer)


def _json(answer: httpx.Response) -> Json:
    try:
        found = answer.json() if answer.content else {}
    except ValueError:
        raise _garbled() from None
    if not isinstance(found, dict):
        raise _garbled()
    return found


def _refusal(answer: httpx.Response) -> LastcallError:
    status = answer.status_code
    if status == HTTPStatus.UNAUTHORIZED:
        return Refused("the desk has ended the pairing", code="reader_ended", remedy="Pair this computer again.")
    if status == HTTPStatus.NOT_FOUND:
        return NotFound("the desk knows no such thing, or no longer")
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ElementTrouble("the desk cannot answer now", permanent=False, code="desk_away")
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return Refused("what was on the card is too much for the desk", code="too_big")
    return _garbled() if answer.is_redirect else Refused("the desk refused", code="desk_refused")


def _garbled() -> ElementTrouble:
    return ElementTrouble(
        "what answers there is no desk of Lastcall", permanent=True, code="desk_garbled", remedy="Check --desk."
    )


def _read(found: Json, reading: Callable[[Json], T]) -> T:
    try:
        return reading(found)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _garbled() from None


def _pairing(found: Json) -> Pairing:
    return Pairing(shop=str(found["shop"])[:100], until=read_moment(found["until"]))
