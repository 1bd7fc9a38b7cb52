"""Batches of a sandbox: made-up numbers with fixed lives, and nothing real."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

import numpy as np

from lastcall.core.lookup import sandbox
from lastcall.core.lookup.bulk.hashes import NOBODYS, Numbers, read_hash
from lastcall.core.lookup.bulk.meaning import Codes, Days, Meaning
from lastcall.core.lookup.evidence import Evidence
from lastcall.core.lookup.pair import day_from
from lastcall.core.lookup.readings import SEMANTICS
from lastcall.core.relying.hashing import number_hash

_NUMBER: Final = re.compile(r"\+?([1-9][0-9]{6,14})", re.ASCII)
_NOTHING: Final = Evidence((), "available", False, sandbox.KNOWN_SINCE, datetime(2020, 1, 1, tzinfo=UTC))


def read_sandbox_number(text: str) -> int | None:
    """A number of any country (ITU-T E.164), with or without ``+``."""
    found = _NUMBER.fullmatch(text)
    return int(found.group(1)) if found else None


@dataclass(frozen=True)
class SandboxAsking:
    """Answers from the sandbox's lives; every other number is not ours."""

    meaning: Meaning

    def __call__(self, numbers: Numbers, days: Days) -> Codes:
        today, read = day_from(self.meaning.today), SEMANTICS[self.meaning.semantics]
        place = {word: at for at, word in enumerate(self.meaning.words)}
        said = (
            place[read(self._evidence(number), day_from(day), today=today)]
            for number, day in zip(numbers.tolist(), days.tolist(), strict=True)
        )
        return np.fromiter(said, np.uint8, len(numbers))

    def _evidence(self, number: int) -> Evidence:
        life = sandbox.LIVES.get(number)
        return life.evidence() if life is not None else _NOTHING


@dataclass(frozen=True)
class PlayedHashes:
    """The sandbox's numbers by their hash."""

    key: bytes

    @cached_property
    def _known(self) -> dict[bytes, int]:
        return {bytes.fromhex(number_hash(self.key, msisdn)): msisdn for msisdn in sandbox.LIVES}

    def read(self, text: str) -> bytes | None:
        """The hash written as 64 hexadecimal digits, or None."""
        return read_hash(text)

    def numbers(self, hashes: Sequence[bytes]) -> Numbers:
        """The number of each hash, or :data:`NOBODYS`."""
        return np.array([self._known.get(one, NOBODYS) for one in hashes], np.int64)
