"""Class ``A0``: how a SIM answers (3GPP TS 51.011, 8 and 9). Status words by 9.4."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from .command import Answer, Command, Status
from .files import CURRENT_ADF, MF, File, Folder, Level, path_of
from .pins import Outcome, Pin
from .where import Where

CLASS: Final = 0xA0
_LEVELS: Final[dict[Level, int]] = {"always": 0, "pin": 1, "pin2": 2, "adm": 4, "never": 15}
_STRUCTURES: Final = {"transparent": 0, "linear": 1, "cyclic": 3}
_WORDS: Final = {
    Outcome.DONE: 0x9000,
    Outcome.WRONG: 0x9804,
    Outcome.BLOCKED: 0x9840,
    Outcome.IS_OFF: 0x9808,
    Outcome.IS_ON: 0x9808,
    Outcome.FIXED: 0x9808,
}
_NO_EF, _NOT_FOUND, _NO_RECORD, _WRONG_STRUCTURE = 0x9400, 0x9404, 0x9402, 0x9408
_CLOSED, _NO_PIN, _INVALIDATED = 0x9804, 0x9802, 0x9810
_BAD_LENGTH, _BAD_P1_P2, _UNKNOWN, _TROUBLE = 0x6700, 0x6B00, 0x6D00, 0x6F00


@dataclass(slots=True)
class GsmClass:
    """Answers commands of class ``A0`` on the card's files. ``note``: told of each change that lasts."""

    where: Where
    pins: dict[int, Pin]
    note: Callable[[str], None]

    def answer(self, command: Command) -> Answer:
        """Raises :class:`~.command.Status` for every refusal."""
        act = _ACTS.get(command.ins)
        if act is None:
            raise Status(_UNKNOWN)
        return act(self, command)

    def select(self, command: Command) -> Answer:
        """9.2.1: answers ``9Fxx``."""
        _want(command, p1=0, p2=0)
        if command.p3 != 2 or not command.carries:
            raise Status(_BAD_LENGTH | 2)
        fid = int.from_bytes(command.data, "big")
        found = None if fid == CURRENT_ADF else self.where.by_id(fid)
        if found is None:
            raise Status(_NOT_FOUND)
        self.where.choose(found)
        header = _file_header(found) if isinstance(found, File) else self._folder_header(found)
        return Answer(word=0x9F00 | len(header), later=header)

    def status(self, command: Command) -> Answer:
        """9.2.2: of the current folder."""
        _want(command, p1=0, p2=0)
        header = self._folder_header(self.where.folder)
        if command.data or command.expected > len(header):
            raise Status(_BAD_LENGTH | len(header))
        return Answer(header[: command.expected])

    def get_response(self, command: Command) -> Answer:
        """9.2.18: straight after the command that it belongs to."""
        _want(command, p1=0, p2=0)
        waiting = self.where.waiting
        if not waiting:
            raise Status(_TROUBLE)
        if command.data or command.expected > len(waiting):
            raise Status(_BAD_LENGTH | len(waiting))
        return Answer(waiting[: command.expected])

    def read_binary(self, command: Command) -> Answer:
        """9.2.3."""
        file = self._open_file("transparent", "read")
        offset, length = command.p1 << 8 | command.p2, command.expected
        _require_inside(file, offset, length, carried=bool(command.data))
        return Answer(_cut(file, bytes(file.data[offset : offset + length])))

    def update_binary(self, command: Command) -> Answer:
        """9.2.4."""
        file = self._open_file("transparent", "update")
        offset = command.p1 << 8 | command.p2
        _require_inside(file, offset, len(command.data), carried=not command.carries)
        file.data[offset : offset + len(command.data)] = command.data
        self.note(f"UPDATE BINARY {path_of(file)}")
        return Answer()

    def read_record(self, command: Command) -> Answer:
        """9.2.5."""
        file = self._open_file("records", "read")
        number = self._record(command, file)
        if command.data or command.expected != file.record:
            raise Status(_BAD_LENGTH | file.record)
        return Answer(_cut(file, file.read_record(number)))

    def update_record(self, command: Command) -> Answer:
        """9.2.6: a cyclic file takes PREVIOUS alone."""
        file = self._open_file("records", "update")
        if file.cyclic and command.p2 != _PREVIOUS:
            raise Status(_BAD_P1_P2)
        number = 1 if file.cyclic else self._record(command, file)
        if len(command.data) != file.record or not command.carries:
            raise Status(_BAD_LENGTH | file.record)
        if file.cyclic:
            file.push_record(command.data)
        else:
            file.write_record(number, command.data)
        self.note(f"UPDATE RECORD {path_of(file)} {number}")
        return Answer()

    def seek(self, command: Command) -> Answer:
        """9.2.7: a pattern at the beginning of a record of a linear file; type 2 gives the record's number."""
        file = self._open_file("linear", "read")
        way, kind = command.p2 & 0x0F, command.p2 >> 4
        if command.p1 or kind > 1 or way not in _SEEKS:
            raise Status(_BAD_P1_P2)
        if not 1 <= len(command.data) <= min(16, file.record) or not command.carries:
            raise Status(_BAD_LENGTH)
        for number in _SEEKS[way](self.where.record, file.count):
            if file.read_record(number).startswith(command.data):
                self.where.record = number
                return Answer(word=0x9F01, later=bytes([number])) if kind else Answer()
        raise Status(_NOT_FOUND)

    def verify(self, command: Command) -> Answer:
        """9.2.9."""
        pin = self._pin(command, length=8)
        return self._present(command, pin.verify(command.data), pin)

    def change(self, command: Command) -> Answer:
        """9.2.10."""
        pin = self._pin(command, length=16)
        return self._present(command, pin.change(command.data[:8], command.data[8:]), pin)

    def disable(self, command: Command) -> Answer:
        """9.2.11: CHV1 alone."""
        pin = self._pin(command, length=8, only_first=True)
        return self._present(command, pin.disable(command.data), pin)

    def enable(self, command: Command) -> Answer:
        """9.2.12: CHV1 alone."""
        pin = self._pin(command, length=8, only_first=True)
        return self._present(command, pin.enable(command.data), pin)

    def unblock(self, command: Command) -> Answer:
        """9.2.13: P2 is 0 for CHV1 and 2 for CHV2."""
        if command.p2 == 1:
            raise Status(_BAD_P1_P2)
        pin = self._pin(command, length=16)
        outcome = pin.unblock(command.data[:8], command.data[8:])
        return self._present(command, outcome, pin, left=pin.puk_tries)

    def invalidate(self, command: Command) -> Answer:
        """9.2.14."""
        return self._manage(command, invalidated=True)

    def rehabilitate(self, command: Command) -> Answer:
        """9.2.15."""
        return self._manage(command, invalidated=False)

    def sleep(self, command: Command) -> Answer:
        """9.2.19: an obsolete command that cards still answer."""
        _want(command, p1=0, p2=0)
        return Answer()

    def _manage(self, command: Command, *, invalidated: bool) -> Answer:
        _want(command, p1=0, p2=0)
        file = self.where.file
        if file is None:
            raise Status(_NO_EF)
        self._require(file.access.manage)
        if file.invalidated is invalidated:
            raise Status(_INVALIDATED)
        file.invalidated = invalidated
        self.note(f"{'INVALIDATE' if invalidated else 'REHABILITATE'} {path_of(file)}")
        return Answer()

    def _present(self, command: Command, outcome: Outcome, pin: Pin, *, left: int | None = None) -> Answer:
        if outcome is Outcome.WRONG and (pin.tries if left is None else left) == 0:
            raise Status(_WORDS[Outcome.BLOCKED])
        if outcome is not Outcome.DONE:
            raise Status(_WORDS[outcome])
        return Answer()

    def _pin(self, command: Command, *, length: int, only_first: bool = False) -> Pin:
        number = command.p2 or 1
        if command.p1 or number > (1 if only_first else 2) or (command.p2 == 0 and command.ins != 0x2C):
            raise Status(_BAD_P1_P2)
        if command.p3 != length or not command.carries:
            raise Status(_BAD_LENGTH | length)
        pin = self.pins.get(number)
        if pin is None:
            raise Status(_NO_PIN)
        return pin

    def _open_file(self, structure: str, act: str) -> File:
        file = self.where.file
        if file is None:
            raise Status(_NO_EF)
        if file.structure != structure and (structure != "records" or not file.record):
            raise Status(_WRONG_STRUCTURE)
        self._require(file.access.read if act == "read" else file.access.update)
        if file.invalidated:
            raise Status(_INVALIDATED)
        return file

    def _require(self, level: Level) -> None:
        pin = self.pins.get(_LEVELS[level]) if level in ("pin", "pin2") else None
        if level == "always" or (pin is not None and (pin.open or not pin.enabled)):
            return
        raise Status(_CLOSED)

    def _record(self, command: Command, file: File) -> int:
        """The record meant by P1 and P2, made the current one unless it was meant by its number."""
        mode, current = command.p2, self.where.record
        if mode == _ABSOLUTE:
            number = command.p1 or current
        elif mode in (_NEXT, _PREVIOUS):
            number = _step(current, file, forward=mode == _NEXT)
            self.where.record = number if 1 <= number <= file.count else current
        else:
            raise Status(_BAD_P1_P2)
        if not 1 <= number <= file.count:
            raise Status(_NO_RECORD)
        return number

    def _folder_header(self, folder: Folder) -> bytes:
        """9.2.1: what SELECT and STATUS say of an MF or DF, 22 bytes."""
        first, second = self.pins[1], self.pins.get(2)
        characteristics = 0x13 | (0 if first.enabled else 0x80)  # clock stop allowed, 13/8 MHz
        counters = bytes([_counter(first.tries), _counter(first.puk_tries)])
        counters += bytes([_counter(second.tries), _counter(second.puk_tries)]) if second else b"\0\0"
        kind = 1 if folder.fid == MF else 2
        codes = 2 * len(self.pins) + 1
        body = bytes([characteristics, len(folder.folders()), len(folder.files()), codes, 0]) + counters
        return b"\0\0\x0b\xb8" + folder.fid.to_bytes(2, "big") + bytes([kind, 0, 0, 0, 0, 0, len(body)]) + body


