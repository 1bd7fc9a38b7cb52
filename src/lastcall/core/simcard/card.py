"""What is on a SIM or USIM, as read: lists of numbers and messages, without knowing how a card is spoken to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Final

from lastcall.core.simcard.pin import PinState

KINDS: Final = ("SIM", "USIM")
LISTS: Final = ("phone_book", "own_numbers", "fixed_dialling", "service_numbers", "last_dialled")
"""EF_ADN (and the phone book under EF_PBR), EF_MSISDN, EF_FDN, EF_SDN, EF_LND (3GPP TS 51.011, 10.5; TS 31.102, 4.4.2)."""
RECEIVED_CALLS: Final = "received_calls"
"""How a :class:`Room` calls EF_ICI (3GPP TS 31.102, 4.2.33)."""
STATUSES: Final = ("read", "unread", "sent", "to_be_sent", "deleted")
"""Of a message (3GPP TS 51.011, 10.5.3). ``deleted``: its place is free, and its text still lies there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a list of numbers.

    ``list``: one of :data:`LISTS`; ``file``: where it lies, as ``7F10/6F3A``; ``record``: from 1. ``numbers``: as dialled, with
    ``+`` where the card says international, and ``* # p`` (pause) ``?`` (any digit) as they stand; the first is the main one.
    ``labels``: what the card calls each of them (EF_AAS, as ``Work``), empty where it has no word for it; none at all where it
    has none for any. ``second_name`` and ``mails``: of a USIM's phone book. ``application``: which of the card's has the line,
    where there are several USIMs on it; empty for what they share. ``damaged``: what of the record could not be read, in plain
    English words without anything from the record; empty when all could.
    """

    list: str
    file: str
    record: int
    name: str
    numbers: tuple[str, ...] = ()
    second_name: str = ""
    mails: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    damaged: str = ""
    labels: tuple[str, ...] = ()
    application: str = ""

    def labelled(self) -> tuple[tuple[str, str], ...]:
        """Each of the numbers with its label, or with nothing."""
        return tuple(zip_longest(self.numbers, self.labels[: len(self.numbers)], fillvalue=""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One text message, joined from its parts.

    ``records``: where its parts lie, in their order; ``sent``: by this card, else received. ``party``: whose number (with ``+``)
    or name stands on it, ``named``: it is a name that the other side chose, and no number, whatever it looks like
    (type of number 5, TS 23.040, 9.1.2.5).
    ``centre``: the SMSC's number. ``at``: the SMSC's time with its offset; None where the card keeps none
    (a message that was sent). ``text``: empty where ``data`` (8-bit) is not. ``parts``: of how many it consists;
    ``missing``: which of them are not on the card. ``damaged`` and ``application``: as in :class:`Entry`.
    """

    records: tuple[int, ...]
    status: str
    sent: bool
    party: str
    centre: str = ""
    at: datetime | None = None
    text: str = ""
    data: bytes = b""
    parts: int = 1
    missing: tuple[int, ...] = ()
    damaged: str = ""
    application: str = ""
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call, received (EF_ICI) or made (EF_OCI; 3GPP TS 31.102, 4.2.33 and 4.2.34).

    ``file`` and ``record``: as in :class:`Entry`, 1 the latest. ``number``: empty where it was withheld. ``at``: by the
    telephone's clock, with its offset; without one where the card does not hold it; None where it holds no time.
    ``seconds``: how long it lasted, None where unknown; ``answered``: None of a call that was made, and where the card does not
    say it, or says two things. ``application`` and ``damaged``: as in :class:`Entry`.
    """

    file: str
    record: int
    received: bool
    name: str
    number: str
    at: datetime | None = None
    seconds: int | None = None
    answered: bool | None = None
    application: str = ""
    damaged: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An application that EF_DIR names (ETSI TS 102.221, 13.1).

    ``aid``: its identifier in hexadecimal digits; ``kind``: ``USIM``, ``ISIM``, ``CSIM``, or empty; ``label``: what the card
    calls it. ``imsi``: of a USIM; ``private_identity`` and ``public_identities``: of an ISIM, the IMPI and the IMPUs
    (3GPP TS 31.103, 4.2.2 and 4.2.4); each empty where it cannot be read.
    """

    aid: str
    kind: str = ""
    label: str = ""
    imsi: str = ""
    private_identity: str = ""
    public_identities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """``used`` of ``total`` records of the list or file ``of``: one of :data:`LISTS`, ``messages``, or ``received_calls``."""

    of: str
    used: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card as read at one moment.

    ``kind``: one of :data:`KINDS`; ``atr``: its answer to reset (ISO/IEC 7816-3), in hexadecimal digits; ``iccid`` and ``imsi``:
    digits (and letters A to F in some machines' ICCID), empty where they cannot be read; ``provider``: the name in EF_SPN.
    ``entries``: by list and record; ``messages``: by their time, those without one last; ``calls``: received before made, the
    latest first. ``applications``: as the card names them. ``notes``: what could not be read and why, in plain English words.
    """

    kind: str
    atr: str
    iccid: str
    imsi: str
    provider: str
    pin: PinState
    entries: tuple[Entry, ...] = ()
    messages: tuple[Message, ...] = ()
    rooms: tuple[Room, ...] = ()
    notes: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    applications: tuple[Application, ...] = ()

    def of(self, name: str) -> tuple[Entry, ...]:
        """The entries of one list (one of :data:`LISTS`)."""
        return tuple(entry for entry in self.entries if entry.list == name)
