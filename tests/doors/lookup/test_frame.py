"""What every request goes through before and after its handler."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lastcall.core.database import DjangoDatabase
from lastcall.core.errors import BadInput, Conflict, ElementTrouble, NotFound, Refused
from lastcall.core.relying import consumers, quotas, roll, tokens
from lastcall.doors.lookup.answer import Answer, json_answer
from lastcall.doors.lookup.asgi import Door, make_door
from lastcall.doors.lookup.asked import DEEPEST, Asked
from lastcall.doors.lookup.errors import ApiError
from lastcall.doors.lookup.keeper import Keeper
from lastcall.doors.lookup.routes import NotHere, Route, Table
from tests.cast import LI_WEI_MSISDN
from tests.doors.lookup.conftest import Client, MakeConsumer, MakeToken, let_go
from tests.relying import SYSTEM

SCOPE = "lookup:check"
ECHO = "/lookup/v1/echo"
RAISED: dict[str, Exception] = {
    "unexpected": RuntimeError(f"+{LI_WEI_MSISDN} is in this message"),
    "api": ApiError(422, "MISSING_IDENTIFIER", "No number."),
    "bad_input": BadInput("no", code="bad_date"),
    "not_found": NotFound("no"),
    "refused": Refused("no", code="no_agreement"),
    "conflict": Conflict("no"),
    "element": ElementTrouble("no", permanent=False),
    "disk": OSError(28, "No space left on device", f"/somewhere/{LI_WEI_MSISDN}"),
}


def echo(asked: Asked) -> Answer:
    return json_answer({"given": asked.document(), "name": asked.access.name if asked.access else ""})


def told(asked: Asked) -> Answer:
    return json_answer({"params": asked.params, "query": asked.query, "path": asked.path})


def raising(asked: Asked) -> Answer:
    raise RAISED[asked.params["what"]]


def hot(asked: Asked) -> Answer:
    """Answers on the loop, unless the query wants the database."""
    on_loop = threading.current_thread().name.partition("_")[0] != "lookup"
    if "database" in asked.query and on_loop:
        raise NotHere
    return json_answer({"on_loop": on_loop})


def size(asked: Asked) -> Answer:
    assert asked.upload is not None and asked.body == b""
    return json_answer({"bytes": asked.upload.stat().st_size, "path": str(asked.upload)})


@pytest.fixture
def download(tmp_path: Path) -> Path:
    made = tmp_path / "answers.csv"
    made.write_bytes(b"number,date,answer\n" * 50_000)
    return made


@pytest.fixture
def app(settings_folder: Path, here: DjangoDatabase, download: Path) -> Iterator[Any]:
    door = Door(
        (
            Route("POST", ECHO, echo, SCOPE),
            Route("GET", "/lookup/v1/things/{id}/parts/{part}", told, SCOPE),
            Route("POST", "/lookup/v1/raise/{what}", raising, SCOPE),
            Route("POST", "/lookup/v1/hot", hot, SCOPE, hot=True),
            Route("POST", "/lookup/v1/upload", size, SCOPE, streams=True, body_limit=1_000_000, takes=("text/csv",)),
            Route("GET", "/lookup/v1/download", lambda asked: Answer(200, download, "text/csv"), SCOPE),
            Route("DELETE", "/lookup/v1/download", lambda asked: Answer(204, b""), SCOPE),
            Route("GET", "/lookup/v1/open", told, None),
        )
    )
    yield door
    let_go(door)


def error(answer: Any) -> tuple[int, str]:
    """Status and code; the body has exactly what CAMARA's ErrorInfo has."""
    body = answer.json()
    assert body.keys() == {"status", "code", "message"} and body["status"] == answer.status_code and body["message"]
    return answer.status_code, body["code"]


def test_an_authenticated_request_is_answered(client: Client) -> None:
    answer = client.post(ECHO, json={"a": 1})
    assert (answer.status_code, answer.json()) == (200, {"given": {"a": 1}, "name": "Demo Bank"})
    assert answer.headers["content-type"] == "application/json"


