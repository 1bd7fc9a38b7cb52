"""What the core asks of the elements outside. Elements implement these; the core imports no element.

Every order carries an idempotency ``key``: given twice with the same key, an element does the thing once. An element
that cannot do it raises :class:`~lastcall.core.errors.ElementTrouble`, which says permanent or temporary and never
holds a full number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class HlrEntry:
    """What the HLR says of one IMSI: its number (None when taken off) and whether it grants service."""

    imsi: str
    msisdn: str | None
    circuit_switched: bool
    packet_switched: bool
    serving_vlr: str | None = None

    @property
    def in_service(self) -> bool:
        return self.circuit_switched or self.packet_switched


class Hlr(Protocol):
    """The home location register (3GPP TS 23.002, 4.1.1.1), spoken to per IMSI; MSISDN in digits without ``+``."""

    name: str

    def look(self, imsi: str) -> HlrEntry | None:
        """The entry as the HLR holds it now, or None when it knows no such IMSI."""

    def bar(self, imsi: str) -> None:
        """End service so that the serving VLR is told. Barring a barred line does nothing."""

    def grant(self, imsi: str) -> None:
        """Give circuit- and packet-switched service."""

    def take_number_off(self, imsi: str) -> None:
        """Remove the MSISDN. Refused (permanent) while the line is in service."""

    def provision(self, imsi: str, msisdn: str) -> None:
        """Create the entry if missing, set its number and grant service. Refused when another IMSI has the number."""

    def remove(self, imsi: str) -> None:
        """Delete the entry. Refused (permanent) while the line is in service. Unknown IMSI: nothing to do."""


@dataclass(frozen=True, slots=True)
class Message:
    """One text to one contact. ``address``: E.164 with ``+`` for SMS, an address for mail."""

    key: str
    address: str
    subject: str
    text: str
    language: str


class Messenger(Protocol):
    """A way to reach a contact: SMS or mail."""

    name: str

    def send(self, message: Message) -> None:
        """Hand the message over. The same key twice is one message."""


@dataclass(frozen=True, slots=True)
class Account:
    """What billing holds for one line, in minor units (kopecks for RUB).

    ``balance``: what the subscriber has left (+) or owes for rendered services (-); ``refundable``: the part of a
    positive balance that is money (no bonus, promotional credit); ``as_of``: the moment of the reading;
    ``charging``: False once charging was stopped.
    """

    line_id: int
    currency: str
    balance: int
    refundable: int
    charging: bool
    as_of: datetime


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of a final bill: a code (``balance``, ``early_termination_fee`` …) and minor units, + for the holder."""

    code: str
    amount: int


@dataclass(frozen=True, slots=True)
class FinalBill:
    """The settlement of one line: refund - owed = sum of the lines' amounts less what is no money (bonus)."""

    line_id: int
    currency: str
    lines: tuple[BillLine, ...]
    refund: int
    owed: int


class Billing(Protocol):
    """The operator's billing, asked per line id."""

    name: str

    def open_account(self, line_id: int, currency: str) -> None:
        """Open an account for a new line in ``currency`` (ISO 4217). The same again does nothing."""

    def account(self, line_id: int) -> Account:
        """The account as it stands."""

    def stop_charging(self, line_id: int, *, at: datetime, key: str) -> None:
        """No charge may have a service time after ``at``; later ones are refused or reversed by billing."""

    def settle(self, bill: FinalBill, *, key: str) -> None:
        """Book the final bill: fees charged, the rest refundable, the account closed at what ``bill`` says."""

    def order_refund(self, line_id: int, *, amount: int, currency: str, target: str, key: str) -> None:
        """Pay ``amount`` (> 0) to ``target`` (a coded instrument of the holder). At most once per key and per line."""
