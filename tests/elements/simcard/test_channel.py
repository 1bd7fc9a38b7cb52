"""Commands and their whole answers, over a link that answers as a script says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lastcall.elements.simcard.channel import READ_BINARY, READ_RECORD, SELECT, Channel, TooManyCommands
from lastcall.elements.simcard.found import read_fcp
from lastcall.elements.simcard.status import Meaning, meaning, tries_in
from lastcall.elements.simcard.tree import Tree


class Script:
    """A link that answers command by command; ``sent``: in hexadecimal digits."""

    name = "script"

    def __init__(self, answer: Callable[[bytes], tuple[bytes, int]]) -> None:
        self._answer = answer
        self.sent: list[str] = []

    def connect(self) -> bytes:
        return b"\x3b\x00"

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        self.sent.append(apdu.hex(" ").upper())
        return self._answer(apdu)

    def reset(self) -> bytes:
        return b"\x3b\x00"

    def disconnect(self) -> None:
        return None


def script(*answers: tuple[bytes, int]) -> Script:
    given = iter(answers)
    return Script(lambda apdu: next(given))


@pytest.mark.parametrize(("cla", "more"), [(0xA0, 0x9F02), (0x00, 0x6102)])
def test_what_waits_is_fetched_in_the_same_class(cla: int, more: int) -> None:
    link = script((b"", more), (b"ab", 0x9000))
    answer = Channel(link, cla).send(SELECT, 0, 0, b"\x3f\x00")
    assert (answer.data, answer.sw) == (b"ab", 0x9000)
    assert link.sent == [f"{cla:02X} A4 00 00 02 3F 00", f"{cla:02X} C0 00 00 02"]


def test_an_answer_in_several_parts_is_put_together() -> None:
    link = script((b"", 0x6100), (b"a" * 256, 0x6102), (b"bc", 0x9000))
    assert Channel(link, 0x00).send(SELECT, 0, 4, b"\x2f\x00").data == b"a" * 256 + b"bc"
    assert link.sent[1:] == ["00 C0 00 00 00", "00 C0 00 00 02"]


def test_a_reader_that_fetches_by_itself_is_as_good() -> None:
    assert Channel(script((b"ab", 0x9000)), 0x00).send(SELECT, 0, 4, b"\x3f\x00").data == b"ab"


@pytest.mark.parametrize("sw", [0x6C09, 0x6709])
def test_a_wrong_length_is_asked_again_with_the_right_one(sw: int) -> None:
    link = script((b"", sw), (b"123456789", 0x9000))
    answer = Channel(link, 0xA0).send(READ_BINARY, 0, 0, length=10)
    assert (answer.data, answer.asked, link.sent) == (b"123456789", 9, ["A0 B0 00 00 0A", "A0 B0 00 00 09"])


@pytest.mark.parametrize("sw", [0x6C09, 0x6709, 0x6110, 0x9F10])
def test_a_card_that_never_comes_to_an_end_is_left(sw: int) -> None:
    link = Script(lambda apdu: (b"x", sw))
    channel = Channel(link, 0x00)
    channel.send(READ_RECORD, 1, 4, length=10)
    channel.send(SELECT, 0, 4, b"\x3f\x00")
    assert len(link.sent) < 40


def test_no_more_commands_are_sent_than_are_allowed() -> None:
    link = Script(lambda apdu: (b"x", 0x9000))
    channel = Channel(link, 0x00)
    with channel.bounded(3):
        for _ in range(3):
            channel.send(READ_RECORD, 1, 4, length=1)
        with pytest.raises(TooManyCommands):
            channel.send(READ_RECORD, 1, 4, length=1)
    channel.send(READ_RECORD, 1, 4, length=1)
    assert len(link.sent) == 4


def test_a_card_by_t1_that_answers_a_selection_only_where_its_length_is_asked_for_is_asked_so_from_then_on() -> None:
    fcp = bytes.fromhex("620D8202412183026F0780020009")
    link = Script(lambda apdu: (fcp, 0x9000) if len(apdu) == 8 else (b"", 0x9000))
    tree = Tree(Channel(link, 0x00), read_fcp, p2=0x04)
    assert tree.open((0x7F20, 0x6F07)).size == 9
    assert link.sent == [
        "00 A4 00 04 02 3F 00",
        "00 A4 00 04 02 3F 00 00",
        "00 A4 00 04 02 7F 20 00",
        "00 A4 00 04 02 6F 07 00",
    ]


@pytest.mark.parametrize(
    ("sw", "expected"),
    [
        (0x9000, Meaning.DONE), (0x9112, Meaning.DONE), (0x6282, Meaning.DONE), (0x9201, Meaning.DONE),
        (0x9240, Meaning.FAILED), (0x6F00, Meaning.FAILED), (0x63C2, Meaning.WRONG), (0x63C0, Meaning.BLOCKED),
        (0x9804, Meaning.WRONG), (0x9840, Meaning.BLOCKED), (0x6983, Meaning.BLOCKED), (0x6982, Meaning.CLOSED),
        (0x9404, Meaning.ABSENT), (0x6A82, Meaning.ABSENT), (0x9402, Meaning.NO_RECORD), (0x6A83, Meaning.NO_RECORD),
        (0x6C20, Meaning.WRONG_LENGTH), (0x6700, Meaning.WRONG_LENGTH), (0x9808, Meaning.AGAINST_STATE),
    ],
)  # fmt: skip
def test_status_words_of_both_classes_mean_the_same(sw: int, expected: Meaning) -> None:
    assert meaning(sw) is expected


def test_tries_are_told_by_one_status_word_alone() -> None:
    assert [tries_in(sw) for sw in (0x63C3, 0x63C0, 0x6300, 0x9000)] == [3, 0, None, None]