def test_without_a_valid_token_nobody_comes_in(client: Client, stranger: Client, token: MakeToken) -> None:
    good = token()
    for headers in (
        {}, {"authorization": "Bearer"}, {"authorization": "Bearer "}, {"authorization": good}, {"authorization": "Bearer x"},
        {"authorization": f"Basic {good}"}, {"authorization": f"Bearer {good}x"},
        {"authorization": f"Bearer {token(expired=True)}"},
        {"authorization": "Bearer " + "x" * 9_000}, {"authorization": b"Bearer \xff\xfe"},
    ):  # fmt: skip
        answer = stranger.post(ECHO, json={}, headers=headers)
        assert error(answer) == (401, "UNAUTHENTICATED")
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert stranger.post(ECHO, json={}, params={"access_token": good}).status_code == 401
    assert stranger.post(ECHO, json={}, headers={"authorization": f"bearer {good}"}).status_code == 200


def test_the_scope_counts(client: Client, token: MakeToken) -> None:
    narrow = token(scopes=("kyc-match:match",))
    assert error(client.post(ECHO, json={}, token=narrow)) == (403, "PERMISSION_DENIED")


def test_a_consumer_that_ends_is_out_at_once(client: Client, here: DjangoDatabase) -> None:
    assert client.post(ECHO, json={}).status_code == 200
    consumers.end(here, name="Demo Bank", actor=SYSTEM)
    assert error(client.post(ECHO, json={})) == (401, "UNAUTHENTICATED")


def test_the_keeper_hears_within_a_second_what_another_process_changed(client: Client, here: DjangoDatabase) -> None:
    assert client.post(ECHO, json={}).status_code == 200
    keeper = Keeper()
    keeper.start()
    try:
        elsewhere = DjangoDatabase()
        consumers.end(elsewhere, name="Demo Bank", actor=SYSTEM)
        heard = threading.Event()
        for _ in range(300):
            if tokens.known(here, client.token) is None:
                heard.set()
                break
            heard.wait(0.01)
        assert heard.is_set()
        assert client.post(ECHO, json={}).status_code == 401
    finally:
        keeper.stop()


def test_the_correlator_is_echoed_made_or_refused(client: Client) -> None:
    for given in ("b4333c46-49c0-4f62-80d7-f0ef930f1c46", "a" * 256, "aZ09-_:;./<>{}"):
        assert client.post(ECHO, json={}, headers={"x-correlator": given}).headers["x-correlator"] == given
    made = {client.post(ECHO, json={}).headers["x-correlator"] for _ in range(3)}
    assert len(made) == 3
    for bad in ("a" * 257, "a b", "x\ty", "é".encode(), "a,b", "a'b", "²".encode("latin-1")):
        answer = client.post(ECHO, json={}, headers={"x-correlator": bad})
        assert error(answer) == (400, "INVALID_ARGUMENT")
        assert answer.headers["x-correlator"].startswith("lc-")
    refused = client.post(ECHO, json={}, token="x", headers={"x-correlator": "mine"})
    assert (refused.status_code, refused.headers["x-correlator"]) == (401, "mine")


BODIES: list[bytes] = [
    b"", b" ", b"null", b"[]", b'"x"', b"1", b"true", b"{", b"{}{}", b'{"a":1,"a":2}', b'{"a":{"b":1,"b":1}}', b'{"a":NaN}',
    b'{"a":Infinity}', b'{"a":-Infinity}', b"{'a':1}", b'{"a":1,}', b"\xff\xfe", b'{"a":"\xff"}', "{}".encode("utf-16"),
    b"\xef\xbb\xbf{}", b'{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}", b'{"a":' * 9_000 + b"1" + b"}" * 9_000,
    b'{"a":' + b"9" * 20_000 + b"}", b'{"a":"\\ud800"}', b'{"a":' + b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1) + b"}",
]  # fmt: skip


def test_a_body_that_is_no_json_object_is_a_bad_request(client: Client) -> None:
    for body in BODIES:
        answer = client.post(ECHO, content=body, headers={"content-type": "application/json"})
        assert error(answer) == (400, "INVALID_ARGUMENT"), body[:40]
        assert body[:40].decode("latin-1") not in answer.json()["message"] or len(body) < 3


