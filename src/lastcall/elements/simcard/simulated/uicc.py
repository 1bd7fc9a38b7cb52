"""Classes ``00`` and ``80``: how a UICC with a USIM answers (ETSI TS 102.221, 10 and 11). Status words by 10.2."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from .command import LONGEST, Answer, Command, Status
from .files import File, Folder, Level, path_of
from .headers import file_template, folder_template
from .pins import Outcome, Pin
from .where import Where

CLASSES: Final = (*range(0x00, 0x04), 0x80)
"""The interindustry class on its four logical channels, of which only the first is there, and ETSI's own."""
_OWN_CLASS: Final = {0xF2: 0x80, 0xCB: 0x80, 0x32: 0x80}
_PLAIN: Final[dict[Outcome, int]] = {
    Outcome.DONE: 0x9000,
    Outcome.BLOCKED: 0x6983,
    Outcome.IS_OFF: 0x6984,
    Outcome.IS_ON: 0x6984,
    Outcome.FIXED: 0x6985,
}
_KEYS: Final[dict[Level, int]] = {"pin": 0x01, "pin2": 0x81}
_BAD_LENGTH, _OTHER_LENGTH, _UNKNOWN, _NO_CLASS, _NO_CHANNEL, _TROUBLE = 0x6700, 0x6C00, 0x6D00, 0x6E00, 0x6881, 0x6F00
_WRONG_STRUCTURE, _CLOSED, _INVALIDATED, _NO_EF = 0x6981, 0x6982, 0x6984, 0x6986
_NOT_FOUND, _NO_RECORD, _BAD_P1_P2, _BAD_OFFSET, _NO_KEY = 0x6A82, 0x6A83, 0x6A86, 0x6B00, 0x6A88
_NOTHING_FOUND = 0x6282
_ABSOLUTE, _NEXT, _PREVIOUS = 4, 2, 3


