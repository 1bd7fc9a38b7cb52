"""OsmoHLR, spoken to by its control interface and its VTY. Measured with version 1.5.0.

Orders that the serving VLR must hear of go by VTY, for the control interface changes the database and tells nobody.
Of the control interface's variables only ``info`` is read: ``info-aud`` and ``info-all`` would give away the Ki.
OsmoHLR's own row ids are used again after a deletion, so none is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property

from lastcall.core.errors import ElementTrouble
from lastcall.core.ports import HlrEntry
from lastcall.elements.network import Deadline

from . import trouble
from .ctrl import CtrlClient
from .digits import require_imsi, require_msisdn
from .vty import VtyClient
from .wire import Wire

_NO_SUCH = "No such subscriber."
_NO_SUBSCRIBER = "% No subscriber for imsi"
_EXISTS = "Subscriber already exists."
_FLAGS = {"0": False, "1": True}


class OsmoHlr:
    """The port :class:`~lastcall.core.ports.Hlr` on an OsmoHLR at ``host``.

    ``timeout``: seconds for a whole operation, however many questions it takes. Connections are opened for each
    operation and closed after it. Any method may raise :class:`~lastcall.core.errors.ElementTrouble`, temporary with
    code ``unreachable``, ``timeout``, ``garbled`` or ``not_done``, and :class:`~lastcall.core.errors.BadInput` for an
    IMSI or MSISDN that is none. A VLR that is not connected to the HLR at the moment of a barring is never told.
    """

    name = "osmo-hlr"

    def __init__(self, host: str, vty_port: int = 4258, ctrl_port: int = 4259, timeout: float = 5.0) -> None:
        self._host = host
        self._ports = {"VTY": vty_port, "CTRL": ctrl_port}
        self._timeout = timeout

    def look(self, imsi: str) -> HlrEntry | None:
        """The entry as the HLR holds it now, or None when it knows no such IMSI."""
        with self._session(imsi) as session:
            return session.look()

    def bar(self, imsi: str) -> None:
        """End service: the serving VLR gets DeleteSubscriberData once per domain that was on.

        Raises ``unknown_imsi`` (permanent).
        """
        with self._session(imsi) as session:
            if session.entry().in_service:
                session.set_access(granted=False)

    def grant(self, imsi: str) -> None:
        """Give circuit- and packet-switched service. Raises ``unknown_imsi`` (permanent)."""
        with self._session(imsi) as session:
            session.grant(session.entry())

    def take_number_off(self, imsi: str) -> None:
        """Remove the MSISDN. Raises ``still_in_service`` or ``unknown_imsi`` (permanent)."""
        with self._session(imsi) as session:
            entry = session.entry()
            if entry.in_service:
                raise trouble.still_in_service(imsi, "the number cannot be taken off")
            if entry.msisdn is not None:
                session.set_number(None)

    def provision(self, imsi: str, msisdn: str) -> None:
        """Create the entry if missing, set its number and grant service. Raises ``number_in_use`` (permanent)."""
        require_msisdn(msisdn)
        with self._session(imsi) as session:
            entry = session.look()
            if entry is None:
                session.create_with(msisdn)
            elif entry.msisdn != msisdn:
                session.set_number(msisdn)
            session.grant(entry or session.entry())

    def remove(self, imsi: str) -> None:
        """Delete the entry, of which no VLR is told. Raises ``still_in_service`` (permanent)."""
        with self._session(imsi) as session:
            entry = session.look()
            if entry is None:
                return
            if entry.in_service:
                raise trouble.still_in_service(imsi, "the entry cannot be deleted")
            session.delete()

    @contextmanager
    def _session(self, imsi: str) -> Iterator[_Session]:
        require_imsi(imsi)
        with ExitStack() as connections:
            deadline = Deadline(self._timeout)

            def connect(protocol: str) -> Wire:
                port = self._ports[protocol]
                where = f"OsmoHLR's {protocol} at {self._host}:{port}"
                return connections.enter_context(Wire(self._host, port, deadline, where=where))

            yield _Session(imsi, connect)


class _Session:
    """One operation on one IMSI: each of the two connections is opened when first needed."""

    def __init__(self, imsi: str, connect: Callable[[str], Wire]) -> None:
        self._imsi = imsi
        self._connect = connect

    @cached_property
    def _ctrl(self) -> CtrlClient:
        return CtrlClient(self._connect("CTRL"))

    @cached_property
    def _vty(self) -> VtyClient:
        return VtyClient(self._connect("VTY"))

    def look(self) -> HlrEntry | None:
        entry = self._find(f"by-imsi-{self._imsi}")
        if entry is not None and entry.imsi != self._imsi:
            raise trouble.garbled("OsmoHLR", "the entry is not the one asked for")
        return entry

    def entry(self) -> HlrEntry:
        entry = self.look()
        if entry is None:
            raise trouble.unknown_imsi(self._imsi)
        return entry

    def grant(self, entry: HlrEntry) -> None:
        if not (entry.circuit_switched and entry.packet_switched):
            self.set_access(granted=True)

    def set_access(self, *, granted: bool) -> None:
        words = self._update("network-access-mode", "cs+ps" if granted else "none")
        if words:
            raise trouble.not_done("OsmoHLR", words)
        after = self.entry()  # this command is silent when it succeeds, so its effect is looked at
        if (after.circuit_switched, after.packet_switched) != (granted, granted):
            raise trouble.not_done("OsmoHLR", "the network access mode has not changed")

    def set_number(self, msisdn: str | None) -> None:
        words = self._update("msisdn", msisdn or "none")
        if words.startswith("% Updated subscriber"):
            return
        if msisdn is not None and self._somebody_else_has(msisdn):
            raise trouble.number_in_use(msisdn)
        raise trouble.not_done("OsmoHLR", words)

    def create_with(self, msisdn: str) -> None:
        reply = self._ctrl.set("subscriber.create", self._imsi)
        if not reply.done and reply.text != _EXISTS:
            raise trouble.not_done("OsmoHLR", reply.text)
        try:
            self.set_number(msisdn)
        except ElementTrouble as failure:
            if failure.permanent and reply.done:
                self.delete()  # a fresh entry is in service: without its number it must not stay
            raise

    def delete(self) -> None:
        words = self._vty.command(f"subscriber imsi {self._imsi} delete")
        if not words.startswith(("% Deleted subscriber", _NO_SUBSCRIBER)):
            raise trouble.not_done("OsmoHLR", words)

    def _update(self, field: str, value: str) -> str:
        words = self._vty.command(f"subscriber imsi {self._imsi} update {field} {value}")
        if words.startswith(_NO_SUBSCRIBER):
            raise trouble.unknown_imsi(self._imsi)
        return words

    def _somebody_else_has(self, msisdn: str) -> bool:
        holder = self._find(f"by-msisdn-{msisdn}")
        return holder is not None and holder.imsi != self._imsi

    def _find(self, selector: str) -> HlrEntry | None:
        reply = self._ctrl.get(f"subscriber.{selector}.info")
        if not reply.done and reply.text == _NO_SUCH:
            return None
        if not reply.done:
            raise trouble.not_done("OsmoHLR", reply.text)
        return _read_info(reply.text)


def _read_info(text: str) -> HlrEntry:
    fields = dict(line.split("\t", 1) for line in text.splitlines() if "\t" in line)
    try:
        return HlrEntry(
            imsi=fields["imsi"],
            msisdn=fields.get("msisdn"),
            circuit_switched=_FLAGS[fields["nam_cs"]],
            packet_switched=_FLAGS[fields["nam_ps"]],
            serving_vlr=fields.get("vlr_number"),
        )
    except KeyError:
        raise trouble.garbled("OsmoHLR", "the entry lacks imsi, nam_cs or nam_ps, or they are not 0 or 1") from None
