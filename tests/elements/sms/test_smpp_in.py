"""What a real SMSC delivers: texts in every coding, parts, receipts; kept before it is acknowledged, brought again when not."""

from __future__ import annotations

import logging
import threading
import time as system_time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lastcall.core.ports import Message
from lastcall.core.texting.arrived import Arrived, PartOf, Reported
from lastcall.elements.sms.delivered import decoded, read_delivery
from lastcall.elements.sms.link import Garbled
from lastcall.elements.sms.smpp import SmppSms
from tests import smsc as numbers
from tests.smsc import GSM, LATIN, Sending, Smsc

UDH_HEADED = 0x40
LONG = "Закрыть мою линию, пожалуйста. " * 4


@dataclass
class Inbox:
    """What came, in order, and the names that messages were given; ``away``: so often it cannot keep anything."""

    sms: SmppSms
    came: list[Arrived | Reported] = field(default_factory=list)
    names: dict[str, list[str]] = field(default_factory=dict)
    away: int = 0
    news: threading.Condition = field(default_factory=threading.Condition)

    def keep(self, came: Arrived | Reported) -> None:
        with self.news:
            if self.away:
                self.away -= 1
                raise OSError("the database is away")
            self.came.append(came)
            self.news.notify_all()

    def note(self, key: str, names: object) -> None:
        self.names[key] = list(names)  # type: ignore[call-overload]

    def reports(self, count: int) -> list[Reported]:
        """Wait for so many reports."""
        with self.news:
            assert self.news.wait_for(lambda: len(self._reports()) >= count, 10)
        return self._reports()

    def _reports(self) -> list[Reported]:
        return [came for came in self.came if isinstance(came, Reported)]

    @property
    def texts(self) -> list[Arrived]:
        return [came for came in self.came if isinstance(came, Arrived)]


@pytest.fixture
def inbox(smsc: Smsc, tmp_path: Path) -> Iterator[Inbox]:
    """Lastcall listening at the SMSC."""
    sms = SmppSms(smsc.account(), memory=tmp_path / "handed-over", timeout=5.0)
    inbox, stop, mark = Inbox(sms), threading.Event(), smsc.mark()
    sms.deliver_to(inbox.keep, inbox.note)
    thread = threading.Thread(target=sms.listen, args=(stop,), daemon=True)
    thread.start()
    smsc.wait("bind", after=mark)
    yield inbox
    stop.set()
    thread.join(10)
    sms.close()


pytestmark = pytest.mark.element


@pytest.mark.parametrize(
    ("octets", "coding", "text"),
    [
        ("销户".encode("utf-16-be"), 8, "销户"),
        ("Закрыть 👋".encode("utf-16-be"), 8, "Закрыть 👋"),
        (b"CLOSE \x00 \x1b\x65 \x11", GSM, "CLOSE @ € _"),
        (b"CLOSE \xe9", LATIN, "CLOSE é"),
        (b"CLOSE", 1, "CLOSE"),
        ("закрыть".encode("iso8859-5"), 6, "закрыть"),
        ("стоп".encode("utf-16-be"), 0x18, "стоп"),
        (b"close", 0xF0, "close"),
        (b"\x01\x02", 4, ""),
        (b"", 0, ""),
    ],
)
def test_a_text_is_read_in_its_coding(smsc: Smsc, inbox: Inbox, octets: bytes, coding: int, text: str) -> None:
    mark = smsc.mark()
    name = smsc.deliver(Sending(octets, coding))
    smsc.wait("taken", after=mark, name=name)
    assert inbox.texts == [Arrived(sender="+79000001001", recipient="0000", text=text)]


@pytest.mark.parametrize(
    ("ton", "source", "sender"),
    [(1, "79000001001", "+79000001001"), (2, "9000001001", "9000001001"), (3, "8800", "8800"), (5, "Bank", "Bank")],
)
def test_the_sender_is_told_as_the_smsc_vouches_for_it(
    smsc: Smsc, inbox: Inbox, ton: int, source: str, sender: str
) -> None:
    smsc.phone("стоп", source=source, source_ton=ton)
    assert [came.sender for came in inbox.texts] == [sender]


