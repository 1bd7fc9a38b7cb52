"""Following a case on the web: what its holder sees, and what nobody else does."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from lastcall.core.audit.reading import note_reading
from lastcall.core.closing import preparation, review
from lastcall.core.errors import Conflict, ElementTrouble
from lastcall.core.numbers.msisdn import format_msisdn
from lastcall.core.numbers.sweep import sweep
from tests.cast import FREE_MSISDN, IRINA, LI_WEI_MSISDN, ON_THE_WEB, Cast
from tests.doors.portal import scenes
from tests.doors.portal.case_forms import send
from tests.doors.portal.scenes import open_case, speak, text, without_token, words


@pytest.mark.parametrize(
    ("language", "title", "next_owner", "left"),
    [
        ("zh-hans", "线路已注销", "其他人最早可于 2026年9月17日", "还有 180 天"),
        ("ru", "Линия закрыта", "не раньше 17 сентября 2026 г.", "осталось 180 дней"),
        ("en", "The line is closed", "on Sept. 17, 2026", "180 days left"),
    ],
    ids=scenes.LANGUAGES,
)
def test_a_closed_line_says_when_the_number_can_be_somebody_elses(
    browser: Client, cast: Cast, language: str, title: str, next_owner: str, left: str
) -> None:
    page = open_case(browser, cast.closed(), language=language)
    assert title in page
    assert next_owner in page
    assert left in page


@pytest.mark.parametrize(
    ("language", "refund"),
    [("zh-hans", "退款 350.50\u00a0₽"), ("ru", "К возврату 350,50\u00a0₽"), ("en", "Refund 350.50\u00a0₽")],
    ids=scenes.LANGUAGES,
)
def test_a_closed_line_shows_its_final_bill_in_the_readers_form(
    browser: Client, cast: Cast, language: str, refund: str
) -> None:
    page = open_case(browser, cast.closed(), language=language)
    assert " ".join(refund.split()) in page


def test_the_story_is_told_in_order_with_times_and_zone(browser: Client, cast: Cast) -> None:
    page = open_case(browser, cast.closed(), language="ru")
    told = [
        "Заявление получено.",
        "Подлинник документа предъявлен лично.",
        "Начался период ожидания.",
        "Сеть подтвердила, что больше не обслуживает линию.",
        "Итоговый счёт закрыт.",
        "Номер ожидает освобождения.",
    ]
    story = page[page.index("Что произошло") :]
    places = [story.index(sentence) for sentence in told]
    assert places == sorted(places)
    assert "12:00 (МСК)" in story


def test_what_happens_to_the_number_after_the_end_is_part_of_the_story(browser: Client, cast: Cast) -> None:
    page = open_case(browser, scenes.quarantined(cast), language="zh-hans")
    assert "您的号码：冷冻期" in page
    assert "号码进入冷冻期。" in page


@pytest.mark.parametrize(
    ("language", "remedy"),
    [
        ("zh-hans", "请说明SIM卡如何处理"),
        ("ru", "Скажите, что будет с SIM-картой"),
        ("en", "Say what becomes of the SIM"),
    ],
    ids=scenes.LANGUAGES,
)
def test_a_waiting_case_says_what_is_missing_and_how_to_give_it(
    browser: Client, cast: Cast, language: str, remedy: str
) -> None:
    assert remedy in open_case(browser, scenes.waiting(cast), language=language)


def test_what_is_owed_stands_in_the_remedy(browser: Client, cast: Cast) -> None:
    assert cast.li_wei.line is not None
    cast.elements.billing.charge(
        cast.li_wei.line.id, amount=35_050 + 123_450, service_time=cast.time.now(), key="calls", memo="calls"
    )
    page = open_case(browser, scenes.waiting(cast), language="ru")
    assert "Оплатите 1 234,50 ₽" in " ".join(page.split())


def test_a_case_on_hold_says_until_when_it_can_be_taken_back(browser: Client, cast: Cast) -> None:
    receipt = cast.on_hold()
    page = open_case(browser, receipt)
    assert "Accepted, on hold" in page
    assert "can still be taken back" in page
    until = cast.case(receipt).hold_until
    assert until is not None
    assert f"{until.day}, {until.year}" in page[page.index("What comes next") :]


def test_what_is_missing_has_a_link_to_where_it_is_given(browser: Client, cast: Cast) -> None:
    open_case(browser, scenes.waiting(cast))
    assert '<a class="do" id="to-sim" href="/case/sim/">' in browser.get("/case/").content.decode()


def test_the_final_bill_is_shown_beforehand_to_whoever_has_shown_who_they_are(browser: Client, cast: Cast) -> None:
    assert "Final bill if the line ended today" in open_case(browser, scenes.waiting(cast))
    assert "Final bill" not in open_case(browser, cast.declare(cast.anna.msisdn))


def test_a_billing_that_does_not_answer_leaves_the_page_whole(
    browser: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(line_id: int) -> None:
        raise ElementTrouble("no answer", permanent=False)

    monkeypatch.setattr(cast.elements.billing, "account", silent, raising=True)
    receipt = cast.declare()
    cast.prove_in_person(receipt, cast.li_wei)
    page = open_case(browser, receipt)
    assert "We cannot read the account at this moment." in page
    assert "What happened" in page


def test_arrears_are_told_with_how_to_pay_and_never_with_an_invented_way(browser: Client, cast: Cast) -> None:
    assert cast.li_wei.line is not None
    cast.elements.billing.charge(
        cast.li_wei.line.id, amount=90_000, service_time=cast.time.now(), key="calls", memo="calls"
    )
    page = open_case(browser, scenes.waiting(cast))
    assert 'href="#pay"' in browser.get("/case/").content.decode()
    assert "Top up the line as you always do, or pay in a shop." in page


def test_who_of_the_staff_looked_is_shown_by_role_and_reason_never_by_name(browser: Client, cast: Cast) -> None:
    receipt = scenes.waiting(cast)
    looked = note_reading(case_id=receipt.case_id, actor=IRINA, reason="review")
    cast.base.transact(lambda rows: rows.apply(looked))
    page = open_case(browser, receipt)
    assert "a reviewer – to decide about the closing" in page
    assert "irina" not in page.lower()


def test_whoever_has_only_declared_does_not_see_who_looked(browser: Client, cast: Cast) -> None:
    receipt = scenes.unproved(cast)
    looked = note_reading(case_id=receipt.case_id, actor=IRINA, reason="review")
    cast.base.transact(lambda rows: rows.apply(looked))
    assert "Who of our staff" not in open_case(browser, receipt)


def test_the_list_of_what_to_do_before_says_how_much_is_done(browser: Client, cast: Cast) -> None:
    receipt = scenes.waiting(cast)
    preparation.tick(cast.base, case_id=receipt.case_id, done={"document", "pin_removed"}, actor=ON_THE_WEB)
    assert "2 of 14 things done." in open_case(browser, receipt)


def test_a_change_by_somebody_else_meanwhile_is_told_calmly(
    browser: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = scenes.waiting(cast)
    open_case(browser, receipt)

    def changed(*_: object, **__: object) -> None:
        raise Conflict("somebody else was first")

    monkeypatch.setattr("lastcall.core.closing.evidence.declare_sim", changed)
    answer = send(browser, "/case/sim/", answer="keep")
    assert answer.status_code == 200
    assert "Something about the closing changed while this page was open. Nothing was done." in text(answer)


def test_a_frozen_case_says_that_everything_stopped(browser: Client, cast: Cast) -> None:
    page = open_case(browser, scenes.frozen(cast))
    assert "Stopped Somebody said that this was not them." in page
    assert page.count("this was not them") == 2, "once as the state, once in the story"
    assert "The hold ends and the line is switched off." not in page


def test_a_case_taken_back_has_nothing_more_to_come(browser: Client, cast: Cast) -> None:
    page = open_case(browser, scenes.withdrawn(cast))
    assert "Taken back" in page
    assert "What comes next" not in page
    assert "What is missing" not in page


def test_a_rejected_case_says_why(browser: Client, cast: Cast) -> None:
    receipt = scenes.waiting(cast)
    review.reject(cast.base, case_id=receipt.case_id, actor=IRINA, reason="not_the_holder")
    assert "The holder told us that the declaration was not theirs." in open_case(browser, receipt)


def test_the_page_opens_again_without_the_words_for_a_short_time_only(
    browser: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_case(browser, cast.on_hold())
    assert "Accepted" in text(browser.get("/case/"))
    later = time.time() + 15 * 60 + 1
    monkeypatch.setattr("django.core.signing.time", SimpleNamespace(time=lambda: later))
    assert "Accepted" not in text(browser.get("/case/"))


def test_the_cookie_is_signed_out_of_reach_of_scripts_and_of_other_sites(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.on_hold())
    cookie = browser.cookies["lastcall_case"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/case/"
    assert cookie["max-age"] == 15 * 60


def test_a_forged_cookie_opens_nothing(browser: Client, cast: Cast) -> None:
    receipt = cast.on_hold()
    browser.cookies["lastcall_case"] = f"{receipt.case_id}:1abcde:forged"
    page = text(browser.get("/case/"))
    assert "Accepted" not in page
    assert "Show the closing" in page


def test_leaving_forgets_the_case_on_this_device(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.on_hold())
    page = text(browser.post("/case/close/", follow=True))
    assert "Show the closing" in page
    assert "Show the closing" in text(browser.get("/case/"))


def test_nothing_secret_and_no_number_is_in_an_address(browser: Client, cast: Cast) -> None:
    receipt = cast.on_hold()
    answer = browser.post("/case/", words(receipt))
    assert answer.status_code == 302
    assert answer["Location"] == "/case/"
    page = browser.get("/case/").content.decode()
    addresses = re.findall(r'(?:href|action|src)="([^"]*)"', page)
    assert addresses
    for address in addresses:
        assert receipt.reference not in address
        assert receipt.secret not in address
        assert str(LI_WEI_MSISDN)[1:] not in address


def test_the_holder_sees_their_own_number(browser: Client, cast: Cast) -> None:
    assert format_msisdn(LI_WEI_MSISDN) in open_case(browser, cast.on_hold())


def test_words_are_taken_as_people_type_them(browser: Client, cast: Cast) -> None:
    receipt = cast.on_hold()
    reference = "-".join(re.findall("....", receipt.reference)).lower()
    wide = receipt.secret.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    answer = browser.post("/case/", {"reference": f" {reference} ", "secret": wide})
    assert answer.status_code == 302


def test_an_empty_form_says_what_to_enter_and_links_to_the_fields(browser: Client) -> None:
    answer = browser.post("/case/", {"reference": "", "secret": ""})
    body = answer.content.decode()
    assert "<title>Error: Follow a closing" in body
    assert '<a href="#id_reference">Enter the reference from your receipt.</a>' in body
    assert '<a href="#id_secret">Enter the secret from your receipt.</a>' in body


@pytest.mark.parametrize("language", scenes.LANGUAGES)
def test_unknown_reference_wrong_secret_and_somebody_elses_case_get_one_answer(
    browser: Client, cast: Cast, language: str
) -> None:
    """The same words are posted before and after a case exists that they nearly belong to."""
    speak(browser, language)
    mine, hers = cast.on_hold(), cast.on_hold(cast.anna)
    known = browser.post("/case/", {"reference": mine.reference, "secret": "0" * 16})
    unknown = browser.post("/case/", {"reference": "0" * 16, "secret": mine.secret})
    crossed = browser.post("/case/", {"reference": mine.reference, "secret": hers.secret})
    assert known.status_code == unknown.status_code == crossed.status_code == 200
    echoes = [f'value="{word}"'.encode() for word in (*words(mine).values(), *words(hers).values(), "0" * 16)]

    def bare(body: bytes) -> bytes:
        for echo in echoes:
            body = body.replace(echo, b"")
        return body

    assert bare(without_token(known)) == bare(without_token(unknown)) == bare(without_token(crossed))
    assert {name: known[name] for name in known.headers if name != "Set-Cookie"} == {
        name: unknown[name] for name in unknown.headers if name != "Set-Cookie"
    }
    assert "lastcall_case" not in browser.cookies


def test_the_same_words_get_the_same_answer_before_and_after_there_is_a_case(browser: Client, cast: Cast) -> None:
    receipt = cast.declare(key="a key that is used again")
    given = {"reference": receipt.reference, "secret": "0" * 16}
    after = browser.post("/case/", given)
    given_nothing = browser.post("/case/", {"reference": "Z" * 16, "secret": "0" * 16})
    echo = f'value="{receipt.reference}"'.encode()
    assert without_token(after).replace(echo, b"") == without_token(given_nothing).replace(
        f'value="{"Z" * 16}"'.encode(), b""
    )


def test_until_identity_is_proved_a_line_in_service_and_a_free_number_look_the_same(
    browser: Client, cast: Cast
) -> None:
    """Anybody can declare for any number and hold its receipt: that must teach them nothing."""
    held, free = cast.declare(LI_WEI_MSISDN), cast.declare(FREE_MSISDN)
    cast.work()
    pages = []
    for receipt, msisdn in ((held, LI_WEI_MSISDN), (free, FREE_MSISDN)):
        answer = browser.post("/case/", words(receipt), follow=True)
        pages.append(without_token(answer).replace(format_msisdn(msisdn).encode(), b"NUMBER"))
    assert pages[0] == pages[1]
    assert b"Show who you are" in pages[0]


def test_until_identity_is_proved_a_lock_and_a_debt_stay_unknown(browser: Client, cast: Cast) -> None:
    assert cast.li_wei.line is not None
    cast.elements.billing.charge(
        cast.li_wei.line.id, amount=90_000, service_time=cast.time.now(), key="calls", memo="calls"
    )
    page = open_case(browser, scenes.unproved(cast))
    assert "Pay " not in page
    assert "Show who you are" in page


def test_the_next_holder_is_never_part_of_the_story(browser: Client, cast: Cast) -> None:
    receipt = cast.closed()
    cast.time.advance(timedelta(days=181))
    sweep(cast.base)
    before = open_case(browser, receipt)
    cast.give_line(cast.anna, LI_WEI_MSISDN)
    assert open_case(browser, receipt) == before
    assert "Released" in before


def test_a_language_switch_keeps_the_case_open(browser: Client, cast: Cast) -> None:
    open_case(browser, cast.on_hold(), language="en")
    answer = browser.get("/case/", {"lang": "ru"}, follow=True)
    assert answer.redirect_chain == [("/case/", 302)]
    assert "Принято, идёт период ожидания" in text(answer)


def test_a_language_switch_keeps_what_was_typed_and_judges_nothing(browser: Client) -> None:
    typed = {"reference": "ABCD", "secret": "", "lang": "zh-hans"}
    body = browser.post("/case/", typed).content.decode()
    assert 'lang="zh-Hans"' in body
    assert 'value="ABCD"' in body
    assert "错误" not in body


def test_a_language_switch_after_a_refusal_says_it_again_in_the_other_language(browser: Client) -> None:
    typed = {"reference": "ABCD", "secret": "EFGH", "sent": "1", "lang": "ru"}
    page = text(browser.post("/case/", typed))
    assert "Заявки с таким номером и таким ключом нет." in page