_NEXT, _PREVIOUS, _ABSOLUTE = 2, 3, 4
_SEEKS: Final[dict[int, Callable[[int, int], range]]] = {
    0: lambda _, count: range(1, count + 1),
    1: lambda _, count: range(count, 0, -1),
    2: lambda current, count: range(current + 1, count + 1),
    3: lambda current, count: range((current or count + 1) - 1, 0, -1),
}
_ACTS: Final[dict[int, Callable[[GsmClass, Command], Answer]]] = {
    0xA4: GsmClass.select, 0xF2: GsmClass.status, 0xC0: GsmClass.get_response, 0xB0: GsmClass.read_binary,
    0xD6: GsmClass.update_binary, 0xB2: GsmClass.read_record, 0xDC: GsmClass.update_record, 0xA2: GsmClass.seek,
    0x20: GsmClass.verify, 0x24: GsmClass.change, 0x26: GsmClass.disable, 0x28: GsmClass.enable, 0x2C: GsmClass.unblock,
    0x04: GsmClass.invalidate, 0x44: GsmClass.rehabilitate, 0xFA: GsmClass.sleep,
}  # fmt: skip


def _want(command: Command, *, p1: int, p2: int) -> None:
    if (command.p1, command.p2) != (p1, p2):
        raise Status(_BAD_P1_P2)


