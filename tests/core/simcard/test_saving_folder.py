"""Files are put into a folder whole or not at all, beside nothing else, and for their owner only."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from lastcall.core.errors import Refused
from lastcall.core.simcard.saving import refuse_unfit, refuse_used, save, save_or_refuse

FILES = {"contacts.vcf": b"one", "messages.csv": b"two", "manifest.json": b"{}"}


def mode(path: Path) -> int:
    """Who may do what."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody presses Ctrl-C while the second file is written."""
    real, calls = os.fsync, []

    def second_time(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(descriptor)

    monkeypatch.setattr(os, "fsync", second_time)


def test_all_files_are_there_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "backup"
    save(FILES, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == FILES
    assert mode(folder) == 0o700
    assert {mode(path) for path in folder.iterdir()} == {0o600}
    assert list(folder.parent.iterdir()) == [folder]


def test_an_empty_folder_that_is_there_is_taken(tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir(mode=0o755)
    save(FILES, folder)
    assert {path.name for path in folder.iterdir()} == set(FILES)
    assert mode(folder) == 0o700


@pytest.mark.parametrize(
    "used",
    [
        lambda path: (path.mkdir(), (path / ".hidden").write_bytes(b"")),
        lambda path: path.write_bytes(b"a file"),
        lambda path: path.symlink_to(path.parent / "nowhere"),
    ],
    ids=["with other things", "a file", "a link to nowhere"],
)
def test_it_refuses_what_is_there_already_and_changes_nothing(tmp_path: Path, used: Callable[[Path], object]) -> None:
    folder = tmp_path / "backup"
    used(folder)
    before = sorted(tmp_path.rglob("*"))
    for refusing in (refuse_used, lambda path: save(FILES, path)):
        with pytest.raises(Refused) as refused:
            refusing(folder)
        assert refused.value.code == "folder_used"
    assert sorted(tmp_path.rglob("*")) == before


def test_a_second_backup_never_writes_over_the_first(tmp_path: Path) -> None:
    save(FILES, tmp_path / "backup")
    with pytest.raises(Refused):
        save({"contacts.vcf": b"other"}, tmp_path / "backup")
    assert (tmp_path / "backup" / "contacts.vcf").read_bytes() == b"one"


@pytest.mark.usefixtures("interrupted")
def test_ctrl_c_leaves_no_new_folder_and_nothing_hidden(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        save(FILES, tmp_path / "backup")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("interrupted")
def test_ctrl_c_leaves_an_empty_folder_empty(tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    with pytest.raises(KeyboardInterrupt):
        save(FILES, folder)
    assert list(folder.iterdir()) == []


def test_what_another_put_there_at_the_same_time_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    real = os.fsync

    def meanwhile(descriptor: int) -> None:
        (folder / "messages.csv").write_bytes(b"theirs")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(FileExistsError):
        save(FILES, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"messages.csv": b"theirs"}


def test_a_full_disk_is_said_and_leaves_nothing_not_even_the_folders_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused) as refused:
        save_or_refuse(FILES, tmp_path / "new" / "one" / "backup")
    assert (refused.value.code, "backup" in refused.value.message) == ("cannot_save", True)
    assert refused.value.remedy.startswith("Make room there")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["x" * 300, "file/backup"], ids=["too long", "below a file"])
def test_a_folder_that_cannot_be_is_known_before_anything_is_made(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Refused) as refused:
        refuse_unfit(tmp_path / name)
    assert (refused.value.code, refused.value.remedy) == ("cannot_save", "Name a folder that you may write to.")


def test_a_place_where_nobody_may_write_is_known_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path)
    for folder in (tmp_path, tmp_path / "backup", tmp_path / "new" / "backup"):
        with pytest.raises(Refused) as refused:
            refuse_unfit(folder)
        assert refused.value.code == "cannot_save"


def test_a_name_as_long_as_a_name_may_be_is_taken(tmp_path: Path) -> None:
    save(FILES, tmp_path / ("x" * 250))
    assert {path.name for path in (tmp_path / ("x" * 250)).iterdir()} == set(FILES)
