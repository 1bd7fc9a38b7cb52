"""Secret words at the commands: from a file as any editor writes it, from standard input, and never typed where it can be seen."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from lastcall.core.errors import BadInput
from lastcall.site.output import secret_from

WRITTEN = [b"2468", b"2468\n", b"2468\r\n", b"\xef\xbb\xbf2468\r\n"]


@pytest.mark.parametrize("octets", WRITTEN)
def test_a_file_is_read_as_any_editor_writes_it(octets: bytes, tmp_path: Path) -> None:
    file = tmp_path / "word.txt"
    file.write_bytes(octets)
    assert secret_from(str(file), prompt="PIN") == "2468"


@pytest.mark.parametrize("octets", WRITTEN)
def test_standard_input_is_read_alike(octets: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(octets), encoding="utf-8"))
    assert secret_from("-", prompt="PIN") == "2468"


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "word.bin"
    file.write_bytes(b"\xff\xfe2\x004\x00")
    with pytest.raises(BadInput) as refused:
        secret_from(str(file), prompt="PIN")
    assert refused.value.code == "bad_file"


def test_without_a_terminal_nobody_is_asked() -> None:
    """No terminal at all (a session of its own, as under cron): what is typed would be seen, or nobody is there to type."""
    ask = "from lastcall.site.output import hidden; hidden('PIN')"
    done = subprocess.run(
        [sys.executable, "-c", ask],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "there is no terminal at which the PIN could be typed unseen" in done.stderr
