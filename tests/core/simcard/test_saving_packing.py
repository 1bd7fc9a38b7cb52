"""The files as one archive, the same each time."""

from __future__ import annotations

import io
import zipfile

from lastcall.core.simcard.saving import packed

FILES = {"messages.html": "消息".encode(), "contacts.vcf": b"one" * 1000}


def test_everything_is_in_it_for_its_owner_only() -> None:
    with zipfile.ZipFile(io.BytesIO(packed(FILES))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
        assert {entry.external_attr >> 16 & 0o777 for entry in archive.infolist()} == {0o600}


def test_the_same_files_give_the_same_bytes_in_whatever_order_they_come() -> None:
    assert packed(FILES) == packed(dict(reversed(FILES.items())))
