"""The protocol alone: what is read, what is refused, and what never gets into a command."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest

from lastcall.doors.hotline.agi import LONGEST_LINE, BadPeer, Channel, HungUp, command

T = TypeVar("T")


class Wire:
    """The writing half of a connection that keeps what was written."""

    def __init__(self, *, broken: bool = False) -> None:
        self.sent = b""
        self.broken = broken

    def write(self, data: bytes) -> None:
        self.sent += data

    async def drain(self) -> None:
        if self.broken:
            raise ConnectionResetError


def talk(
    peer: bytes, work: Callable[[Channel], Awaitable[T]], *, more: bool = False, broken: bool = False
) -> tuple[T, bytes]:
    """What ``work`` gives when the peer says exactly that; ``more``: it stays on the line afterwards."""

    async def run() -> tuple[T, bytes]:
        reader, wire = asyncio.StreamReader(limit=LONGEST_LINE), Wire(broken=broken)
        reader.feed_data(peer)
        if not more:
            reader.feed_eof()
        channel: Any = Channel(reader, wire, patience=0.05)  # type: ignore[arg-type]
        return await work(channel), wire.sent

    return asyncio.run(run())


def test_the_variables_end_with_an_empty_line_and_the_question_mark_is_read() -> None:
    peer = b"agi_network: yes\nagi_network_script: hotline?lang=ru&x=1\nagi_uniqueid: 17.5\nagi_empty:\n\n"
    said, _ = talk(peer, lambda channel: channel.variables())
    assert (said.channel, said.script, said.query) == ("17.5", "hotline", {"lang": "ru", "x": "1"})


@pytest.mark.parametrize(
    ("peer", "error"),
    [
        (b"", HungUp),
        (b"agi_uniqueid: 1\n", HungUp),
        (b"agi_uniqueid: 1", HungUp),
        (b"GET / HTTP/1.1\r\n\r\n", BadPeer),
        (b"\x16\x03\x01\x02\x00\xff\n", BadPeer),
        (b"agi_a: " + b"x" * (2 * LONGEST_LINE) + b"\n\n", BadPeer),
        (b"".join(b"agi_%d: x\n" % number for number in range(400)) + b"\n", BadPeer),
    ],
)
def test_a_peer_that_begins_otherwise_is_let_go(peer: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        talk(peer, lambda channel: channel.variables())


def test_a_peer_that_says_half_a_line_and_waits_is_let_go() -> None:
    with pytest.raises(BadPeer, match="no answer in time"):
        talk(b"agi_uniqueid: 1\nagi_", lambda channel: channel.variables(), more=True)


def test_a_time_out_comes_as_an_empty_result() -> None:
    got, sent = talk(b"200 result= (timeout)\n", lambda channel: channel.digits("/p/pause", wait=2.5, most=3))
    assert got == ("", True)
    assert sent == b"GET DATA /p/pause 2500 3\n"


@pytest.mark.parametrize(
    ("peer", "got"),
    [
        (b"200 result=0417\n", ("0417", False)),
        (b"200 result=04 (timeout)\n", ("04", True)),
        (b"200 result=\n", ("", False)),
        (b"200 result=*12\r\n", ("*12", False)),
    ],
)
def test_keys_come_as_they_were_pressed(peer: bytes, got: tuple[str, bool]) -> None:
    assert talk(peer, lambda channel: channel.digits("p", wait=1, most=9))[0] == got


@pytest.mark.parametrize(
    ("peer", "key"),
    [(b"200 result=0 endpos=900\n", ""), (b"200 result=35 endpos=9\n", "#"), (b"200 result=48 endpos=9\n", "0")],
)
def test_a_key_during_a_prompt_comes_as_its_code(peer: bytes, key: str) -> None:
    got, sent = talk(peer, lambda channel: channel.stream("en/main", until="09#", seconds=1))
    assert got == key
    assert sent == b'STREAM FILE en/main "09#"\n'


@pytest.mark.parametrize(
    "peer",
    [b"200 result=-1\n", b"200 result=-1 endpos=0\n", b"HANGUP\n", b"511 Command Not Permitted\n", b"", b"200 resu"],
)
def test_a_hang_up_is_known_in_every_form(peer: bytes) -> None:
    with pytest.raises(HungUp):
        talk(peer, lambda channel: channel.digits("p", wait=0.01, most=1))


def test_a_connection_that_breaks_while_we_write_is_a_hang_up() -> None:
    with pytest.raises(HungUp):
        talk(b"", lambda channel: channel.set("A", "b"), broken=True)


@pytest.mark.parametrize(
    "peer",
    [
        b"nonsense\n", b"200 result=999999\n", b"200 result=7 endpos=1\n", b"510 Invalid or unknown command\n",
        b"520-Invalid command syntax.  Proper usage follows:\nUsage: STREAM FILE\n520 End of proper usage.\n",
        b"\xff\xfe\n", b"x" * (2 * LONGEST_LINE),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_ends_the_call(peer: bytes) -> None:
    with pytest.raises(BadPeer):
        talk(peer, lambda channel: channel.stream("p", until="", seconds=0.01))


def test_a_peer_that_never_answers_is_let_go() -> None:
    with pytest.raises(BadPeer, match="no answer in time"):
        talk(b"", lambda channel: channel.stream("p", until="", seconds=0.01), more=True)


@pytest.mark.parametrize("word", ["a\nHANGUP", "a\rb", "a\x00b", "a\u2028b", "\x1b[0m"])
def test_no_newline_and_no_control_character_gets_into_a_command(word: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        command("SET", "VARIABLE", "A", word)


def test_words_that_are_not_plain_are_quoted() -> None:
    assert command("SET", "VARIABLE", "A", 'he said "1 2" \\') == b'SET VARIABLE A "he said \\"1 2\\" \\\\"\n'


def test_the_peer_that_played_nothing_is_noticed() -> None:
    async def work(channel: Channel) -> bool:
        await channel.stream("p", until="", seconds=0.01)
        return channel.unplayed

    assert talk(b"200 result=0 endpos=0\n", work)[0]
    assert not talk(b"200 result=0 endpos=800\n", work)[0]
