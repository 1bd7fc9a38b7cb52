"""Files of questions over HTTP: begun, sent in parts, closed, answered, fetched whole or in ranges, deleted."""

from __future__ import annotations

import csv
from typing import Any

from lastcall.core.lookup.bulk import running
from lastcall.core.ports import Webhooks
from lastcall.core.provided import provide
from lastcall.core.relying import consumers
from lastcall.core.relying.hashing import number_hash
from tests.cast import ANNA_MSISDN, LI_WEI_MSISDN, Cast
from tests.doors.lookup.conftest import MakeConsumer, MakeToken
from tests.doors.lookup.own.conftest import MakeClient, Renewing
from tests.doors.lookup.own.test_telling import Receivers

BATCHES = "/lookup/v1/batches"
ROWS = f"number,date\n+{LI_WEI_MSISDN},2026-02-01\n+{ANNA_MSISDN},2026-02-01\n12,2026-02-01\n".encode()


def begun(client: Renewing, **given: Any) -> str:
    answer = client.post(BATCHES, json={"semantics": "disconnect", "format": "csv"} | given)
    assert answer.status_code == 201, answer.text
    assert answer.json()["state"] == "uploading"
    location: str = answer.headers["location"]
    return location


def sent(client: Renewing, batch: str, part: bytes, offset: int) -> Any:
    return client.patch(f"{batch}/rows", content=part, headers={"upload-offset": str(offset)})


def answered(client: Renewing, cast: Cast, rows: bytes = ROWS, **given: Any) -> str:
    batch = begun(client, **given)
    assert sent(client, batch, rows, 0).status_code == 200
    assert client.post(f"{batch}/close").status_code == 202
    running.run(cast.base, int(batch.rpartition("/")[2]))
    return batch