def test_a_long_text_in_a_parameter_is_read_too(smsc: Smsc, inbox: Inbox) -> None:
    mark = smsc.mark()
    payload = {"message_payload": LONG.encode("utf-16-be").hex(), "user_message_reference": 0x1234}
    smsc.wait("taken", after=mark, name=smsc.deliver(Sending(b"", parameters=payload)))
    assert [(came.text, came.reference) for came in inbox.texts] == [(LONG, "1234")]


@pytest.mark.parametrize(("number", "reference"), [(0, ""), (7, "07"), (0x1234, "1234")])
def test_a_phone_s_own_number_of_the_text_is_told_unless_it_is_nought(
    smsc: Smsc, inbox: Inbox, number: int, reference: str
) -> None:
    smsc.phone("стоп", parameters={"user_message_reference": number})
    assert [came.reference for came in inbox.texts] == [reference]


@pytest.mark.parametrize(
    ("header", "reference"),
    [(b"\x05\x00\x03\x2a\x02\x01", "8 42"), (b"\x06\x08\x04\x01\x02\x02\x01", "16 258")],
)
def test_a_part_says_which_of_how_many_it_is(smsc: Smsc, inbox: Inbox, header: bytes, reference: str) -> None:
    mark = smsc.mark()
    octets = header + "закр".encode("utf-16-be")
    smsc.wait("taken", after=mark, name=smsc.deliver(Sending(octets, esm_class=UDH_HEADED)))
    assert [(came.text, came.part) for came in inbox.texts] == [("закр", PartOf(reference, 1, 2))]


def test_a_part_may_say_so_in_parameters(smsc: Smsc, inbox: Inbox) -> None:
    told = {"sar_msg_ref_num": 7, "sar_total_segments": 3, "sar_segment_seqnum": 2}
    smsc.phone("кры", parameters=told)
    assert inbox.texts[0].part == PartOf("sar 7", 2, 3)


def test_a_whole_text_with_another_header_is_no_part(smsc: Smsc, inbox: Inbox) -> None:
    mark = smsc.mark()
    octets = b"\x06\x05\x04\x0b\x84\x23\xf0" + b"close"  # ports, 3GPP TS 23.040, 9.2.3.24.4
    smsc.wait("taken", after=mark, name=smsc.deliver(Sending(octets, GSM, esm_class=UDH_HEADED)))
    assert [(came.text, came.part) for came in inbox.texts] == [("close", None)]


def test_what_cannot_be_kept_is_not_acknowledged_and_comes_again(smsc: Smsc, inbox: Inbox) -> None:
    inbox.away, mark = 3, smsc.mark()
    name = smsc.phone("销户")
    assert [told["status"] for told in smsc.told("refused", after=mark)] == [0x64] * 3  # ESME_RX_T_APPN
    assert smsc.told("taken", after=mark) == [{"event": "taken", "name": name}]
    assert [came.text for came in inbox.texts] == ["销户"]


def test_a_connection_that_breaks_before_the_smsc_knows_brings_it_again(smsc: Smsc, inbox: Inbox) -> None:
    smsc.phone("销户", drop=True)
    assert [came.text for came in inbox.texts] == ["销户", "销户"]  # that it is one is for the core to know


def test_without_a_receiver_a_text_stays_with_the_smsc(smsc: Smsc, tmp_path: Path) -> None:
    sms = SmppSms(smsc.account(), memory=tmp_path, timeout=5.0)
    sms.send(Message("notice 1", "+79990009001", "", "text", "en"))
    mark = smsc.mark()
    name = smsc.deliver(Sending("销户".encode("utf-16-be")))
    smsc.wait("refused", after=mark, name=name, status=0x64)
    inbox = Inbox(sms)
    sms.deliver_to(inbox.keep, inbox.note)
    smsc.wait("taken", after=mark, name=name)
    sms.close()
    assert [came.text for came in inbox.texts] == ["销户"]


def test_texts_come_in_while_others_go_out(smsc: Smsc, inbox: Inbox) -> None:
    mark = smsc.mark()
    names = [smsc.deliver(Sending(f"{place}".encode("utf-16-be"))) for place in range(30)]
    for place in range(30):
        inbox.sms.send(Message(f"out {place} {mark}", f"+7999888{place:04d}", "", "line", "en"))
    for name in names:
        smsc.wait("taken", after=mark, name=name)
    assert sorted(int(came.text) for came in inbox.texts) == list(range(30))
    assert len(inbox.reports(30)) == 30


