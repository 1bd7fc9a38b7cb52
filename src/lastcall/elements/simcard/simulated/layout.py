"""Which files a SIM and a USIM have, filled with what a deck wants on them (3GPP TS 51.011, 10; TS 31.102, 4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from . import written
from .files import CURRENT_ADF, FIXED, MF, OWN, PUBLIC, SECOND, Access, File, Folder
from .headers import RULES, RULES_FILE, rule_record, tlv
from .written import Line, Rung, Text

AID: Final = bytes.fromhex("A0000000871002FFFFFFFF8903020000")
"""Of a USIM (ETSI TS 101.220, annex E)."""
ISIM_AID: Final = bytes.fromhex("A0000000871004FFFFFFFF8903020000")
SECOND_AID: Final = bytes.fromhex("A0000000871002FFFFFFFF8907090000")
CSIM_AID: Final = bytes.fromhex("A0000003431002FFFFFFFF8903020000")
_ISIM, _SECOND = 0x7FF1, 0x7FF2
_DIALLED, _CALLS = 10, 5
_OWN_PUBLIC: Final = Access(read="always", update="pin")
_SST: Final = (1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 17, 18, 19)
_UST: Final = (1, 2, 3, 4, 5, 8, 9, 10, 12, 19, 21)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What is to stand on a card. ``places`` are how many records a list has; ``room``: bytes for a name."""

    iccid: str
    imsi: str
    provider: str
    own: Sequence[Line] = ()
    phone_book: Sequence[Line] = ()
    fixed: Sequence[Line] = ()
    service: Sequence[Line] = ()
    dialled: Sequence[Line] = ()
    received: Sequence[Rung] = ()
    made: Sequence[Rung] = ()
    """What EF_OCI of a USIM holds instead of ``dialled`` without a time."""
    texts: Sequence[Text] = ()
    centre: str = "+79430000001"
    places: int = 250
    text_places: int = 30
    room: int = 18
    extensions: int = 10
    loose_texts: Sequence[bytes] = ()
    """Records of EF_SMS as they stand, behind those of ``texts``."""
    loose_book: Sequence[bytes] = ()
    """Records of EF_ADN as they stand, behind those of ``phone_book``."""
    loose_extensions: Sequence[bytes] = ()
    """The last records of EF_EXT1 as they stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Second:
    """Another USIM on the same card, with a phone book of its own. ``labels``: what EF_DIR calls the first and the second."""

    layout: Layout
    book: Folder
    labels: tuple[str, str]


class Layout:
    """The files of one card. Made once; what both applications show is one and the same."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        room = contents.room
        self.adn, self.ext1 = written.book(
            contents.phone_book, places=contents.places, room=room, extensions=contents.extensions
        )
        _overwrite(self.adn, contents.loose_book, at=len(contents.phone_book) * (room + 14))
        loose = b"".join(contents.loose_extensions)
        _overwrite(self.ext1, [loose], at=len(self.ext1) - len(loose))
        self.fdn, self.ext2 = written.book(contents.fixed, places=10, room=room, extensions=2)
        self.sdn, self.ext3 = written.book(contents.service, places=10, room=room, extensions=2)
        self.own, _ = written.book(contents.own, places=4, room=room, extensions=2)
        self.lnd, _ = written.book(contents.dialled, places=_DIALLED, room=room, extensions=2)
        self.sms = _texts(contents)

    def sim(self) -> Folder:
        """The MF of a SIM."""
        return Folder(MF).add(*self._root(), self.telecom(), self.gsm())

    def uicc(
        self,
        *,
        gsm: bool,
        local_book: Folder | None = None,
        isim: bool = False,
        directory: bool = True,
        second: Second | None = None,
    ) -> Folder:
        """The MF of a UICC with a USIM; ``gsm``: and a SIM beside it. ``local_book``: a phone book of the application's own,
        instead of the one under DF_TELECOM; ``isim``: an application for IMS comes first; ``directory``: whether EF_DIR is
        there; ``second``: another USIM beside it, and the name of an application that is not there."""
        application = self.usim()
        telecom = self.telecom() if gsm else Folder(0x7F10)
        if local_book is None:
            telecom.add(self.global_book())
        else:
            application.add(local_book)
        rules = b"".join(rule_record(rule).ljust(40, b"\xff") for rule in RULES)
        root = Folder(MF).add(*self._root(), telecom)
        root.add(File(RULES_FILE, bytearray(rules), PUBLIC, record=40, sfi=0x06))
        if directory:
            root.add(File(0x2F00, _directory(isim=isim, second=second), PUBLIC, record=38, sfi=0x1E))
        if isim:
            root.add(self.isim())
        if second is not None:
            root.add(second.layout.usim(_SECOND, SECOND_AID).add(second.book))
        return root.add(self.gsm(), application) if gsm else root.add(application)

    def telecom(self) -> Folder:
        """DF_TELECOM (TS 51.011, 10.5)."""
        record = self.contents.room + 14
        return Folder(0x7F10).add(
            File(0x6F3A, self.adn, OWN, record=record),
            File(0x6F3B, self.fdn, SECOND, record=record),
            File(0x6F3C, self.sms, OWN, record=written.SMS_RECORD),
            File(0x6F40, self.own, OWN, record=record),
            File(0x6F42, self._centre(), OWN, record=28 + 12),
            File(0x6F43, bytearray(b"\x00\xff"), OWN),
            File(0x6F44, self.lnd, OWN, record=record, cyclic=True),
            File(0x6F49, self.sdn, FIXED, record=record),
            File(0x6F4A, self.ext1, OWN, record=13),
            File(0x6F4B, self.ext2, SECOND, record=13),
            File(0x6F4C, self.ext3, FIXED, record=13),
        )

    def gsm(self) -> Folder:
        """DF_GSM (TS 51.011, 10.3)."""
        return Folder(0x7F20).add(
            File(0x6F05, bytearray(b"\x06\x01\xff\xff"), _OWN_PUBLIC),
            File(0x6F07, bytearray(written.imsi(self.contents.imsi)), FIXED),
            File(0x6F20, bytearray(b"\xff" * 8 + b"\x07"), OWN),
            File(0x6F30, bytearray(b"\xff" * 24), OWN),
            File(0x6F31, bytearray(b"\x05"), FIXED),
            File(0x6F38, bytearray(_sst()), FIXED),
            File(0x6F46, self._provider(), PUBLIC),
            File(0x6F74, bytearray(b"\x00" * 16), OWN),
            File(0x6F78, bytearray(b"\x00\x01"), FIXED),
            File(0x6F7B, bytearray(b"\xff" * 12), OWN),
            File(0x6F7E, bytearray(bytes.fromhex("FFFFFFFF52F0990000FF01")), OWN),
            File(0x6FAD, bytearray(b"\x00\x00\x00\x02"), PUBLIC),
            File(0x6FAE, bytearray(b"\x03"), PUBLIC),
        )

    def usim(self, fid: int = CURRENT_ADF, aid: bytes = AID) -> Folder:
        """ADF_USIM (TS 31.102, 4.2)."""
        record = self.contents.room + 14
        return Folder(fid, aid=aid).add(
            File(0x6F05, bytearray(b"ruenzh\xff\xff"), _OWN_PUBLIC, sfi=0x02),
            File(0x6F07, bytearray(written.imsi(self.contents.imsi)), FIXED, sfi=0x07),
            File(0x6F38, bytearray(_ust()), FIXED, sfi=0x04),
            File(0x6F3B, self.fdn, SECOND, record=record),
            File(0x6F3C, self.sms, OWN, record=written.SMS_RECORD),
            File(0x6F40, self.own, OWN, record=record),
            File(0x6F42, self._centre(), OWN, record=28 + 12),
            File(0x6F43, bytearray(b"\x00\xff"), OWN),
            File(0x6F46, self._provider(), PUBLIC),
            File(0x6F49, self.sdn, FIXED, record=record),
            File(0x6F4B, self.ext2, SECOND, record=13),
            File(0x6F4C, self.ext3, FIXED, record=13),
            File(0x6F4E, written.filled_extensions(b"", 2), OWN, record=13),
            File(0x6F78, bytearray(b"\x00\x01"), FIXED, sfi=0x06),
            File(0x6F80, self._received(), OWN, record=record + 14, cyclic=True, sfi=0x14),
            File(0x6F81, self._made(), OWN, record=record + 13, cyclic=True, sfi=0x15),
            File(0x6FAD, bytearray(b"\x00\x00\x00\x02"), PUBLIC, sfi=0x03),
        )

    def isim(self) -> Folder:
        """ADF_ISIM (TS 31.103, 4.2): who its holder is in IMS."""
        public = tlv(0x80, b"sip:user@example.org").ljust(40, b"\xff")
        return Folder(_ISIM, aid=ISIM_AID).add(
            File(0x6F02, bytearray(b"\x80\x10user@example.org".ljust(40, b"\xff")), FIXED, sfi=0x02),
            File(0x6F04, written.filled(public, 2, 40), FIXED, record=40, sfi=0x04),
            File(0x6FAD, bytearray(b"\x00\x00\x00"), PUBLIC, sfi=0x03),
        )

    def global_book(self) -> Folder:
        """DF_PHONEBOOK under DF_TELECOM, showing the very entries of EF_ADN (TS 31.102, 4.4.2)."""
        record = self.contents.room + 14
        files = tlv(0xA8, bytes.fromhex("C0034F3A01")) + tlv(0xAA, bytes.fromhex("C2034F4A02"))
        return Folder(0x5F3A).add(
            File(0x4F30, written.filled(files, 1, 32), FIXED, record=32),
            File(0x4F3A, self.adn, OWN, record=record, sfi=0x01),
            File(0x4F4A, self.ext1, OWN, record=13, sfi=0x02),
        )

    def _root(self) -> list[File]:
        return [
            File(0x2FE2, bytearray(written.iccid(self.contents.iccid)), PUBLIC, sfi=0x02),
            File(0x2F05, bytearray(b"ruenzh\xff\xff"), _OWN_PUBLIC, sfi=0x05),
        ]

    def _received(self) -> bytearray:
        """EF_ICI."""
        room = self.contents.room
        calls = [written.call_record(call, room=room, received=True) for call in self.contents.received]
        calls += [written.free_call_record(room=room)] * (_CALLS - len(calls))
        return bytearray(b"".join(calls))

    def _made(self) -> bytearray:
        """EF_OCI."""
        room = self.contents.room
        if self.contents.made:
            calls = [written.call_record(call, room=room, received=False) for call in self.contents.made]
            return written.filled(b"".join(calls), _DIALLED, room + 14 + 13)
        records = [bytes(self.lnd[start : start + room + 14]) for start in range(0, len(self.lnd), room + 14)]
        return bytearray(b"".join(record + b"\xff" * 13 for record in records))

    def _provider(self) -> bytearray:
        return bytearray(b"\x01" + written.alpha(self.contents.provider).ljust(16, b"\xff"))

    def _centre(self) -> bytearray:
        """EF_SMSP: the service centre alone is set (TS 51.011, 10.5.6)."""
        smsc = written.centre(self.contents.centre).ljust(12, b"\xff")
        return bytearray(b"\xff" * 12 + b"\xfd" + b"\xff" * 12 + smsc + b"\xff" * 3)


