"""The memory of what was handed to a server."""

from __future__ import annotations

import multiprocessing
import threading
from pathlib import Path

import pytest

from lastcall.core.errors import ElementTrouble
from lastcall.elements.handover import Handover


def count_in(folder: Path, log: Path) -> None:
    memory = Handover(folder)
    for number in range(50):
        with memory.once(f"notice {number}") as fresh:
            if fresh:
                with log.open("a") as out:
                    out.write(f"{number}\n")


def attempt(folder: Path, key: str = "notice 1") -> bool:
    with Handover(folder).once(key) as fresh:
        return fresh


def test_a_key_is_handed_over_once(tmp_path: Path) -> None:
    assert [attempt(tmp_path), attempt(tmp_path), attempt(tmp_path, "notice 2")] == [True, False, True]


def test_what_failed_is_handed_over_again(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError), Handover(tmp_path).once("notice 1"):
        raise TimeoutError
    assert [attempt(tmp_path), attempt(tmp_path)] == [True, False]


def test_an_intent_left_by_a_crash_is_handed_over_again(tmp_path: Path) -> None:
    attempt(tmp_path)
    (file,) = tmp_path.iterdir()
    assert file.read_bytes() == b"s"
    file.write_bytes(b"i")
    assert [attempt(tmp_path), attempt(tmp_path)] == [True, False]


def test_the_intent_is_written_first(tmp_path: Path) -> None:
    with Handover(tmp_path).once("notice 1"):
        (file,) = tmp_path.iterdir()
        assert file.read_bytes() == b"i"


def test_it_keeps_no_key_and_shows_nothing_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "memory"
    attempt(folder, "../case of Li Wei")
    (file,) = folder.iterdir()
    assert len(file.name) == 64 and file.stat().st_size == 1
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)


def test_who_comes_while_it_is_handed_over_waits_for_the_outcome(tmp_path: Path) -> None:
    answers: list[bool] = []
    with Handover(tmp_path).once("notice 1"):
        other = threading.Thread(target=lambda: answers.append(attempt(tmp_path)))
        other.start()
        other.join(0.2)
        assert answers == []
    other.join(10)
    assert answers == [False]


def test_processes_share_it(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    log = tmp_path / "log"
    others = [spawn.Process(target=count_in, args=(tmp_path / "memory", log)) for _ in range(3)]
    for process in others:
        process.start()
    for process in others:
        process.join(60)
        assert process.exitcode == 0
    assert sorted(map(int, log.read_text().split())) == list(range(50))


def test_a_folder_that_cannot_be_written_is_found_before_anything_is_handed_over(tmp_path: Path) -> None:
    in_the_way = tmp_path / "memory"
    in_the_way.write_text("a file")
    with pytest.raises(ElementTrouble) as caught, Handover(in_the_way).once("notice 1"):
        pytest.fail("it was handed over")
    assert (caught.value.code, caught.value.permanent) == ("memory_unwritable", False)