@pytest.mark.parametrize(
    ("to", "outcome", "reason"),
    [
        ("+79990009002", "delivered", ""),
        (numbers.UNDELIVERABLE + "2", "failed", "UNDELIV"),
        (numbers.EXPIRED + "2", "failed", "EXPIRED"),
        (numbers.REJECTED + "2", "failed", "REJECTD"),
    ],
)
def test_a_receipt_is_told_under_the_name_that_the_message_was_given(
    smsc: Smsc, inbox: Inbox, to: str, outcome: str, reason: str
) -> None:
    inbox.sms.send(Message(f"message to {to}", to, "", "Закрытие линии " * 10, "ru"))
    reports = inbox.reports(3)
    assert {report.name for report in reports} == set(inbox.names[f"message to {to}"])
    assert {(report.outcome, report.reason) for report in reports} == {(outcome, reason)}


def test_a_name_that_cannot_be_noted_sends_nothing_twice(smsc: Smsc, inbox: Inbox) -> None:
    def broken(key: str, names: object) -> None:
        raise OSError("the database is away")

    inbox.sms.deliver_to(inbox.keep, broken)
    mark, message = smsc.mark(), Message("broken note", "+79990009003", "", "line", "en")
    for _ in range(2):
        inbox.sms.send(message)
    assert len(smsc.settled("message", after=mark)) == 1


def test_the_listener_comes_back_when_the_smsc_does(smsc: Smsc, inbox: Inbox) -> None:
    smsc.stop()
    smsc.start()
    smsc.phone("销户")
    assert [came.text for came in inbox.texts] == ["销户"]


def test_the_listener_asks_whether_the_smsc_lives(smsc: Smsc, tmp_path: Path) -> None:
    mark, stop = smsc.mark(), threading.Event()
    sms = SmppSms(smsc.account(), memory=tmp_path, timeout=5.0, idle=0.1)
    thread = threading.Thread(target=sms.listen, args=(stop,), daemon=True)
    thread.start()
    smsc.wait("enquired", after=mark)
    stop.set()
    thread.join(10)
    sms.close()


def test_a_listener_without_an_smsc_waits_and_can_be_stopped(
    smsc: Smsc, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sms, stop = SmppSms(smsc.account(password="wrong"), memory=tmp_path, timeout=1.0), threading.Event()
    thread = threading.Thread(target=sms.listen, args=(stop,), daemon=True)
    with caplog.at_level(logging.WARNING):
        mark = smsc.mark()
        thread.start()
        smsc.wait("bind", after=mark, good=False)
        began = system_time.monotonic()
        stop.set()
        thread.join(10)
    assert not thread.is_alive() and system_time.monotonic() - began < 3
    assert "bind_refused" in caplog.text and "wrong" not in caplog.text


HEAD = b"\0\x01\x0179000001001\0\0\x010000\0"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0\x01",
        HEAD,
        HEAD + b"\0\0\0\0\0\0\0\x08\0\x09abc",
        HEAD + b"\x40\0\0\0\0\0\0\x08\0\x03\x05\x00\x09",
        HEAD + b"\0\0\0\0\0\0\0\x08\0\0\x04\x24\xff\xff",
    ],
)
def test_what_is_cut_short_is_found_out(body: bytes) -> None:
    with pytest.raises(Garbled):
        read_delivery(body)


def test_what_cannot_be_read_is_refused_for_good_and_not_shown(
    smsc: Smsc, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    mark = smsc.mark()
    name = smsc.deliver(Sending(b"\x09\x00secret", esm_class=UDH_HEADED))
    smsc.wait("refused", after=mark, name=name, status=0x66)  # ESME_RX_R_APPN
    assert not inbox.texts and "secret" not in caplog.text
    smsc.stop()  # this one brings it again for ever


def test_half_of_a_sign_stays_for_the_other_half() -> None:
    first = decoded("👋".encode("utf-16-be")[:2], 8)
    assert first == "\ud83d" and len(first) == 1
