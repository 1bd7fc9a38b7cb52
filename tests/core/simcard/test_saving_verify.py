"""A folder is checked against its manifest: what is missing, changed, or not from us."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from lastcall.core.errors import BadInput, NotFound
from lastcall.core.simcard.saving import save, verify
from tests.core.simcard.test_saving_files import made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A saved card."""
    save(made(), tmp_path / "backup")
    return tmp_path / "backup"


def test_what_was_saved_is_in_order(folder: Path) -> None:
    assert verify(folder) == ()


def test_a_changed_a_longer_a_missing_and_a_strange_file_are_each_named(folder: Path) -> None:
    vcf = (folder / "contacts.vcf").read_bytes()
    (folder / "contacts.vcf").write_bytes(vcf[:-1] + b"X")
    (folder / "contacts.csv").write_bytes(b"")
    (folder / "messages.csv").unlink()
    (folder / "other.txt").write_bytes(b"")
    problems = verify(folder)
    assert [problem.split(":")[0] for problem in problems] == [
        "contacts.vcf",
        "contacts.csv",
        "messages.csv",
        "other.txt",
    ]
    assert problems[0] == "contacts.vcf: its content is not what was saved"
    assert problems[1].startswith("contacts.csv: 0 octets instead of ")


def test_a_folder_without_a_manifest_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as missing:
        verify(tmp_path)
    assert missing.value.code == "no_manifest"


@pytest.mark.parametrize(
    "change",
    [
        {"format": "something else"},
        {"version": 2},
        {"files": [{"name": "../../etc/passwd", "size": 1, "sha256": ""}]},
        {"files": [{"name": "card.json", "size": "1", "sha256": ""}]},
        {"files": [{"name": "card\0.json", "size": 1, "sha256": ""}]},
        {"files": [{"name": "\x1b[2Jcard.json", "size": 1, "sha256": ""}]},
        {"files": [{}]},
        {"files": None},
        {"files": []},
        {"files": [{"name": "..", "size": 1, "sha256": ""}]},
        {"files": [{"name": "manifest.json", "size": 1, "sha256": ""}]},
        {"files": [{"name": "card.json", "size": -1, "sha256": ""}]},
        [],
    ],
)
def test_a_manifest_that_is_not_ours_is_refused(folder: Path, change: Any) -> None:
    path = folder / "manifest.json"
    document = json.loads(path.read_bytes()) | change if isinstance(change, dict) else change
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        verify(folder)
    assert refused.value.code == "bad_manifest"


def test_a_manifest_without_end_is_refused(folder: Path) -> None:
    (folder / "manifest.json").write_text("[" * 200_000, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        verify(folder)
    assert refused.value.code == "bad_manifest"


def test_a_pipe_a_link_and_a_folder_are_named_and_not_read(folder: Path) -> None:
    elsewhere = folder.parent / "elsewhere"
    (folder / "contacts.vcf").rename(elsewhere)
    (folder / "contacts.vcf").symlink_to(elsewhere)
    (folder / "contacts.csv").unlink()
    os.mkfifo(folder / "contacts.csv")
    (folder / "messages.csv").unlink()
    (folder / "messages.csv").mkdir()
    assert verify(folder) == (
        "contacts.vcf: it is a link",
        "contacts.csv: it is no file",
        "messages.csv: it is no file",
    )


@pytest.mark.parametrize("kind", ["a pipe", "a link"])
def test_a_manifest_that_is_no_file_is_not_there(folder: Path, kind: str) -> None:
    path = folder / "manifest.json"
    elsewhere = path.rename(folder.parent / "elsewhere")
    os.mkfifo(path) if kind == "a pipe" else path.symlink_to(elsewhere)
    with pytest.raises(NotFound):
        verify(folder)


def test_a_file_that_has_grown_is_not_read_to_its_end(folder: Path) -> None:
    with (folder / "card.json").open("r+b") as file:
        file.truncate(1 << 40)
    assert verify(folder)[0].startswith(f"card.json: {1 << 40} octets instead of ")
