"""A command APDU taken apart (ISO/IEC 7816-4, 5.1), and an answer."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 256


class Status(Exception):
    """The card answers with this status word and nothing else."""

    def __init__(self, word: int) -> None:
        super().__init__(f"{word:04X}")
        self.word = word


@dataclass(frozen=True, slots=True)
class Command:
    """``p3``: the fifth byte, or None when there was none; ``data``: what came behind it; ``le``: the byte after the data, which
    T=0 does not carry."""

    cla: int
    ins: int
    p1: int
    p2: int
    p3: int | None
    data: bytes
    le: int | None

    @classmethod
    def read(cls, apdu: bytes) -> Command:
        """Raises :class:`Status` (6700) for what is no short APDU."""
        if len(apdu) < 4:
            raise Status(0x6700)
        p3 = apdu[4] if len(apdu) > 4 else None
        body, le = apdu[5:], None
        if body and len(body) == apdu[4] + 1:
            body, le = body[:-1], body[-1]
        if body and len(body) != p3:
            raise Status(0x6700)
        return cls(apdu[0], apdu[1], apdu[2], apdu[3], p3, body, le)

    @property
    def expected(self) -> int:
        """Bytes asked for by a command that carries none; 0 in P3 is 256."""
        return self.p3 or LONGEST

    @property
    def carries(self) -> bool:
        """Whether its data is all there, as its P3 says."""
        return len(self.data) == (self.p3 or 0)


@dataclass(frozen=True, slots=True)
class Answer:
    """``data`` goes out at once; ``later`` waits for GET RESPONSE."""

    data: bytes = b""
    word: int = 0x9000
    later: bytes = b""
