"""The one source of time and randomness, and that nothing else is one."""

from __future__ import annotations

import ast
import contextlib
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

import lastcall
from lastcall.core import clock
from lastcall.core.clock import Clock, ManualClock

START = datetime(2026, 1, 12, 9, tzinfo=UTC)
CORE = Path(lastcall.__file__).parent / "core"


def test_the_systems_clock_tells_the_time_in_utc() -> None:
    moment = Clock().now()
    assert moment.tzinfo is UTC
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=1)


def test_a_manual_clock_moves_only_forward_and_only_by_hand() -> None:
    manual = ManualClock(START.astimezone(timezone(timedelta(hours=3))))
    assert manual.now() == manual.now() == START
    assert manual.advance(timedelta(hours=1)) == START + timedelta(hours=1)
    with pytest.raises(ValueError, match="backward"):
        manual.advance(timedelta(microseconds=-1))
    with pytest.raises(ValueError, match="aware"):
        ManualClock(datetime(2026, 1, 12))  # noqa: DTZ001 - that it is naive is the point


def test_ids_grow_and_never_repeat_in_however_many_threads() -> None:
    manual, made = ManualClock(START), []

    def make() -> None:
        made.append([manual.new_id() for _ in range(2_000)])

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(ids == sorted(ids) for ids in made)
    assert len({number for ids in made for number in ids}) == 16_000
    assert max(number for ids in made for number in ids) < 2**63


def test_an_id_fits_sixty_three_bits_for_centuries() -> None:
    assert ManualClock(datetime(2298, 8, 31, tzinfo=UTC)).new_id() < 2**63
    assert ManualClock(datetime(2001, 1, 1, tzinfo=UTC)).new_id() >= 0


def test_the_clock_in_force_is_put_back_afterwards() -> None:
    before = clock.current()
    with contextlib.suppress(RuntimeError), clock.use(ManualClock(START)):
        assert clock.now() == START
        raise RuntimeError
    assert clock.current() is before


def test_a_seeded_clock_repeats_itself_and_another_does_not() -> None:
    seeded = [ManualClock(START, seed=5).random_bits(80) for _ in range(2)]
    assert seeded[0] == seeded[1]
    assert ManualClock(START).random_bits(80) != ManualClock(START).random_bits(80)


def test_tokens_have_all_their_bits_and_no_letter_that_is_misread() -> None:
    made = {clock.token(80) for _ in range(200)}
    assert len(made) == 200
    assert all(len(token) == 16 and not set(token) & set("ILOU") for token in made)


def test_codes_have_all_their_digits_and_every_digit_comes_first() -> None:
    made = [clock.digits(6) for _ in range(2_000)]
    assert all(len(code) == 6 and code.isdigit() for code in made)
    assert {code[0] for code in made} == set("0123456789")


DERIVED = {"uuid5", "NAMESPACE_URL", "NAMESPACE_OID"}
"""Made from names alone (RFC 9562, 5.5): the same every time, by neither time nor chance."""


def test_nothing_else_in_the_core_asks_for_the_time_or_for_chance() -> None:
    forbidden = {"secrets", "random", "uuid", "time"}
    found = []
    for path in CORE.rglob("*.py"):
        if path.name == "clock.py" or "simulator" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import) and forbidden & {name.name for name in node.names}:
                found.append(path.name)
            if isinstance(node, ast.ImportFrom) and node.module in forbidden:
                found += [path.name] if {name.name for name in node.names} - DERIVED else []
            if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}:
                owner = ast.unparse(node.value)
                found += [f"{path.name}: {owner}.{node.attr}"] if owner in {"datetime", "date", "timezone"} else []
    assert found == []