@dataclass(slots=True)
class UiccClass:
    """Answers the classes of a UICC on the card's files. ``pins``: by key reference (9.5.1); ``note``: told of each change that
    lasts; ``at_once``: whether answers to commands that carry data come without GET RESPONSE (T=1)."""

    where: Where
    pins: dict[int, Pin]
    note: Callable[[str], None]
    at_once: bool

    def answer(self, command: Command) -> Answer:
        """Raises :class:`~.command.Status` for every refusal."""
        if command.cla in (1, 2, 3):
            raise Status(_NO_CHANNEL)
        act = _ACTS.get(command.ins)
        if act is None:
            raise Status(_UNKNOWN)
        if command.cla != _OWN_CLASS.get(command.ins, 0x00):
            raise Status(_NO_CLASS)
        return act(self, command)

    def select(self, command: Command) -> Answer:
        """11.1.1: by file id, child, parent, AID or path; answers an FCP template (11.1.1.3) or nothing."""
        way, reply = command.p1, command.p2 & ~0x43
        if way not in _WAYS or reply not in (0x04, 0x0C):
            raise Status(_BAD_P1_P2)
        if not command.carries:
            raise Status(_BAD_LENGTH)
        found = _WAYS[way](self.where, command)
        if found is None:
            raise Status(_NOT_FOUND)
        self.where.choose(found)
        return Answer() if reply == 0x0C else self._later(command, self._template(found))

    def status(self, command: Command) -> Answer:
        """11.1.2: of the current folder: its FCP template, its AID, or nothing."""
        if command.p1 > 2 or command.p2 not in (0x00, 0x01, 0x0C):
            raise Status(_BAD_P1_P2)
        if command.p2 == 0x0C:
            return Answer()
        if command.p2 == 0x01:
            aid = self.where.application.aid if self.where.application else b""
            return self._whole(command, bytes([0x84, len(aid)]) + aid)
        return self._whole(command, self._template(self.where.folder))

    def get_response(self, command: Command) -> Answer:
        """10.1.4 and TS 102.221, 7.3.1.1.5: straight after the command that it belongs to."""
        if command.p1 or command.p2:
            raise Status(_BAD_P1_P2)
        waiting = self.where.waiting
        if not waiting:
            raise Status(_TROUBLE)
        if command.expected > len(waiting):
            answer = Answer(word=_OTHER_LENGTH | len(waiting), later=waiting)
            return answer
        rest = waiting[command.expected :]
        return Answer(waiting[: command.expected], word=0x6100 | len(rest) if rest else 0x9000, later=rest)

    def read_binary(self, command: Command) -> Answer:
        """11.1.3: an SFI in P1 selects."""
        file = self._file(command.p1 & 0x1F if command.p1 & 0x80 else 0)
        offset = command.p2 if command.p1 & 0x80 else command.p1 << 8 | command.p2
        self._require(file, "transparent", file.access.read)
        if offset >= len(file.data):
            raise Status(_BAD_OFFSET)
        length = min(len(file.data) - offset, LONGEST)
        if command.expected > length:
            raise Status(_OTHER_LENGTH | length)
        return Answer(_cut(file, bytes(file.data[offset : offset + command.expected])))

    def update_binary(self, command: Command) -> Answer:
        """11.1.4."""
        file = self._file(command.p1 & 0x1F if command.p1 & 0x80 else 0)
        offset = command.p2 if command.p1 & 0x80 else command.p1 << 8 | command.p2
        self._require(file, "transparent", file.access.update)
        if offset >= len(file.data):
            raise Status(_BAD_OFFSET)
        if not command.data or not command.carries or offset + len(command.data) > len(file.data):
            raise Status(_BAD_LENGTH)
        file.data[offset : offset + len(command.data)] = command.data
        self.note(f"UPDATE BINARY {path_of(file)}")
        return Answer()

    def read_record(self, command: Command) -> Answer:
        """11.1.5."""
        file = self._file(command.p2 >> 3)
        self._require(file, "records", file.access.read)
        number = self._record(command, file)
        if command.expected != file.record:
            raise Status(_OTHER_LENGTH | file.record)
        return Answer(_cut(file, file.read_record(number)))

    def update_record(self, command: Command) -> Answer:
        """11.1.6: a cyclic file takes PREVIOUS alone."""
        file = self._file(command.p2 >> 3)
        self._require(file, "records", file.access.update)
        if file.cyclic and command.p2 & 7 != _PREVIOUS:
            raise Status(_BAD_P1_P2)
        number = 1 if file.cyclic else self._record(command, file)
        if len(command.data) != file.record or not command.carries:
            raise Status(_BAD_LENGTH)
        if file.cyclic:
            file.push_record(command.data)
        else:
            file.write_record(number, command.data)
        self.note(f"UPDATE RECORD {path_of(file)} {number}")
        return Answer()

    def search_record(self, command: Command) -> Answer:
        """11.1.7, simple search: the numbers of the records that hold the pattern anywhere."""
        file = self._file(command.p2 >> 3)
        self._require(file, "linear", file.access.read)
        mode, start = command.p2 & 7, command.p1 or self.where.record
        if mode not in (4, 5):
            raise Status(_BAD_P1_P2)
        if not command.data or not command.carries:
            raise Status(_BAD_LENGTH)
        if not 1 <= start <= file.count:
            raise Status(_NO_RECORD)
        numbers = range(start, file.count + 1) if mode == 4 else range(start, 0, -1)
        found = bytes(number for number in numbers if command.data in file.read_record(number))
        if not found:
            raise Status(_NOTHING_FOUND)
        self.where.record = found[0]
        return self._later(command, found)

    def verify(self, command: Command) -> Answer:
        """11.1.9: without data it tells the tries that are left."""
        pin = self._pin(command)
        if not command.data and not command.p3:
            return _left(pin.tries)
        _want_data(command, 8)
        return _presented(pin.verify(command.data), pin.tries)

    def change(self, command: Command) -> Answer:
        """11.1.10."""
        pin = self._pin(command)
        _want_data(command, 16)
        return _presented(pin.change(command.data[:8], command.data[8:]), pin.tries)

    def disable(self, command: Command) -> Answer:
        """11.1.11: P1 may name the universal PIN as a replacement."""
        pin = self._pin(command, replacements=(0x80 | 0x11,))
        _want_data(command, 8)
        replace = bool(command.p1)
        if replace and 0x11 not in self.pins:
            raise Status(_NO_KEY)
        return _presented(pin.disable(command.data, replace=replace), pin.tries)

    def enable(self, command: Command) -> Answer:
        """11.1.12."""
        pin = self._pin(command)
        _want_data(command, 8)
        return _presented(pin.enable(command.data), pin.tries)

    def unblock(self, command: Command) -> Answer:
        """11.1.13: without data it tells the tries of the PUK that are left."""
        pin = self._pin(command)
        if not command.data and not command.p3:
            return _left(pin.puk_tries)
        _want_data(command, 16)
        return _presented(pin.unblock(command.data[:8], command.data[8:]), pin.puk_tries)

    def _later(self, command: Command, data: bytes) -> Answer:
        """An answer to a command that carried data (7.3.1.1.4)."""
        if self.at_once and command.le is not None:
            return Answer(data)
        return Answer(word=0x6100 | len(data), later=data)

    def _whole(self, command: Command, data: bytes) -> Answer:
        if command.expected > len(data):
            raise Status(_OTHER_LENGTH | len(data))
        return Answer(data[: command.expected])

    def _template(self, node: File | Folder) -> bytes:
        return file_template(node) if isinstance(node, File) else folder_template(node, self.pins)

    def _file(self, sfi: int) -> File:
        """The current file, or the one with that SFI in the current folder, which it selects."""
        if sfi:
            found = next((file for file in self.where.folder.files() if file.sfi == sfi), None)
            if found is None:
                raise Status(_NOT_FOUND)
            self.where.choose(found)
        if self.where.file is None:
            raise Status(_NO_EF)
        return self.where.file

    def _require(self, file: File, structure: str, level: Level) -> None:
        if file.structure != structure and (structure != "records" or not file.record):
            raise Status(_WRONG_STRUCTURE)
        if not self._open(level):
            raise Status(_CLOSED)
        if file.invalidated:
            raise Status(_INVALIDATED)

    def _open(self, level: Level) -> bool:
        if level == "always":
            return True
        pin = self.pins.get(_KEYS.get(level, 0))
        if pin is None:
            return False
        universal = self.pins.get(0x11)
        if not pin.enabled and pin.replaced and universal is not None:
            return universal.open or not universal.enabled
        return pin.open or not pin.enabled

    def _pin(self, command: Command, *, replacements: tuple[int, ...] = ()) -> Pin:
        if command.p1 and command.p1 not in replacements:
            raise Status(_BAD_P1_P2)
        pin = self.pins.get(command.p2)
        if pin is None:
            raise Status(_NO_KEY)
        return pin

    def _record(self, command: Command, file: File) -> int:
        """The record meant by P1 and P2 (11.1.5.2), made the current one unless it was meant by its number."""
        mode, current = command.p2 & 7, self.where.record
        if mode == _ABSOLUTE:
            number = command.p1 or current
        elif mode in (_NEXT, _PREVIOUS) and not command.p1:
            number = current + 1 if mode == _NEXT else (current or file.count + 1) - 1
            number = (number - 1) % file.count + 1 if file.cyclic and current else number
            self.where.record = number if 1 <= number <= file.count else current
        else:
            raise Status(_BAD_P1_P2)
        if not 1 <= number <= file.count:
            raise Status(_NO_RECORD)
        return number


