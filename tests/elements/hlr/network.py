"""The network around an HLR as the contract tests see it: phones that attach, and nodes that are told things."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from lastcall.core.ports import Hlr
from lastcall.elements.hlr.osmo_hlr import OsmoHlr
from lastcall.elements.hlr.simulated import Attached, Domain, SimulatedHlr

from .gsup_peer import Domain as GsupDomain
from .gsup_peer import GsupPeer, Kind
from .osmo import OsmoHlrProcess

NODE = "VLR-1"
_NOBODY = "999999999999999"


class Network(Protocol):
    """One HLR and one node, VLR and SGSN at once."""

    @property
    def hlr(self) -> Hlr:
        """The adapter under test, made anew by each restart."""

    def attach(self, imsi: str, *, domain: Domain = "cs") -> Attached:
        """A phone comes on the air."""

    def saw_deletion(self, imsi: str, timeout: float = 2.0) -> bool:
        """Whether the node was told, within ``timeout`` seconds, to delete ``imsi``."""

    def deletions(self, imsi: str) -> int:
        """How many times the node was told to delete ``imsi``, counting all orders given before."""

    def numbers_told(self, imsi: str) -> list[str | None]:
        """The MSISDN in each InsertData for ``imsi``, counting all orders given before."""

    def restart(self) -> None:
        """Stop HLR and adapter and start them again."""


class SimulatedNetwork:
    """A simulated HLR with its own model of the node."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.hlr = SimulatedHlr(path)

    def attach(self, imsi: str, *, domain: Domain = "cs") -> Attached:
        return self.hlr.attach(imsi, NODE, domain=domain)

    def saw_deletion(self, imsi: str, timeout: float = 2.0) -> bool:
        return self.deletions(imsi) > 0

    def deletions(self, imsi: str) -> int:
        return sum(one.imsi == imsi and one.message == "DELETE_DATA" for one in self.hlr.seen(NODE))

    def numbers_told(self, imsi: str) -> list[str | None]:
        return [one.msisdn for one in self.hlr.seen(NODE) if one.imsi == imsi and one.message == "INSERT_DATA"]

    def restart(self) -> None:
        self.hlr = SimulatedHlr(self._path)


class OsmoNetwork:
    """A running osmo-hlr with a GSUP peer as the node."""

    def __init__(self, process: OsmoHlrProcess) -> None:
        self._process = process
        self._peers: list[GsupPeer] = []
        self.address = process.address
        self.hlr = OsmoHlr(process.address)
        self.connect()

    def connect(self) -> None:
        """The node comes to the HLR."""
        self._peers.append(GsupPeer(NODE, self._process.address).open())

    def disconnect(self) -> None:
        """The node goes; what it heard is kept."""
        self._peers[-1].close()

    def attach(self, imsi: str, *, domain: Domain = "cs") -> Attached:
        answer = self._peers[-1].attach(imsi, domain=GsupDomain.CS if domain == "cs" else GsupDomain.PS)
        return Attached(answer.kind is Kind.UPDATE_LOCATION_RESULT, answer.cause)

    def saw_deletion(self, imsi: str, timeout: float = 2.0) -> bool:
        return self._peers[-1].wait(
            lambda heard: any(one.imsi == imsi and one.kind is Kind.DELETE_DATA_REQUEST for one in heard), timeout
        )

    def deletions(self, imsi: str) -> int:
        self._drain()
        return sum(len(peer.heard(imsi, Kind.DELETE_DATA_REQUEST)) for peer in self._peers)

    def numbers_told(self, imsi: str) -> list[str | None]:
        self._drain()
        return [one.msisdn or None for peer in self._peers for one in peer.heard(imsi, Kind.INSERT_DATA_REQUEST)]

    def restart(self) -> None:
        self.disconnect()
        self._process.restart()
        self.hlr = OsmoHlr(self._process.address)
        self.connect()

    def _drain(self) -> None:
        self.attach(_NOBODY)  # answered in turn, so whatever was sent for earlier orders has come before


@contextmanager
def osmo_network(process: OsmoHlrProcess) -> Iterator[OsmoNetwork]:
    """The network around ``process`` for one test; the process stays."""
    network = OsmoNetwork(process)
    try:
        yield network
    finally:
        network.disconnect()