def test_nothing_but_json_in_utf_8_is_taken(client: Client) -> None:
    for kind in (
        "text/plain", "application/x-www-form-urlencoded", "application/jsonx", "json", "application/json; charset=utf-16",
        "application/xml", "application/json, text/plain", "",
    ):  # fmt: skip
        answer = client.post(ECHO, content=b"{}", headers={"content-type": kind})
        assert error(answer) == (415, "UNSUPPORTED_MEDIA_TYPE"), kind
    for kind in (
        "application/json",
        "Application/JSON",
        "application/json; charset=UTF-8",
        'application/json;charset="utf-8"',
    ):
        assert client.post(ECHO, content=b"{}", headers={"content-type": kind}).status_code == 200
    assert error(client.post(ECHO)) == (400, "INVALID_ARGUMENT")


def test_an_answer_that_the_client_cannot_take_is_not_made(client: Client) -> None:
    assert error(client.post(ECHO, json={}, headers={"accept": "text/html"})) == (406, "NOT_ACCEPTABLE")
    for accept in ("*/*", "application/json", "text/html, application/json;q=0.5", "application/*"):
        assert client.post(ECHO, json={}, headers={"accept": accept}).status_code == 200


def test_a_body_has_its_limit(client: Client) -> None:
    for length in (65 * 1024, 1024 * 1024):
        assert error(client.post(ECHO, json={"a": "x" * length})) == (413, "PAYLOAD_TOO_LARGE")

    async def pieces() -> Any:
        for _ in range(40):
            yield b"x" * 4_096

    answer = client.post(ECHO, content=pieces(), headers={"content-type": "application/json"})
    assert error(answer) == (413, "PAYLOAD_TOO_LARGE")


def test_paths_and_methods_are_found_or_named(client: Client) -> None:
    answer = client.get("/lookup/v1/things/a%2Fb/parts/7?x=1&x=2&y=")
    assert answer.status_code == 404  # a slash stays a slash
    answer = client.get("/lookup/v1/things/ab/parts/7?x=1&x=2&y=")
    assert answer.json() == {
        "params": {"id": "ab", "part": "7"}, "query": {"x": "2", "y": ""}, "path": "/lookup/v1/things/{id}/parts/{part}",
    }  # fmt: skip
    for path in ("/lookup/v1/none", "/lookup/v1/echo/", "/lookup/v1/things/ab/parts/7/8", "/"):
        assert error(client.get(path)) == (404, "NOT_FOUND")
    answer = client.put("/lookup/v1/download")
    assert error(answer) == (405, "METHOD_NOT_ALLOWED") and answer.headers["allow"] == "DELETE, GET"
    assert error(client.get("/lookup/v1/open?" + "a=1&" * 200)) == (400, "INVALID_ARGUMENT")
    assert client.request("HEAD", "/lookup/v1/open").content == b""


def test_two_handlers_for_one_path_are_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="two handlers"):
        Table([Route("GET", "/a", told, None), Route("GET", "/a", told, None)])