def test_a_file_is_answered_row_by_row(client: Renewing, cast: Cast) -> None:
    cast.closed()
    batch = answered(client, cast)
    stands = client.get(batch).json()
    assert (stands["state"], stands["rows"], stands["doneRows"], stands["badRows"]) == ("done", 3, 3, 1)
    assert stands["asOf"] and stands["finishedAt"]
    answer = client.get(f"{batch}/answers", headers={"accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    told = list(csv.DictReader(answer.text.splitlines()))
    assert [(row["answer"], row["reason"]) for row in told] == [("yes", ""), ("no", ""), ("", "bad_number")]


def test_numbers_may_come_as_hashes(client: Renewing, cast: Cast) -> None:
    key = consumers.hash_key(cast.base, consumers.by_name(cast.base, name="Demo Bank").id)
    rows = f"number,date\n{number_hash(key, LI_WEI_MSISDN)},2026-02-01\n".encode()
    batch = answered(client, cast, rows, hashed=True, semantics="rich")
    text = client.get(f"{batch}/answers").text
    assert "same_holder" in text and str(LI_WEI_MSISDN) not in text


def test_an_upload_goes_on_where_it_broke_off(client: Renewing) -> None:
    batch = begun(client)
    assert sent(client, batch, ROWS[:20], 0).headers["upload-offset"] == "20"
    again = sent(client, batch, ROWS[:20], 0)
    assert (again.status_code, again.json()["code"], again.headers["upload-offset"]) == (409, "WRONG_OFFSET", "20")
    assert sent(client, batch, ROWS[20:], 20).json()["uploadedBytes"] == len(ROWS)


def test_a_part_without_its_offset_is_not_taken(client: Renewing) -> None:
    batch = begun(client)
    for offset in ("", "-1", "x", "1.5", "9" * 20):
        answer = client.patch(f"{batch}/rows", content=ROWS, headers={"upload-offset": offset})
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_ARGUMENT")


def test_a_part_that_is_too_large(client: Renewing) -> None:
    from lastcall.doors.lookup.own import batches

    answer = sent(client, begun(client), b"0" * (batches.MOST_BYTES + 1), 0)
    assert (answer.status_code, answer.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")


def test_a_batch_is_closed_once_and_takes_nothing_more(client: Renewing) -> None:
    batch = begun(client)
    assert client.post(f"{batch}/close").status_code == 400
    sent(client, batch, ROWS, 0)
    assert [client.post(f"{batch}/close").status_code for _ in range(2)] == [202, 202]
    late = sent(client, batch, b"\n", len(ROWS))
    assert (late.status_code, late.json()["code"]) == (409, "CONFLICT")


def test_answers_that_are_not_there_yet(client: Renewing) -> None:
    early = client.get(f"{begun(client)}/answers")
    assert (early.status_code, early.json()["code"]) == (409, "NOT_DONE")


def test_a_range_of_the_answers(client: Renewing, cast: Cast) -> None:
    batch = answered(client, cast)
    whole = client.get(f"{batch}/answers").content
    for wanted, expected in (
        ("bytes=0-9", whole[:10]), ("bytes=10-", whole[10:]), ("bytes=-5", whole[-5:]), (f"bytes=2-{10**6}", whole[2:]),
    ):  # fmt: skip
        part = client.get(f"{batch}/answers", headers={"range": wanted})
        assert (part.status_code, part.content) == (206, expected)
        assert part.headers["content-range"].endswith(f"/{len(whole)}")
    outside = client.get(f"{batch}/answers", headers={"range": f"bytes={len(whole)}-"})
    assert (outside.status_code, outside.headers["content-range"]) == (416, f"bytes */{len(whole)}")
    assert client.get(f"{batch}/answers", headers={"range": "lines=1-2"}).status_code == 200


def test_a_deleted_batch_is_gone(client: Renewing, cast: Cast) -> None:
    batch = answered(client, cast)
    assert client.delete(batch).json()["state"] == "deleted"
    for method, path in (("GET", batch), ("GET", f"{batch}/answers"), ("DELETE", batch), ("POST", f"{batch}/close")):
        assert client.request(method, path).status_code == 404


def test_nobody_sees_anothers_batch(client: Renewing, rival: Renewing, cast: Cast) -> None:
    batch = answered(client, cast)
    for method, path in (("GET", batch), ("GET", f"{batch}/answers"), ("DELETE", batch), ("POST", f"{batch}/close")):
        answer = rival.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    assert sent(rival, batch, ROWS, 0).status_code == 404
    assert client.get(batch).json()["state"] == "done"


WRONG: tuple[dict[str, Any], ...] = (
    {"format": "xlsx"}, {"semantics": "all"}, {"hashed": "yes"}, {"callbackUrl": "http://bank.example.org/"}, {"rows": 1}
)  # fmt: skip


def test_a_batch_that_is_not_as_the_definition_has_it(client: Renewing) -> None:
    for body in WRONG:
        answer = client.post(BATCHES, json=body)
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_ARGUMENT")


def test_an_address_that_cannot_be_called_back(client: Renewing) -> None:
    provide(Webhooks, Receivers)
    assert client.post(BATCHES, json={"callbackUrl": "https://10.0.0.1/"}).status_code == 400
    assert client.post(BATCHES, json={"callbackUrl": "https://bank.example.org/"}).status_code == 201


def test_who_may_not(client: Renewing, client_of: MakeClient, consumer: MakeConsumer, token: MakeToken) -> None:
    shop = client_of(consumer("Shop", category="app", bulk=False))
    refused = shop.post(BATCHES, json={})
    assert (refused.status_code, refused.json()["code"]) == (403, "PERMISSION_DENIED")
    assert client.post(BATCHES, json={}, token=token(scopes=("lookup:check",))).status_code == 403
    assert client.post(BATCHES, json={}, token="").status_code == 401


def test_more_rows_than_the_day_has(client_of: MakeClient, consumer: MakeConsumer) -> None:
    small = client_of(consumer("Shop", category="app", rows_per_day=2))
    batch = begun(small)
    sent(small, batch, ROWS, 0)
    over = small.post(f"{batch}/close")
    assert (over.status_code, over.json()["code"]) == (429, "QUOTA_EXCEEDED")
    assert int(over.headers["retry-after"]) > 0


def test_too_many_batches_at_once(client: Renewing, cast: Cast) -> None:
    for _ in range(cast.policy.lookup_batches_open):
        begun(client)
    over = client.post(BATCHES, json={})
    assert (over.status_code, over.json()["code"]) == (429, "TOO_MANY_BATCHES")


def test_a_batch_that_is_none(client: Renewing) -> None:
    for wrong in ("0", "x", "-1", "99999999999999999999", "1"):
        assert client.get(f"{BATCHES}/{wrong}").status_code == 404
