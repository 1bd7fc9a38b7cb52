"""The folder and the screen that SMS and mail share."""

from __future__ import annotations

import io
import multiprocessing
from pathlib import Path

from lastcall.elements.outbox import ORDER_FILE, FolderOutbox, ScreenOutbox


def put_many(folder: Path, writer: int) -> None:
    outbox = FolderOutbox(folder, suffix=".txt")
    for number in range(25):
        outbox.put(f"shared {number}", b"shared")
        outbox.put(f"{writer} {number}", f"{writer} {number}".encode())


def test_files_come_back_in_the_order_of_writing(tmp_path: Path) -> None:
    outbox = FolderOutbox(tmp_path, suffix=".txt")
    contents = [f"message {number}".encode() for number in (7, 3, 9, 1, 5)]
    for content in contents:
        outbox.put(content.decode(), content)
    assert outbox.contents() == contents
    assert FolderOutbox(tmp_path, suffix=".txt").contents() == contents


def test_an_empty_outbox_has_nothing(tmp_path: Path) -> None:
    assert FolderOutbox(tmp_path / "not yet", suffix=".txt").contents() == []


def test_only_the_owner_may_read(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    FolderOutbox(folder, suffix=".txt").put("key", b"a one-time code")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_no_file_name_tells_the_key(tmp_path: Path) -> None:
    FolderOutbox(tmp_path, suffix=".txt").put("../case of Li Wei", b"notice")
    (name,) = (path.name for path in tmp_path.iterdir() if path.name != ORDER_FILE)
    assert len(name) == 64 + len(".txt")
    assert "Li" not in name


def test_a_crash_before_the_file_was_whole_is_made_good_by_the_next_try(tmp_path: Path) -> None:
    outbox = FolderOutbox(tmp_path, suffix=".txt")
    outbox.put("first", b"first")
    (name,) = (path.name for path in tmp_path.iterdir() if path.name != ORDER_FILE)
    (tmp_path / name).rename(tmp_path / f".{name}.part")
    assert outbox.contents() == []
    outbox.put("first", b"first")
    assert outbox.contents() == [b"first"]


def test_processes_share_a_folder(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=put_many, args=(tmp_path, writer)) for writer in range(3)]
    for process in writers:
        process.start()
    for process in writers:
        process.join(timeout=60)
    assert [process.exitcode for process in writers] == [0, 0, 0]
    contents = FolderOutbox(tmp_path, suffix=".txt").contents()
    assert len(contents) == 25 + 3 * 25
    for writer in range(3):
        own = [content for content in contents if content.startswith(f"{writer} ".encode())]
        assert own == [f"{writer} {number}".encode() for number in range(25)]


def test_the_screen_shows_no_control_characters() -> None:
    out = io.StringIO()
    ScreenOutbox(out).put("key", "Code\x1b[2J 12\nпривет 再见")
    assert out.getvalue() == "Code\ufffd[2J 12\nпривет 再见\n"
