"""How a source is named in a letter: by its addresses, and by words where it has none."""

from __future__ import annotations

import re
from typing import Final

from lastcall.core.closing.letters.letter import Text, Value, say
from lastcall.core.kit import words
from lastcall.core.policies.pack import PackEntry

_ADDRESS: Final = re.compile(r"(?:[a-z0-9-]+\.)+(?!csv\b)[a-z][a-z0-9-]+(?:/[^\s;,()]*)?", re.IGNORECASE)


def shown_source(entry: PackEntry) -> Value:
    """The source of an entry; where it stands in the pack when it has neither an address nor words of ours."""
    return source_of(entry.source) or say(words.IN_PACK, file=Text(entry.file), line=Text(str(entry.line)))


def source_of(source: str) -> Value | None:
    """The addresses in ``source``, after words for what is none; None when there is neither."""
    known = [say(told) for begin, told in words.SOURCE_WORDS.items() if source.startswith(begin)]
    places = [Text(_readable(address.rstrip("./"))) for address in dict.fromkeys(_ADDRESS.findall(source))]
    return words.Listed((*known, *places), words.LONG) if known or places else None


def _readable(address: str) -> str:
    """The address with the letters of its own script where its name is coded (``xn--…``, RFC 3492)."""
    host, slash, path = address.partition("/")
    return f"{host.encode('ascii').decode('idna')}{slash}{path}" if "xn--" in host else address
