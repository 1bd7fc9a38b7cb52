"""What the core asks of the elements outside. Elements implement these; the core imports no element.

Every order carries an idempotency ``key``: given twice with the same key, an element does the thing once. An element
that cannot do it raises :class:`~lastcall.core.errors.ElementTrouble`, which says permanent or temporary and never
holds a full number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from lastcall.core.closing.letters import Letter
    from lastcall.core.simcard.card import Card
    from lastcall.core.simcard.pin import PinState


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
class Attachment:
    """A file that goes with a mail. ``media_type``: ``application/pdf``, say; SMS leaves it out."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """One text to one contact. ``address``: E.164 with ``+`` for SMS, an address for mail.

    ``sender``: the number that an SMS comes from, so that it can be answered; empty for the installation's own sender.
    """

    key: str
    address: str
    subject: str
    text: str
    language: str
    attachments: tuple[Attachment, ...] = ()
    sender: str = ""


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

    def take_payment(self, line_id: int, *, amount: int, currency: str, key: str) -> None:
        """Book ``amount`` (> 0) that the holder paid in: debts first, the rest is their money; after the final bill no more than
        is owed (``more_than_owed``). At most once per key."""

    def stop_charging(self, line_id: int, *, at: datetime, key: str) -> None:
        """No charge may have a service time after ``at``; later ones are refused or reversed by billing."""

    def settle(self, bill: FinalBill, *, key: str) -> None:
        """Book the final bill: fees charged, the rest refundable, the account closed at what ``bill`` says."""

    def order_refund(self, line_id: int, *, amount: int, currency: str, target: str, key: str) -> None:
        """Pay ``amount`` (> 0) to ``target`` (a coded instrument of the holder). At most once per key and per line."""


class Printer(Protocol):
    """Letters as PDF."""

    name: str

    def make(self, letter: Letter) -> bytes:
        """The letter as one PDF file. Raises :class:`~lastcall.core.errors.ElementTrouble` (``printer_failed``)."""

    def bind(self, letters: Sequence[Letter]) -> bytes:
        """Several letters as one PDF file, each on pages of its own. Raises as :meth:`make`."""


@dataclass(frozen=True, slots=True)
class PassportPage:
    """What the machine-readable zone of a document says (ICAO 9303), and whether it can be trusted.

    ``sure``: the zone was found whole and every check digit of it holds without any repair that guesses. ``kind``:
    ``foreign_passport`` for a TD3 passport, else empty; ``issuer``: ISO 3166 alpha-2, empty when unknown; ``number`` without
    fillers; ``surname`` and ``given_names`` as the zone spells them, words parted by one space; a date that cannot be read is
    None. Whatever is doubtful leaves ``sure`` False, and then no other field is to be relied on.
    """

    sure: bool
    kind: str = ""
    issuer: str = ""
    number: str = ""
    surname: str = ""
    given_names: str = ""
    born: date | None = None
    expires: date | None = None


class PhotoReader(Protocol):
    """Photos of a document's page: made harmless when they come in, read by the worker afterwards."""

    name: str

    def clean(self, upload: bytes) -> bytes:
        """A JPEG made anew from the picture's dots alone: no position, no metadata, nothing hidden; longest side at most 3000.

        Raises :class:`~lastcall.core.errors.BadInput` with one of the codes ``photo_missing``, ``photo_empty``, ``photo_too_big``,
        ``photo_wrong_type``, ``photo_broken``, ``photo_animated``, ``photo_too_many_dots``, ``photo_too_small``, ``photo_locked``.
        """

    def read(self, photo: bytes) -> PassportPage:
        """What the page in a cleaned photo says. Never raises for what it shows: an unreadable page is not ``sure``."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a receiver answered: the HTTP status, and the headers by their names in lower case."""

    status: int
    headers: Mapping[str, str]


class Webhooks(Protocol):
    """A way to addresses on the net that others have given us, and that may lead anywhere.

    Only public addresses are spoken to, by HTTPS, without following redirects, each request bounded in time and size. Raises
    :class:`~lastcall.core.errors.ElementTrouble`: permanent ``bad_address`` (no public address, or no HTTPS), else temporary:
    ``unreachable``, ``timeout``, ``redirected``, ``untrusted``, ``garbled``. Of an answer's body nothing is read.
    """

    name: str

    def check(self, url: str) -> None:
        """Whether the address could be spoken to at all, without doing so. Raises
        :class:`~lastcall.core.errors.BadInput` (``bad_address``)."""

    def send(self, method: str, *, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """One request and its answer, whatever the status, but no redirect."""

    def post(self, *, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """POST ``body``; the HTTP status of the answer."""


@dataclass(frozen=True, slots=True)
class ReaderName:
    """A card reader: ``number`` from 1, as people choose it; ``name``: as its maker calls it; ``card``: whether one is in it."""

    number: int
    name: str
    card: bool


class SimCard(Protocol):
    """One card in one reader, opened for one person. Every method may raise
    :class:`~lastcall.core.errors.ElementTrouble`: temporary ``card_removed``, ``reader_gone``, permanent ``card_failed``.

    No PIN or PUK stands in an error or a trace. Acts on the PIN raise :class:`~lastcall.core.errors.Refused`: ``wrong_pin`` or
    ``wrong_puk`` (the state then says how many tries are left), ``pin_blocked``, ``puk_blocked``, ``pin_is_off`` (it does not ask
    for one), ``pin_is_on``, ``pin_fixed`` (this card lets nobody switch it off). None of them counts tries for the person: call
    :func:`~lastcall.core.simcard.pin.refuse_last_try` before.
    """

    kind: str
    """``SIM`` (3GPP TS 51.011) or ``USIM`` (TS 31.102)."""
    atr: str
    """In hexadecimal digits."""

    def iccid(self) -> str:
        """The card's number in digits, readable without a PIN; empty where the card has none."""

    def pin(self) -> PinState:
        """How the PIN stands, without costing a try."""

    def verify(self, pin: str) -> None:
        """Open what the PIN closes, until the card is reset."""

    def disable(self, pin: str) -> None:
        """Take the PIN off."""

    def enable(self, pin: str) -> None:
        """Put the PIN on."""

    def change(self, pin: str, new: str) -> None:
        """Set another PIN; it must be on."""

    def unblock(self, puk: str, new: str) -> None:
        """Set a new PIN with the PUK."""

    def read(self, *, deleted: bool = False, progress: Callable[[int, int], None] | None = None) -> Card:
        """All that is on the card, reading alone. ``deleted``: also messages whose place is free; ``progress``: called with
        (records read, records in all). What the PIN still closes is said in the notes."""

    def close(self) -> None:
        """Let the card go; what the PIN opened is closed again."""


class SimReaders(Protocol):
    """The card readers of this computer."""

    name: str

    def names(self) -> tuple[ReaderName, ...]:
        """All readers. Raises :class:`~lastcall.core.errors.ElementTrouble`: permanent ``no_card_service`` (the program that
        looks after readers is not there), ``no_reader_library``."""

    def open(self, number: int | None = None) -> SimCard:
        """The card in reader ``number``; without one, in the only reader that has a card.

        Raises :class:`~lastcall.core.errors.NotFound` (``no_reader``), :class:`~lastcall.core.errors.BadInput`
        (``which_reader``: several have a card), :class:`~lastcall.core.errors.ElementTrouble`: ``no_card``, ``card_mute``,
        ``not_a_sim``, ``reader_busy``.
        """