def _directory(*, isim: bool, second: Second | None) -> bytearray:
    """EF_DIR (TS 102.221, 13.1)."""
    label, other = second.labels if second else ("USIM", "")
    names = [(ISIM_AID, "ISIM")] * isim + [(AID, label)]
    names += [(SECOND_AID, other), (CSIM_AID, "CSIM")] if second else []
    records = [tlv(0x61, tlv(0x4F, aid) + tlv(0x50, written.alpha(name))).ljust(38, b"\xff") for aid, name in names]
    return written.filled(b"".join(records), max(3, len(records)), 38)


def _texts(contents: Contents) -> bytearray:
    records = [record for text in contents.texts for record in written.sms_records(text, contents.centre)]
    records += contents.loose_texts
    free = contents.text_places - len(records)
    if free < 0:
        raise ValueError("more messages than places")
    return bytearray(b"".join(records) + written.free_sms_record() * free)


def _overwrite(data: bytearray, records: Iterable[bytes], *, at: int) -> None:
    loose = b"".join(records)
    if at + len(loose) > len(data):
        raise ValueError("more records than places")
    data[at : at + len(loose)] = loose


def _sst() -> bytes:
    """Two bits a service: allocated and activated (TS 51.011, 10.3.7)."""
    return _bits((place for service in _SST for place in (2 * service - 2, 2 * service - 1)), 12)


def _ust() -> bytes:
    """One bit a service (TS 31.102, 4.2.8)."""
    return _bits((service - 1 for service in _UST), 8)


def _bits(places: Iterable[int], length: int) -> bytes:
    value = 0
    for place in places:
        value |= 1 << place
    return value.to_bytes(length, "little")
