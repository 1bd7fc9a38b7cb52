"""No page from elsewhere, and no older page, can drive the screen or look into it."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.doors.reader.counter import PIN, Beside

OWN = {"host": "localhost", "origin": "http://localhost", "sec-fetch-site": "same-origin"}


def _word(beside: Beside) -> str:
    return beside.agent.stage.page


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:9999"},
        {"origin": "http://localhost", "sec-fetch-site": "cross-site"},
        {"origin": "http://localhost", "sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {},
    ],
)
def test_a_form_of_another_site_is_refused_even_with_the_pages_word(beside: Beside, headers: dict[str, str]) -> None:
    beside.ask()
    stranger = Client(headers={"host": "localhost"} | headers)
    answer = stranger.post("/", {"act": "agree", "page": _word(beside)})
    assert answer.status_code == 403 and beside.agent.stage.name == "asked" and beside.card.seen == []


def test_an_own_form_without_the_pages_word_does_nothing(beside: Beside) -> None:
    beside.ask()
    own = Client(headers=OWN)
    for word in ("", "0" * 20):
        assert own.post("/", {"act": "agree", "page": word}).status_code == 302
    assert beside.agent.stage.name == "asked" and beside.card.seen == []


def test_an_older_page_does_nothing_on_the_next_visitors_order(beside: Beside) -> None:
    beside.ask()
    old = _word(beside)
    beside.press("decline")
    beside.ask()
    Client(headers=OWN).post("/", {"act": "agree", "page": old})
    assert beside.agent.stage.name == "asked" and beside.card.seen == []


def test_a_button_of_another_stage_does_nothing(beside: Beside) -> None:
    beside.ask()
    for act in ("pin", "unblock", "again", "finish", "leave", "pair", "nothing"):
        Client(headers=OWN).post("/", {"act": act, "page": _word(beside), "pin": PIN})
    assert beside.agent.stage.name == "asked" and beside.agent.desk.paired


def test_the_forms_carry_the_token_against_forgery_too(beside: Beside) -> None:
    strict = Client(enforce_csrf_checks=True, headers=OWN)
    assert strict.post("/", {"act": "speak", "language": "ru"}).status_code == 403
    assert beside.page().count("csrfmiddlewaretoken") == 2


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}, 200),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}, 403),
        ({"sec-fetch-site": "same-site", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}, 403),
        ({"sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}, 403),
        ({"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}, 200),
        ({"sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}, 200),
    ],
)
def test_a_link_may_lead_here_and_nothing_else_from_elsewhere(
    beside: Beside, headers: dict[str, str], status: int
) -> None:
    answer = Client(headers={"host": "localhost"} | headers).get("/")
    assert answer.status_code == status


def test_no_page_is_kept_framed_shared_or_styled_by_others(beside: Beside) -> None:
    beside.asked_for_pin()
    for page in (beside.screen.get("/"), Client(headers={"host": "localhost"}).post("/")):
        assert page["Cache-Control"] == "no-store" and page["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
        assert page["Cross-Origin-Resource-Policy"] == page["Cross-Origin-Opener-Policy"] == "same-origin"
        assert not [name for name in page.headers if name.lower().startswith("access-control")]


def test_other_methods_are_refused(beside: Beside) -> None:
    assert beside.screen.put("/").status_code == 405