def _by_id(where: Where, command: Command) -> File | Folder | None:
    if not command.data:
        return where.root
    return where.by_id(_fid(command))


def _child(where: Where, command: Command) -> File | Folder | None:
    return where.folder.folder(_fid(command))


def _parent(where: Where, command: Command) -> File | Folder | None:
    if command.data:
        raise Status(_BAD_LENGTH)
    return where.folder.parent


def _by_name(where: Where, command: Command) -> File | Folder | None:
    """By the whole AID or its beginning (8.5.1.3)."""
    if not 5 <= len(command.data) <= 16:
        raise Status(_BAD_LENGTH)
    applications = where.root.applications()
    return next((folder for folder in applications if folder.aid.startswith(command.data)), None)


def _from_root(where: Where, command: Command) -> File | Folder | None:
    return where.by_path(_path(command), where.root)


def _from_here(where: Where, command: Command) -> File | Folder | None:
    return where.by_path(_path(command), where.folder)


_WAYS: Final[dict[int, Callable[[Where, Command], File | Folder | None]]] = {
    0x00: _by_id, 0x01: _child, 0x03: _parent, 0x04: _by_name, 0x08: _from_root, 0x09: _from_here,
}  # fmt: skip
_ACTS: Final[dict[int, Callable[[UiccClass, Command], Answer]]] = {
    0xA4: UiccClass.select, 0xF2: UiccClass.status, 0xC0: UiccClass.get_response, 0xB0: UiccClass.read_binary,
    0xD6: UiccClass.update_binary, 0xB2: UiccClass.read_record, 0xDC: UiccClass.update_record,
    0xA2: UiccClass.search_record, 0x20: UiccClass.verify, 0x24: UiccClass.change, 0x26: UiccClass.disable,
    0x28: UiccClass.enable, 0x2C: UiccClass.unblock,
}  # fmt: skip


def _fid(command: Command) -> int:
    if len(command.data) != 2:
        raise Status(_BAD_LENGTH)
    return int.from_bytes(command.data, "big")


def _path(command: Command) -> bytes:
    if not command.data or len(command.data) % 2:
        raise Status(_BAD_LENGTH)
    return command.data


def _want_data(command: Command, length: int) -> None:
    if command.p3 != length or not command.carries:
        raise Status(_BAD_LENGTH)


def _left(tries: int) -> Answer:
    raise Status(0x63C0 | min(tries, 15) if tries else _PLAIN[Outcome.BLOCKED])


def _presented(outcome: Outcome, left: int) -> Answer:
    """A wrong one is ``63Cx``, also when it was the last; what is tried after that ``6983``."""
    if outcome is Outcome.WRONG:
        raise Status(0x63C0 | min(left, 15))
    if outcome is not Outcome.DONE:
        raise Status(_PLAIN[outcome])
    return Answer()


def _cut(file: File, answer: bytes) -> bytes:
    return answer[: len(answer) - file.short] if file.short else answer