def _require_inside(file: File, offset: int, length: int, *, carried: bool) -> None:
    """9.4.6: a wrong offset is ``6B00``, a wrong length ``67xx``."""
    if offset >= len(file.data):
        raise Status(_BAD_P1_P2)
    if carried or offset + length > len(file.data) or not length:
        raise Status(_BAD_LENGTH | min(len(file.data) - offset, 255))


def _step(current: int, file: File, *, forward: bool) -> int:
    """8.6: without a current record, NEXT is the first and PREVIOUS the last; a cyclic file goes round."""
    number = current + 1 if forward else (current or file.count + 1) - 1
    if file.cyclic and current:
        return (number - 1) % file.count + 1
    return number


def _file_header(file: File) -> bytes:
    """9.2.1: what SELECT says of an EF, 15 bytes."""
    access = file.access
    nibbles = bytes(
        [
            _LEVELS[access.read] << 4 | _LEVELS[access.update],
            _LEVELS[access.increase] << 4 | 0x0F,
            _LEVELS[access.manage] << 4 | _LEVELS[access.manage],
        ]
    )
    increase = 0x40 if file.cyclic and access.increase != "never" else 0
    status = 0 if file.invalidated else 1
    tail = bytes([status, 2, _STRUCTURES[file.structure], file.header_record])
    return (
        b"\0\0"
        + file.header_size.to_bytes(2, "big")
        + file.fid.to_bytes(2, "big")
        + bytes([4, increase])
        + nibbles
        + tail
    )


def _counter(left: int) -> int:
    """A byte of secret code status: initialised, and false presentations left."""
    return 0x80 | min(left, 15)


def _cut(file: File, answer: bytes) -> bytes:
    return answer[: len(answer) - file.short] if file.short else answer
