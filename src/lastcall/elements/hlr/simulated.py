"""An HLR for demos, rehearsals and tests, with the habits of OsmoHLR 1.5.0 and the VLRs it serves.

The habits were measured on the real one, the odd ones included: taking a number off tells the VLR the old number;
deleting an entry tells nobody; a location update elsewhere cancels nothing at the former VLR; row ids come back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lastcall.core.ports import HlrEntry

from . import trouble
from .digits import require_imsi, require_msisdn

Domain = Literal["cs", "ps"]

CAUSE_IMSI_UNKNOWN = 2
CAUSE_GPRS_NOT_ALLOWED = 7
CAUSE_PLMN_NOT_ALLOWED = 11

_SCHEMA_VERSION = 1
_SCHEMA = (
    """CREATE TABLE subscriber (
        id INTEGER PRIMARY KEY, imsi TEXT NOT NULL UNIQUE, msisdn TEXT UNIQUE,
        nam_cs INTEGER NOT NULL DEFAULT 1, nam_ps INTEGER NOT NULL DEFAULT 1, vlr TEXT, sgsn TEXT)""",
    """CREATE TABLE seen (
        place INTEGER PRIMARY KEY AUTOINCREMENT, node TEXT NOT NULL, message TEXT NOT NULL, imsi TEXT NOT NULL,
        msisdn TEXT, cause INTEGER)""",
    "CREATE INDEX seen_by_node ON seen (node, place)",
    f"PRAGMA user_version = {_SCHEMA_VERSION}",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One message at a VLR or SGSN. ``message``: its GSUP name; ``cause``: 3GPP TS 24.008, 10.5.5.14."""

    message: str
    imsi: str
    msisdn: str | None = None
    cause: int | None = None


@dataclass(frozen=True, slots=True)
class Attached:
    """The answer to a location update: accepted, or refused with a ``cause`` (3GPP TS 24.008, 10.5.5.14)."""

    accepted: bool
    cause: int | None = None


class SimulatedHlr:
    """The port :class:`~lastcall.core.ports.Hlr` on an SQLite file at ``path``, made when first used.

    Safe for several threads and processes. ``patience``: seconds to wait for another writer. Any method may raise
    :class:`~lastcall.core.errors.ElementTrouble` (temporary: ``unreachable`` or ``timeout``) and
    :class:`~lastcall.core.errors.BadInput` for an IMSI or MSISDN that is none.
    """

    name = "simulated"

    def __init__(self, path: Path, *, patience: float = 10.0) -> None:
        self._path = path
        self._patience = patience

    def look(self, imsi: str) -> HlrEntry | None:
        """The entry as the HLR holds it now, or None when it knows no such IMSI."""
        require_imsi(imsi)
        with self._connected() as connection:
            return _Rows(connection, imsi).look()

    def bar(self, imsi: str) -> None:
        """End service: the serving VLR sees DELETE_DATA once per domain that was on. Raises ``unknown_imsi``."""
        with self._writing(imsi) as rows:
            entry = rows.entry()
            rows.set_access(granted=False)
            for _ in range(entry.circuit_switched + entry.packet_switched):
                rows.tell("DELETE_DATA")

    def grant(self, imsi: str) -> None:
        """Give circuit- and packet-switched service, of which no VLR is told. Raises ``unknown_imsi``."""
        with self._writing(imsi) as rows:
            rows.entry()
            rows.set_access(granted=True)

    def take_number_off(self, imsi: str) -> None:
        """Remove the MSISDN. Raises ``still_in_service`` or ``unknown_imsi`` (permanent)."""
        with self._writing(imsi) as rows:
            entry = rows.entry()
            if entry.in_service:
                raise trouble.still_in_service(imsi, "the number cannot be taken off")
            if entry.msisdn is not None:
                rows.set_number(None)
                rows.tell_once("INSERT_DATA", entry.msisdn)  # the old number: so does OsmoHLR

    def provision(self, imsi: str, msisdn: str) -> None:
        """Create the entry if missing, set its number and grant service. Raises ``number_in_use`` (permanent)."""
        require_msisdn(msisdn)
        with self._writing(imsi) as rows:
            entry = rows.look() or rows.create()
            if entry.msisdn != msisdn:
                rows.set_number(msisdn)
                rows.tell_once("INSERT_DATA", msisdn)
            rows.set_access(granted=True)

    def remove(self, imsi: str) -> None:
        """Delete the entry, of which no VLR is told. Raises ``still_in_service`` (permanent)."""
        with self._writing(imsi) as rows:
            entry = rows.look()
            if entry is not None and entry.in_service:
                raise trouble.still_in_service(imsi, "the entry cannot be deleted")
            rows.delete()

    def attach(self, imsi: str, vlr: str, *, domain: Domain = "cs") -> Attached:
        """A phone comes on the air at ``vlr`` (with ``domain`` "ps": an SGSN): the location update's outcome."""
        with self._writing(imsi) as rows:
            cause = _refusal(rows.look(), domain)
            if cause is None:
                rows.serve_at(vlr, domain)
            rows.record(vlr, "UPDATE_LOCATION_RESULT" if cause is None else "UPDATE_LOCATION_ERROR", cause=cause)
            return Attached(cause is None, cause)

    def seen(self, vlr: str) -> tuple[Seen, ...]:
        """All that was ever said to ``vlr``, oldest first. Nothing is ever taken from this list."""
        with self._connected() as connection:
            rows = connection.execute(
                "SELECT message, imsi, msisdn, cause FROM seen WHERE node = ? ORDER BY place", (vlr,)
            )
            return tuple(Seen(*row) for row in rows)

    @contextmanager
    def _writing(self, imsi: str) -> Iterator[_Rows]:
        require_imsi(imsi)
        with self._connected() as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            yield _Rows(connection, imsi)

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        where = f"The simulated HLR in {self._path.name}"
        try:
            with closing(sqlite3.connect(self._path, timeout=self._patience, isolation_level=None)) as connection:
                _prepare(connection)
                yield connection
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:  # the low octet of extended codes
                raise trouble.timed_out(where) from error
            raise trouble.unreachable(where, str(error)) from error


