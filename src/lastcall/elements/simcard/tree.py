"""A card's files, selected by their identifiers from one directory to the next."""

from __future__ import annotations

from collections.abc import Callable

from .channel import READ_BINARY, READ_RECORD, SELECT, Answer, Channel
from .files import MASTER, USIM, Path, is_application
from .found import Found
from .status import Meaning

_ABSOLUTE = 0x04
_UNSUPPORTED = (0x6A81, 0x6A86, 0x6B00)
"""What some cards answer to the identifier of a file that they do not have."""


class Unreadable(Exception):
    """A file or record that cannot be read; ``meaning`` and ``sw`` say why."""

    def __init__(self, meaning: Meaning, sw: int) -> None:
        super().__init__(f"{meaning.value} ({sw:04X})")
        self.meaning = meaning
        self.sw = sw


class Tree:
    """The files of one card. Every directory is selected once for all its files that are opened one after another.

    ``parse``: reads the answer to SELECT, whose second parameter is ``p2`` (class 00: 04, give the FCP). Raises
    :class:`Unreadable`, and what ``channel`` raises.
    """

    def __init__(self, channel: Channel, parse: Callable[[bytes], Found], *, p2: int) -> None:
        self._channel = channel
        self._parse = parse
        self._p2 = p2
        self._where: Path | None = None
        self._absent: dict[Path, Unreadable] = {}
        self._asks_length = False
        self._aids: dict[int, bytes] = {}
        self._application = 0
        self.current: Path | None = None
        """The file that is open."""

    def open(self, path: Path) -> Found:
        """Select a file."""
        self.current = None
        self.enter(path[:-1])
        found = self._select(path[-1])
        self.current = path
        return found

    def enter(self, directory: Path) -> Found | None:
        """Make a directory the current one. Gives what the card says of it; None where it was it already."""
        if directory == self._where:
            return None
        for known, why in self._absent.items():
            if directory[: len(known)] == known:
                raise Unreadable(why.meaning, why.sw)
        at, found = self._start(directory), None
        for end in range(len(at) + 1, len(directory) + 1):
            found = self._into(directory[:end])
        self._where = directory
        return found

    def name_application(self, directory: int, aid: bytes) -> None:
        """``directory``: what the own one of the application with that identifier is called here. Nothing is asked yet."""
        self._aids[directory] = aid

    def select_application(self, aid: bytes, directory: int = USIM) -> Found:
        """Select an application by its identifier (ETSI TS 102.221, 8.5.1)."""
        self._where = self.current = None
        found = self._asked(0x04, aid)
        self._where, self._aids[directory], self._application = (directory,), aid, directory
        return found

    def restart(self, directory: Path) -> Found:
        """Select a directory anew, for what the card says of it now."""
        self._where = self.current = None
        found = self.enter(directory) if directory else self._select(MASTER)
        self._where = directory
        return found or Found()

    def binary(self, length: int) -> bytes:
        """The first ``length`` bytes of the open file, or as many as it has."""
        return self._read(self._channel.send(READ_BINARY, 0, 0, length=length)).data

    def record(self, number: int, length: int) -> Answer:
        """Record ``number`` (1 to 255) of the open file."""
        return self._read(self._channel.send(READ_RECORD, number, _ABSOLUTE, length=length or 256))

    def _start(self, directory: Path) -> Path:
        """The directory from which ``directory`` is reached; it is the current one then."""
        here = self._where
        if here is not None and directory[: len(here)] == here:
            return here
        self._where = None
        if here is not None and directory and directory == here[:-1]:
            self._select(directory[-1])
            return directory
        if not directory or not is_application(directory[0]):
            self._select(MASTER)
        return ()

    def _into(self, directory: Path) -> Found:
        aid = self._aids.get(directory[0], b"") if len(directory) == 1 else b""
        try:
            if aid and self._application != directory[0]:
                return self.select_application(aid, directory[0])
            return self._select(directory[-1])
        except Unreadable as why:
            self._where = None
            if aid and self._application == directory[0]:
                # Only where 7FFF is not known: by its identifier the application may begin anew, its PIN closed.
                return self._asked(0x04, aid)
            if why.meaning is Meaning.ABSENT:
                self._absent[directory] = why
            raise

    def _select(self, fid: int) -> Found:
        """Of an application, the one that was selected last."""
        fid = USIM if is_application(fid) else fid
        return self._asked(0x00, fid.to_bytes(2, "big"))

    def _asked(self, p1: int, data: bytes) -> Found:
        length = 256 if self._asks_length else None
        answer = self._known(self._channel.send(SELECT, p1, self._p2, data, length=length))
        if not answer.data and self._p2 and not self._asks_length:
            # By T=1 nothing waits to be fetched: an answer comes only where its length is asked for at once.
            self._asks_length = True
            answer = self._read(self._channel.send(SELECT, p1, self._p2, data, length=256))
        return self._parse(answer.data)

    def _known(self, answer: Answer) -> Answer:
        if answer.sw in _UNSUPPORTED:
            raise Unreadable(Meaning.ABSENT, answer.sw)
        return self._read(answer)

    def _read(self, answer: Answer) -> Answer:
        if not answer.done:
            raise Unreadable(answer.meaning, answer.sw)
        return answer
