"""Real card readers, through PC/SC: pcscd on Linux, what the system brings on Windows and macOS (pyscard speaks to either)."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from lastcall.core.errors import ElementTrouble
from lastcall.core.ports import ReaderName
from lastcall.elements.simcard import link as troubles

_POLL_MS: Final = 1500
"""How long to wait for the service to notice that a card which stopped answering is not there any more."""
_INTERRUPTED: Final = (
    "SCARD_E_NOT_TRANSACTED",
    "SCARD_F_COMM_ERROR",
    "SCARD_W_UNPOWERED_CARD",
    "SCARD_F_INTERNAL_ERROR",
)
_REMOVED: Final = ("SCARD_W_REMOVED_CARD", "SCARD_E_NO_SMARTCARD")
_GONE: Final = ("SCARD_E_READER_UNAVAILABLE", "SCARD_E_UNKNOWN_READER", "SCARD_E_INVALID_HANDLE")
_NO_SERVICE: Final = ("SCARD_E_NO_SERVICE", "SCARD_E_SERVICE_STOPPED", "SCARD_F_COMM_ERROR")
_DENIED: Final = ("SCARD_W_SECURITY_VIOLATION", "SCARD_E_NO_ACCESS")
_BUSY: Final = ("SCARD_E_SHARING_VIOLATION", "SCARD_W_RESET_CARD")


def no_reader_library() -> ElementTrouble:
    """pyscard is not installed."""
    return ElementTrouble(
        "The library for card readers (pyscard) is not installed.",
        permanent=True,
        code="no_reader_library",
        remedy="Install it: 'make reader' in a checkout, else pip install 'lastcall[reader]' (on Debian it needs swig, "
        "gcc and libpcsclite-dev).",
    )


def no_card_service() -> ElementTrouble:
    """The program that looks after card readers does not run."""
    return ElementTrouble(
        "The service for card readers does not run on this computer.",
        permanent=True,
        code="no_card_service",
        remedy="On Debian: apt-get install pcscd, then systemctl start pcscd.",
    )


def no_access() -> ElementTrouble:
    """The service runs, and does not serve this user (pcsc-lite asks polkit)."""
    return ElementTrouble(
        "The service for card readers does not let this user in.",
        permanent=True,
        code="no_card_service",
        remedy="Work at the computer itself instead of over the network, or allow the user in polkit: "
        "org.debian.pcsc-lite.access_pcsc and access_card.",
    )


class PcscLinks:
    """:class:`~lastcall.elements.simcard.link.Links` on all readers of this computer. Nothing is opened until it is asked."""

    name = "pcsc"

    def names(self) -> tuple[ReaderName, ...]:
        """Raises :class:`~lastcall.core.errors.ElementTrouble`: permanent ``no_reader_library``, ``no_card_service``."""
        with _opened() as pcsc:
            states = pcsc.states()
        return tuple(ReaderName(number, name, present) for number, (name, present) in enumerate(states, start=1))

    def link(self, number: int) -> PcscLink:
        """Raises as :meth:`names`, and ``NotFound`` (``no_reader``)."""
        names = self.names()
        if not 1 <= number <= len(names):
            raise troubles.no_reader(number)
        return PcscLink(names[number - 1].name)


class PcscLink:
    """:class:`~lastcall.elements.simcard.link.Link` to the reader called ``name``; nobody else may use it from connect to
    disconnect."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._pcsc: _Pcsc | None = None
        self._card: Any = None
        self._protocol: Any = None

    def connect(self) -> bytes:
        self.disconnect()
        self._pcsc = _Pcsc()
        try:
            return self._connect(self._pcsc)
        except BaseException:
            self.disconnect()
            raise

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        pcsc = self._require()
        code, answer = pcsc.api.SCardTransmit(self._card, self._protocol, list(apdu))
        if code != pcsc.api.SCARD_S_SUCCESS:
            raise self._trouble(pcsc, code)
        if len(answer) < 2:
            raise self._silence(pcsc)
        raw = bytes(byte & 0xFF for byte in answer)
        return raw[:-2], int.from_bytes(raw[-2:], "big")

    def reset(self) -> bytes:
        pcsc = self._require()
        api = pcsc.api
        both = api.SCARD_PROTOCOL_T0 | api.SCARD_PROTOCOL_T1
        code, protocol = api.SCardReconnect(self._card, api.SCARD_SHARE_EXCLUSIVE, both, api.SCARD_RESET_CARD)
        if code != api.SCARD_S_SUCCESS:
            raise self._trouble(pcsc, code)
        return self._answer_to_reset(pcsc, protocol)

    def disconnect(self) -> None:
        pcsc, card = self._pcsc, self._card
        self._pcsc = self._card = None
        if pcsc is not None:
            if card is not None:
                pcsc.api.SCardDisconnect(card, pcsc.api.SCARD_UNPOWER_CARD)
            pcsc.close()

    def _connect(self, pcsc: _Pcsc) -> bytes:
        api = pcsc.api
        both = api.SCARD_PROTOCOL_T0 | api.SCARD_PROTOCOL_T1
        code, card, protocol = api.SCardConnect(pcsc.context, self.name, api.SCARD_SHARE_EXCLUSIVE, both)
        if code != api.SCARD_S_SUCCESS:
            raise self._trouble(pcsc, code, connecting=True)
        self._card = card
        return self._answer_to_reset(pcsc, protocol)

    def _answer_to_reset(self, pcsc: _Pcsc, protocol: int) -> bytes:
        api = pcsc.api
        self._protocol = api.SCARD_PCI_T1 if protocol == api.SCARD_PROTOCOL_T1 else api.SCARD_PCI_T0
        code, _, _, _, atr = api.SCardStatus(self._card)
        if code != api.SCARD_S_SUCCESS:
            raise self._trouble(pcsc, code)
        if not atr:
            raise troubles.card_mute(self.name)
        return bytes(byte & 0xFF for byte in atr)

    def _require(self) -> _Pcsc:
        if self._pcsc is None or self._card is None:
            raise troubles.card_removed(self.name)
        return self._pcsc

    def _trouble(self, pcsc: _Pcsc, code: int, *, connecting: bool = False) -> ElementTrouble:
        if pcsc.is_one(code, _REMOVED):
            return troubles.no_card(self.name) if connecting else troubles.card_removed(self.name)
        if pcsc.is_one(code, _DENIED):
            return no_access()
        if pcsc.is_one(code, _BUSY):
            return troubles.reader_busy(self.name)
        if pcsc.is_one(code, _GONE + _NO_SERVICE) and not pcsc.is_one(code, _INTERRUPTED):
            return troubles.reader_gone(self.name)
        return troubles.card_mute(self.name) if connecting else self._silence(pcsc)

    def _silence(self, pcsc: _Pcsc) -> ElementTrouble:
        """Whether a card that does not answer is still there: the service itself looks only a few times a second."""
        present = pcsc.still_present(self.name)
        if present is None:
            return troubles.reader_gone(self.name)
        return troubles.card_mute(self.name) if present else troubles.card_removed(self.name)