def test_what_goes_wrong_is_told_without_any_detail(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    expected = {
        "unexpected": (500, "INTERNAL"), "api": (422, "MISSING_IDENTIFIER"), "bad_input": (400, "INVALID_ARGUMENT"),
        "not_found": (404, "NOT_FOUND"), "refused": (403, "PERMISSION_DENIED"), "conflict": (409, "CONFLICT"),
        "element": (503, "UNAVAILABLE"), "disk": (500, "INTERNAL"),
    }  # fmt: skip
    for what, wanted in expected.items():
        answer = client.post(f"/lookup/v1/raise/{what}", json={})
        assert error(answer) == wanted
        assert str(LI_WEI_MSISDN) not in answer.text
    assert "RuntimeError" in caplog.text


def test_no_number_and_no_token_is_logged(client: Client, stranger: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    body = {"phoneNumber": f"+{LI_WEI_MSISDN}"}
    for what in RAISED:
        client.post(f"/lookup/v1/raise/{what}", json=body)
    client.post(ECHO, json=body)
    client.get(f"/lookup/v1/things/+{LI_WEI_MSISDN}/parts/x")
    stranger.post(ECHO, json=body, headers={"authorization": f"Bearer {client.token}x"})
    ours = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("httpx"))
    ours += caplog.text if "httpx" not in caplog.text else ""
    for hidden in (str(LI_WEI_MSISDN), client.token, client.token[-40:]):
        assert hidden not in ours


def test_a_hot_handler_answers_on_the_loop_and_goes_beside_it_for_the_database(client: Client) -> None:
    assert client.post("/lookup/v1/hot", json={}).json() == {"on_loop": True}
    assert client.post("/lookup/v1/hot?database=1", json={}).json() == {"on_loop": False}


def test_an_upload_goes_through_a_file_that_is_gone_afterwards(client: Client) -> None:
    answer = client.post("/lookup/v1/upload", content=b"x" * 900_000, headers={"content-type": "text/csv"})
    assert answer.json()["bytes"] == 900_000
    assert not Path(answer.json()["path"]).exists()
    too_much = client.post("/lookup/v1/upload", content=b"x" * 1_000_001, headers={"content-type": "text/csv"})
    assert error(too_much) == (413, "PAYLOAD_TOO_LARGE")


def test_a_file_is_sent_whole(client: Client, download: Path) -> None:
    answer = client.get("/lookup/v1/download")
    assert answer.content == download.read_bytes()
    assert (answer.headers["content-type"], answer.headers["content-length"]) == ("text/csv", str(len(answer.content)))
    assert client.delete("/lookup/v1/download").status_code == 204


def test_above_the_rate_there_is_a_429_with_the_time_to_wait(
    client: Client, consumer: MakeConsumer, token: MakeToken
) -> None:
    slow = token(consumer("Slow", requests_per_second=3))
    answers = [client.post(ECHO, json={}, token=slow) for _ in range(20)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused and answers[0].status_code == 200
    assert {(error(answer), answer.headers["retry-after"]) for answer in refused} == {((429, "TOO_MANY_REQUESTS"), "1")}


def test_above_the_days_quota_there_is_a_429_until_midnight(
    client: Client, consumer: MakeConsumer, token: MakeToken
) -> None:
    poor = token(consumer("Poor", requests_per_day=3))
    answers = [client.post(ECHO, json={}, token=poor) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert error(answers[-1]) == (429, "QUOTA_EXCEEDED")
    assert 0 < int(answers[-1].headers["retry-after"]) <= 24 * 3600


def test_a_client_that_leaves_is_no_error(app: Any, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    sent: list[dict[str, Any]] = []

    async def leave() -> None:
        messages: Iterator[dict[str, Any]] = iter(
            [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
        )

        async def receive() -> dict[str, Any]:
            return next(messages)

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        headers = [(b"authorization", f"Bearer {client.token}".encode()), (b"content-type", b"application/json"),
                   (b"transfer-encoding", b"chunked")]  # fmt: skip
        await app(
            {"type": "http", "method": "POST", "path": ECHO, "query_string": b"", "headers": headers}, receive, send
        )

    asyncio.run(leave())
    assert sent == [] and "unexpected" not in caplog.text


def test_a_quota_is_spent_before_the_body_is_looked_at(client: Client, here: DjangoDatabase) -> None:
    before = spent(here)
    client.post(ECHO, content=b"no json", headers={"content-type": "application/json"})
    assert spent(here) == before + 1


def spent(base: DjangoDatabase) -> int:
    quotas.give_back(base, idle_seconds=0)
    roll.forget(base)
    found = consumers.by_name(base, name="Demo Bank")
    return quotas.taken(base, consumer_id=found.id).get("requests", 0)


def test_every_route_of_the_door_is_behind_a_scope_or_meant_for_everybody() -> None:
    routes = make_door().table.all()
    everybody = {route.path for route in routes if route.scope is None}
    assert {path for path in everybody if not path.endswith(".json")} <= {
        "/oauth2/token", "/oauth2/jwks", "/.well-known/openid-configuration", "/sandbox/v1/numbers",
    }  # fmt: skip
    assert {route.scope for route in routes if route.scope} <= set(consumers.SCOPES)
