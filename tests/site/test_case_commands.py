"""``lastcall case``: a closing from a terminal, and what it says to wrong words."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from lastcall.core.closing import papers
from lastcall.core.closing.find import find_case_by_reference
from lastcall.core.numbers.msisdn import format_msisdn
from tests.cast import ANNA_MSISDN, LI_WEI_MSISDN, ON_THE_WEB, PASSPORT, Cast
from tests.site.terminal import Terminal


def _declare(lastcall: Terminal, *more: str, number: int = LI_WEI_MSISDN) -> dict[str, str]:
    left = lastcall("case", "declare", "--number", format_msisdn(number), "--json", *more)
    assert left.code == 0, left.err
    document: dict[str, str] = left.document
    return document


def _verify(lastcall: Terminal, case: str, *more: str, typed: str = "") -> str:
    left = lastcall("case", "verify", case, "--json", *more, typed=typed)
    assert left.code == 0, left.err
    return str(left.document["state"])


def _close(cast: Cast, lastcall: Terminal) -> dict[str, str]:
    receipt = _declare(lastcall)
    document = ("--document", "foreign_passport:CN", "--number-file", "-", "--in-person", "--as", "clerk:olga")
    _verify(lastcall, receipt["reference"], *document, typed=PASSPORT[2] + "\n")
    card = cast.sim_of(cast.li_wei).iccid
    sim = ("--sim", "collected", "--iccid", card, "--pin-removed", "--as", "clerk:olga")
    assert _verify(lastcall, receipt["reference"], *sim) == "on_hold"
    assert lastcall("work", "--until-idle").code == 0
    return receipt


def test_it_closes_a_line_from_the_terminal(cast: Cast, lastcall: Terminal) -> None:
    receipt = _close(cast, lastcall)
    shown = lastcall("case", "show", receipt["reference"], "--json").document
    assert shown["state"] == "closed"
    assert shown["final_bill"]["refund"] == 35_050
    listed = lastcall("case", "list", "--json").document
    assert [row["state"] for row in listed] == ["closed"]


def test_the_number_goes_back_to_its_former_holder(cast: Cast, lastcall: Terminal) -> None:
    receipt = _close(cast, lastcall)
    cast.time.advance(timedelta(days=3))
    sim = cast.new_sim()
    words = ("case", "reactivate", receipt["reference"], "--document", "foreign_passport:CN", "--number-file", "-",
             "--iccid", sim.iccid, "--as", "clerk:olga", "--json")  # fmt: skip
    alone = lastcall(*words, typed=PASSPORT[2])
    assert (alone.code, alone.error["code"]) == (3, "four_eyes")
    stranger = lastcall(*words, "--approver", "irina", typed="X1234567")
    assert (stranger.code, stranger.error["code"]) == (3, "not_the_former_holder")
    assert lastcall(*words, "--approver", "irina", typed=PASSPORT[2]).code == 0
    entry = cast.elements.hlr.look(sim.imsi)
    assert entry is not None
    assert entry.in_service


def test_the_same_key_gives_the_same_receipt_and_another_body_a_conflict(cast: Cast, lastcall: Terminal) -> None:
    first = _declare(lastcall, "--key", "0123456789")
    assert _declare(lastcall, "--key", "0123456789") == first
    other = lastcall("case", "declare", "--number", format_msisdn(ANNA_MSISDN), "--key", "0123456789", "--json")
    assert (other.code, other.error["code"]) == (6, "key_reused")


def test_the_holder_changes_their_mind(cast: Cast, lastcall: Terminal) -> None:
    receipt = _declare(lastcall)
    assert lastcall("case", "withdraw", receipt["case"], "--json").document["state"] == "withdrawn"
    again = lastcall("case", "withdraw", receipt["case"], "--json")
    assert (again.code, again.error["code"]) == (3, "not_allowed")


def test_papers_that_came_by_post_are_scanned_once(cast: Cast, lastcall: Terminal) -> None:
    receipt = _declare(lastcall)
    sheet = papers.announce(
        cast.base,
        case_id=find_case_by_reference(cast.base, reference=receipt["reference"]).id,
        kinds=("statement",),
        actor=ON_THE_WEB,
    )
    words = ("case", "arrived", sheet.barcode, "--as", "clerk:olga", "--door", "post", "--json")
    arrived = lastcall(*words)
    assert (arrived.code, arrived.document["flags"]) == (0, ["papers_arrived"])
    again = lastcall(*words)
    assert (again.code, again.error["code"]) == (3, "already_arrived")
    unknown = lastcall("case", "arrived", "LC1-0000000000000000", "--as", "clerk:olga", "--json")
    assert unknown.error["code"] == "not_found"


def test_a_freeze_holds_until_a_reviewer_lifts_it(cast: Cast, lastcall: Terminal) -> None:
    receipt = _declare(lastcall)
    assert lastcall("case", "freeze", receipt["case"], "--json").document["flags"] == ["frozen"]
    assert lastcall("case", "freeze", receipt["case"], "--lift", "--as", "clerk:olga").code == 3
    assert lastcall("case", "freeze", receipt["case"], "--lift", "--as", "reviewer:irina").code == 0


def test_what_is_missing_is_said_in_the_readers_language(cast: Cast, lastcall: Terminal) -> None:
    receipt = _declare(lastcall)
    cast.work()
    english = lastcall("case", "show", receipt["case"]).out
    assert "Say what becomes of the SIM" in " ".join(english.split())


def test_the_code_arrives_and_is_taken(cast: Cast, lastcall: Terminal) -> None:
    receipt = _declare(lastcall, "--language", "en")
    words = ("--document", "foreign_passport:CN", "--number-file", "-")
    _verify(lastcall, receipt["case"], *words, typed=PASSPORT[2])
    _verify(lastcall, receipt["case"], "--send-code", "mail")
    from lastcall.site.wiring import make_elements

    letter = make_elements().messengers["mail"].messages()[-1]  # type: ignore[attr-defined]
    code = next(word for word in str(letter.text).split() if word.isdecimal() and len(word) == 6)
    wrong = lastcall(
        "case", "verify", receipt["case"], "--code-file", "-", "--json", typed="000000" if code != "000000" else "1"
    )
    assert (wrong.code, wrong.error["code"]) == (3, "not_accepted")
    _verify(lastcall, receipt["case"], "--code-file", "-", typed=code)


@pytest.mark.parametrize(
    ("words", "exit_code", "code"),
    [
        (("declare", "--number", "12"), 2, "malformed_number"),
        (("declare", "--number", "+49 170 1234567"), 2, "foreign_number"),
        (("declare", "--number", "+7 999 000-00-00"), 3, "not_in_range"),
        (("declare", "--number", "+7 900 000-10-01", "--end", "2026-02-30T10:00:00+03:00"), 2, None),
        (("declare", "--number", "+7 900 000-10-01", "--end", "2027-01-01T10:00:00"), 2, None),
        (("declare", "--number", "+7 900 000-10-01", "--end", "2020-01-01T10:00:00Z"), 2, "end_in_the_past"),
        (("declare", "--number", "+7 900 000-10-01", "--key", "x"), 2, "bad_key"),
        (("declare", "--number", "+7 900 000-10-01", "--operator", "nobody"), 2, None),
        (("declare", "--number", "+7 900 000-10-01", "--as", "king:olga"), 2, "usage"),
        (("show", "ZZZZZZZZZZZZZZZZ"), 4, "not_found"),
        (("show", "123"), 4, "not_found"),
        (("verify", "123", "--signed"), 4, "not_found"),
        (("review", "123", "approve"), 4, "not_found"),
        (("list", "--limit", "0"), 2, "usage"),
    ],
)
def test_wrong_words_change_nothing_and_say_what_to_do(
    cast: Cast, lastcall: Terminal, words: tuple[str, ...], exit_code: int, code: str | None
) -> None:
    left = lastcall("case", *words, "--json")
    assert left.code == exit_code, left.err
    assert left.error["message"]
    assert left.error["remedy"] or code == "usage"
    assert code is None or left.error["code"] == code
    assert lastcall("case", "list", "--json").document == []


def test_no_secret_reaches_the_events_or_the_list(cast: Cast, lastcall: Terminal) -> None:
    receipt = _close(cast, lastcall)
    said = json.dumps(lastcall("case", "show", receipt["case"], "--json").document)
    said += lastcall("case", "list").out + lastcall("case", "show", receipt["case"]).out
    for secret in (PASSPORT[2], str(LI_WEI_MSISDN), receipt["secret"], receipt["reference"]):
        assert secret not in said
