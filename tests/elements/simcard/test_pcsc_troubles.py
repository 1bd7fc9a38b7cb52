"""What PC/SC says when something is missing, and that it is told so that a person can help it."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from lastcall.core.errors import ElementTrouble
from lastcall.elements.simcard.pcsc import PcscLinks
from tests.elements.simcard import vpcd


def trouble() -> ElementTrouble:
    """What asking for the readers raises."""
    with pytest.raises(ElementTrouble) as caught:
        PcscLinks().names()
    return caught.value


def test_a_missing_library_is_told_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "smartcard.scard", None)
    told = trouble()
    assert (told.code, told.permanent) == ("no_reader_library", True)
    assert "lastcall[reader]" in told.remedy
    with pytest.raises(ElementTrouble) as caught:
        PcscLinks().link(1)
    assert caught.value.code == "no_reader_library"


def test_the_library_is_not_asked_for_before_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "smartcard.scard", None)
    assert PcscLinks().name == "pcsc"


def test_a_service_that_does_not_let_the_user_in_is_told_from_one_that_does_not_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    denied = 0x8010006A
    scard = SimpleNamespace(
        SCARD_S_SUCCESS=0,
        SCARD_SCOPE_USER=0,
        SCARD_W_SECURITY_VIOLATION=denied,
        SCardEstablishContext=lambda scope: (denied, 0),
    )
    monkeypatch.setitem(sys.modules, "smartcard.scard", scard)
    told = trouble()
    assert (told.code, told.permanent) == ("no_card_service", True)
    assert "polkit" in told.remedy


@pytest.mark.element
def test_a_service_that_does_not_run_is_told() -> None:
    with vpcd.alone():
        vpcd.require()
        told = trouble()
    assert (told.code, told.permanent) == ("no_card_service", True)
    assert "pcscd" in told.remedy


@pytest.mark.element
def test_a_service_that_died_is_told_and_found_again(pcscd: vpcd.VirtualReaders) -> None:
    links = PcscLinks()
    assert len(links.names()) == 2
    pcscd.service.stop()
    assert trouble().code == "no_card_service"
    pcscd.service.start()
    assert [reader.card for reader in links.names()] == [False, False]


@pytest.mark.element
def test_the_service_left_behind_by_a_crash_is_cleared_away(pcscd: vpcd.VirtualReaders) -> None:
    pcscd.service.crash()
    assert trouble().code == "no_card_service"
    pcscd.service.start()
    assert len(PcscLinks().names()) == 2


@pytest.mark.element
def test_there_is_never_a_second_service_of_the_tests(pcscd: vpcd.VirtualReaders) -> None:
    with pytest.raises((pytest.fail.Exception, pytest.skip.Exception), match="another pcscd"):
        vpcd.require()


@pytest.mark.element
def test_the_virtual_readers_are_reached_from_this_computer_alone(pcscd: vpcd.VirtualReaders) -> None:
    listening = [
        line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if line.split()[3] == "0A"
    ]
    ours = {address for address in listening if address.endswith((":8C7B", ":8C7C"))}
    assert ours == {"0100007F:8C7B", "0100007F:8C7C"}