class _Pcsc:
    """One context of the PC/SC resource manager. Raises ``no_reader_library`` and ``no_card_service``."""

    def __init__(self) -> None:
        try:
            self.api: Any = importlib.import_module("smartcard.scard")
        except ImportError:
            raise no_reader_library() from None
        code, self.context = self.api.SCardEstablishContext(self.api.SCARD_SCOPE_USER)
        if code != self.api.SCARD_S_SUCCESS:
            raise no_access() if self.is_one(code, _DENIED) else no_card_service()

    def close(self) -> None:
        self.api.SCardReleaseContext(self.context)

    def states(self) -> list[tuple[str, bool]]:
        """The readers in the service's order, and whether a card is in each."""
        code, names = self.api.SCardListReaders(self.context, [])
        if self.is_one(code, ("SCARD_E_NO_READERS_AVAILABLE",)):
            return []
        if code != self.api.SCARD_S_SUCCESS:
            raise no_card_service()
        return [(name, bool(self._look(name))) for name in names]

    def still_present(self, name: str) -> bool | None:
        """Whether the card stays in reader ``name`` while we wait a little; None when there is no such reader any more."""
        state = self._state(name, self.api.SCARD_STATE_UNAWARE, 0)
        if state is not None and state & self.api.SCARD_STATE_PRESENT:
            state = self._state(name, state & ~self.api.SCARD_STATE_CHANGED, _POLL_MS)
        return None if state is None else bool(state & self.api.SCARD_STATE_PRESENT)

    def is_one(self, code: int, names: tuple[str, ...]) -> bool:
        """Whether ``code`` is one of the PC/SC errors called so; not every platform has all."""
        return any(code == getattr(self.api, name, None) for name in names)

    def _look(self, name: str) -> bool | None:
        state = self._state(name, self.api.SCARD_STATE_UNAWARE, 0)
        return None if state is None else bool(state & self.api.SCARD_STATE_PRESENT)

    def _state(self, name: str, known: int, wait: int) -> int | None:
        api = self.api
        code, states = api.SCardGetStatusChange(self.context, wait, [(name, known)])
        if code == api.SCARD_E_TIMEOUT:
            return known
        if code != api.SCARD_S_SUCCESS or not states:
            return None
        state: int = states[0][1]
        return None if state & (api.SCARD_STATE_UNKNOWN | api.SCARD_STATE_UNAVAILABLE) else state


@contextmanager
def _opened() -> Iterator[_Pcsc]:
    pcsc = _Pcsc()
    try:
        yield pcsc
    finally:
        pcsc.close()
