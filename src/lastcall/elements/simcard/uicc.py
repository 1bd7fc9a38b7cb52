"""A USIM on a UICC, spoken to in class 00 (ETSI TS 102.221, 10 and 11; 3GPP TS 31.102)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from lastcall.core.simcard.pin import PinState

from . import status
from .applications import OURS, kind_of
from .channel import UNBLOCK, VERIFY, Answer, Channel, TooManyCommands
from .coding import alpha
from .coding.tlv import tlv
from .files import DIR, MASTER_PATH, MOST_APPLICATIONS, USIM, USIM_AID, Named, further, usim_layout
from .found import Found, Key, read_fcp
from .iccid import read_iccid
from .linear import RecordReader
from .link import Link
from .progress import Progress
from .status import Meaning
from .tree import Tree, Unreadable

_CLASS: Final = 0x00
_GIVE_FCP: Final = 0x04
_UNIVERSAL: Final = 0x11
_APPLICATIONS: Final = range(0x01, 0x09)
_FIRST: Final = 0x01
_PIN_IS_OFF: Final = 0x6984
"""To VERIFY (11.1.9); all that a card says of it whose FCP has no PIN status."""
_MOST_COMMANDS: Final = 300
"""To find the USIM; a card has a few applications."""
_TEMPLATE, _AID, _LABEL = 0x61, 0x4F, 0x50


class Uicc:
    """Implements :class:`~.speech.Speech`. The PIN is the one that the card asks for to open the USIM: its application's own,
    or the universal PIN where that stands in for it (9.4, 9.5.1)."""

    kind = "USIM"

    def __init__(self, link: Link) -> None:
        self.channel = Channel(link, _CLASS)
        self.tree = Tree(self.channel, read_fcp, p2=_GIVE_FCP)
        self.layout = usim_layout()
        self._iccid = ""
        self._key = Key(reference=_FIRST, enabled=None)
        self._known: dict[int, int] = {}

    @classmethod
    def greet(cls, link: Link) -> Uicc | None:
        """The USIM behind the link, selected; None where there is none."""
        uicc = cls(link)
        try:
            with uicc.channel.bounded(_MOST_COMMANDS):
                uicc.tree.restart(MASTER_PATH)
                uicc._iccid = read_iccid(uicc.tree)
                uicc._learn(uicc._select_usim())
        except (Unreadable, TooManyCommands):
            return None
        return uicc

    def iccid(self) -> str:
        return self._iccid

    def pin(self) -> PinState:
        """As the USIM's FCP tells it, and commands without data that cost no try (11.1.9, 11.1.13)."""
        try:
            self._learn(self.tree.restart((USIM,)))
        except Unreadable:
            self._key = Key(reference=self._key.reference, enabled=None)
        asked = self.channel.send(VERIFY, 0x00, self._key.reference)
        off = self._key.enabled is None and asked.sw == _PIN_IS_OFF
        return PinState(
            enabled=False if off else self._key.enabled,
            tries=self._left(VERIFY, asked),
            puk_tries=self._left(UNBLOCK, self.channel.send(UNBLOCK, 0x00, self._key.reference)),
        )

    def act(self, ins: int, data: bytes) -> Answer:
        with self.channel.acting():
            return self.channel.send(ins, 0x00, self._key.reference, data)

    def _left(self, ins: int, answer: Answer) -> int | None:
        left = 0 if answer.meaning is Meaning.BLOCKED else status.tries_in(answer.sw)
        if left is not None:
            self._known[ins] = left
        # Once it is verified, some cards answer 9000 instead of counting: at least as many are left as before.
        return self._known.get(ins) if answer.done else left

    def _learn(self, found: Found) -> None:
        self._key = _asked_for(found.keys)

    def _select_usim(self) -> Found:
        """By the identifier in EF_DIR; where that does not help, by the beginning that all USIMs have in common."""
        listed = self._listed()
        for aid in (*(aid for aid in listed if aid.startswith(USIM_AID)), USIM_AID):
            try:
                found = self.tree.select_application(aid)
            except Unreadable as why:
                last = why
                continue
            self.layout = usim_layout(tuple(self._named(listed, first=aid)))
            return found
        raise last

    def _named(self, listed: dict[bytes, str], *, first: bytes) -> Iterator[Named]:
        """The applications of EF_DIR, of which the one that was selected ``first`` has 7FFF."""
        for place, (aid, label) in enumerate(islice(listed.items(), MOST_APPLICATIONS), start=1):
            kind = kind_of(aid)
            directory = USIM if aid == first else further(place) if kind in OURS else 0
            if directory and aid != first:
                self.tree.name_application(directory, aid)
            yield Named(aid=aid, kind=kind, label=label, directory=directory)

    def _listed(self) -> dict[bytes, str]:
        """Identifier -> label, in the order of EF_DIR (13.1)."""
        try:
            records = RecordReader(self.tree, self.tree.open(DIR), Progress(None)).read()
        except Unreadable:
            return {}
        found: dict[bytes, str] = {}
        for raw in records.raw.values():
            template = dict(tlv(next((value for tag, value in tlv(raw) if tag == _TEMPLATE), b"")))
            if aid := template.get(_AID, b""):
                found.setdefault(aid, alpha.decode(template.get(_LABEL, b"")).text.strip())
        return found


def _asked_for(keys: tuple[Key, ...]) -> Key:
    """The first PIN that is on; where none is, the one to switch on."""
    own = [key for key in keys if key.reference in _APPLICATIONS]
    universal = [key for key in keys if key.reference == _UNIVERSAL and (key.used or not own)]
    on = [key for key in (*own, *universal) if key.enabled]
    return next(iter((*on, *own, *universal)), Key(reference=_FIRST, enabled=None))
