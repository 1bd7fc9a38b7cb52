""" "This was not me", by the word in the notice: no login, and nothing told to whoever guesses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from lastcall.core.closing import cease
from lastcall.core.closing.notices import stop_word
from lastcall.core.closing.stop import stop
from lastcall.core.errors import ElementTrouble, NotFound, Refused
from lastcall.elements.hlr.faulty import Fault, FaultyHlr
from lastcall.elements.sms.file import FileSms
from tests.cast import ANNA_MSISDN, FREE_MSISDN, LI_WEI_MSISDN, SOMEBODY, Cast
from tests.core.tools import nothing_changes, with_hlr


def word_in_the_text_to(cast: Cast, msisdn: int) -> str:
    sms = cast.elements.messengers["sms"]
    assert isinstance(sms, FileSms)
    (text,) = [message.text for message in sms.messages() if message.address == f"+{msisdn}"]
    (word,) = [part.strip("«».,“”'\"") for part in text.split() if part.count("-") == 1 and part.strip(".,").isupper()]
    return word


def test_the_holder_who_was_told_stops_a_strangers_closing(cast: Cast) -> None:
    receipt = cast.declare(ANNA_MSISDN, language="en")
    cast.work()
    word = word_in_the_text_to(cast, ANNA_MSISDN)
    stop(cast.base, msisdn=ANNA_MSISDN, word=word, actor=SOMEBODY)
    case = cast.case(receipt)
    assert case.frozen_at == cast.time.now()
    cast.time.advance(timedelta(days=20))
    cast.work()
    assert cast.case(receipt).state in {"waiting", "review"}


@pytest.mark.parametrize("typed", [str.lower, lambda word: word.replace("-", " "), lambda word: f" {word}　"])
def test_the_word_is_taken_as_people_type_it(cast: Cast, typed: Callable[[str], str]) -> None:
    receipt = cast.declare()
    word = stop_word(cast.case(receipt))
    stop(cast.base, msisdn=LI_WEI_MSISDN, word=typed(f"{word[:4]}-{word[4:]}"), actor=SOMEBODY)
    assert cast.case(receipt).frozen_at is not None


def test_said_twice_it_is_said_once(cast: Cast) -> None:
    receipt = cast.declare()
    word = stop_word(cast.case(receipt))
    stop(cast.base, msisdn=LI_WEI_MSISDN, word=word, actor=SOMEBODY)
    with nothing_changes():
        stop(cast.base, msisdn=LI_WEI_MSISDN, word=word, actor=SOMEBODY)


def test_whatever_is_wrong_the_answer_is_the_same(cast: Cast) -> None:
    receipt, unbound = cast.declare(), cast.declare(FREE_MSISDN)
    word = stop_word(cast.case(receipt))
    wrong = [(LI_WEI_MSISDN, "AAAA-AAAA"), (LI_WEI_MSISDN, ""), (ANNA_MSISDN, word), (FREE_MSISDN, word),
             (FREE_MSISDN, stop_word(cast.case(unbound)))]  # fmt: skip
    answers = set()
    for msisdn, given in wrong:
        with nothing_changes(), pytest.raises(NotFound) as trouble:
            stop(cast.base, msisdn=msisdn, word=given, actor=SOMEBODY)
        answers.add((trouble.value.code, str(trouble.value), trouble.value.remedy))
    assert len(answers) == 1


def test_the_word_of_an_ended_case_stops_nothing(cast: Cast) -> None:
    receipt = cast.closed()
    with nothing_changes(), pytest.raises(NotFound):
        stop(cast.base, msisdn=LI_WEI_MSISDN, word=stop_word(cast.case(receipt)), actor=SOMEBODY)


def test_once_the_network_was_asked_it_is_too_late_and_says_so(cast: Cast) -> None:
    receipt = cast.ceasing()
    outside = with_hlr(cast, FaultyHlr(cast.elements.hlr, {"look": [Fault.DOWN]}))
    with pytest.raises(ElementTrouble):
        cease.cease(cast.base, case_id=receipt.case_id, outside=outside)
    case = cast.case(receipt)
    assert case.effect_attempted_at is not None and case.ended_at is None
    with nothing_changes(), pytest.raises(Refused) as trouble:
        stop(cast.base, msisdn=LI_WEI_MSISDN, word=stop_word(case), actor=SOMEBODY)
    assert trouble.value.code == "too_late"
