"""Files as one archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Final

_UNIX: Final = 3
_MODE: Final = 0o100600 << 16


def packed(files: Mapping[str, bytes]) -> bytes:
    """A ZIP archive of ``files``; the same files give the same bytes. Unpacked, they can be read by their owner only."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name)  # without a date of its own: 1980-01-01
            entry.create_system, entry.external_attr, entry.compress_type = _UNIX, _MODE, zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return made.getvalue()
