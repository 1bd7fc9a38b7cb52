"""What an SMS element brings: a subscriber's text, a part of one, or word of a message that we sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lastcall.core.texting.submission import ON_ITS_WAY


@dataclass(frozen=True, slots=True)
class PartOf:
    """The ``place``-th of ``total`` parts, from 1, of the text that sender and recipient call ``reference``."""

    reference: str
    place: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A text, or a part of one, which may begin or end with half of a surrogate pair.

    ``sender``: as the SMSC vouches for it, with ``+`` where it says that it is international; ``reference``: the phone's own
    number of this message, empty when nobody tells; ``hop``: the name that the last hop gave it, the same when that hop brings it
    again.
    """

    sender: str
    recipient: str
    text: str = field(repr=False)
    reference: str = ""
    hop: str = ""
    part: PartOf | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """``name``: what the SMSC called the message when it took it; ``outcome``: ``delivered``, ``failed``, or empty while it is on
    its way; ``reason``: the SMSC's word for a failure, with the network's error code where it gives one."""

    name: str
    outcome: str = ON_ITS_WAY
    reason: str = ""


Receiver = Callable[[Arrived | Reported], None]
"""Keeps what came; durable when it returns. Whatever it raises makes the other side bring the same again."""
Taken = Callable[[str, Sequence[str]], None]
"""Notes that the message of this key was taken, and the names that its parts were given."""