class _Rows:
    """One IMSI's row and what its serving nodes are told, inside one transaction."""

    def __init__(self, connection: sqlite3.Connection, imsi: str) -> None:
        self._connection = connection
        self._imsi = imsi

    def look(self) -> HlrEntry | None:
        row = self._run("SELECT msisdn, nam_cs, nam_ps, vlr FROM subscriber WHERE imsi = :imsi").fetchone()
        return HlrEntry(self._imsi, row[0], bool(row[1]), bool(row[2]), row[3]) if row else None

    def entry(self) -> HlrEntry:
        entry = self.look()
        if entry is None:
            raise trouble.unknown_imsi(self._imsi)
        return entry

    def create(self) -> HlrEntry:
        self._run("INSERT INTO subscriber (imsi) VALUES (:imsi)")
        return self.entry()

    def delete(self) -> None:
        self._run("DELETE FROM subscriber WHERE imsi = :imsi")

    def set_access(self, *, granted: bool) -> None:
        self._run("UPDATE subscriber SET nam_cs = :granted, nam_ps = :granted WHERE imsi = :imsi", granted=granted)

    def set_number(self, msisdn: str | None) -> None:
        try:
            self._run("UPDATE subscriber SET msisdn = :msisdn WHERE imsi = :imsi", msisdn=msisdn)
        except sqlite3.IntegrityError:
            raise trouble.number_in_use(msisdn or "") from None

    def serve_at(self, node: str, domain: Domain) -> None:
        column = {"cs": "vlr", "ps": "sgsn"}[domain]
        self._run(f"UPDATE subscriber SET {column} = :node WHERE imsi = :imsi", node=node)
        self.record(node, "INSERT_DATA", msisdn=self.entry().msisdn)

    def tell(self, message: str) -> None:
        """Say ``message`` to the VLR and to the SGSN; a node that is both hears it twice."""
        for node in self._nodes():
            self.record(node, message)

    def tell_once(self, message: str, msisdn: str) -> None:
        """Say ``message`` once to each node that serves the IMSI."""
        for node in dict.fromkeys(self._nodes()):
            self.record(node, message, msisdn=msisdn)

    def record(self, node: str, message: str, *, msisdn: str | None = None, cause: int | None = None) -> None:
        self._run(
            "INSERT INTO seen (node, message, imsi, msisdn, cause) VALUES (:node, :message, :imsi, :msisdn, :cause)",
            node=node,
            message=message,
            msisdn=msisdn,
            cause=cause,
        )

    def _nodes(self) -> list[str]:
        row = self._run("SELECT vlr, sgsn FROM subscriber WHERE imsi = :imsi").fetchone()
        return [node for node in row if node is not None]

    def _run(self, statement: str, **values: str | int | None) -> sqlite3.Cursor:
        return self._connection.execute(statement, {"imsi": self._imsi, **values})


def _refusal(entry: HlrEntry | None, domain: Domain) -> int | None:
    if entry is None:
        return CAUSE_IMSI_UNKNOWN
    if domain == "cs":
        return None if entry.circuit_switched else CAUSE_PLMN_NOT_ALLOWED
    return None if entry.packet_switched else CAUSE_GPRS_NOT_ALLOWED


def _prepare(connection: sqlite3.Connection) -> None:
    """Make the tables unless they are there; when two processes come first at once, one makes them."""
    if _version(connection) == _SCHEMA_VERSION:
        return
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        if _version(connection) != _SCHEMA_VERSION:
            for statement in _SCHEMA:
                connection.execute(statement)


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version
