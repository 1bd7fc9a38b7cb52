"""Batches: a consumer uploads a file of questions in parts, and fetches it again with answers."""

from __future__ import annotations

import base64
import hmac
import json
import os
import signal
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from lastcall.core import clock
from lastcall.core.actor import ADMINISTRATOR, Actor
from lastcall.core.audit.event import Event
from lastcall.core.audit.privacy import personal
from lastcall.core.database import DjangoDatabase
from lastcall.core.errors import BadInput, Conflict, ElementTrouble, NotAllowed, NotFound, Refused
from lastcall.core.job import Job
from lastcall.core.lookup.bulk import batches, running
from lastcall.core.lookup.bulk.batch import Batch
from lastcall.core.lookup.bulk.handlers import handlers, on_dead
from lastcall.core.lookup.index import build
from lastcall.core.ports import Answered
from lastcall.core.relying import asked, consumers
from lastcall.core.relying.access import Access
from lastcall.core.relying.consumer import Consumer
from lastcall.core.relying.hashing import number_hash
from lastcall.core.work import Worker
from tests.cast import ANNA_MSISDN, FREE_MSISDN, LI_WEI_MSISDN, Cast

VERA = Actor(ADMINISTRATOR, "vera", "command")
ROWS = f"number,date\n+{LI_WEI_MSISDN},2026-02-01\n{ANNA_MSISDN},2025-01-01\n{FREE_MSISDN},2026-02-01\nx,2026-02-01\n"
ANSWERS = ["false,", "out_of_range,", "not_found,", ",bad_number"]
HOME = "https://bank.example.org/batches"


@dataclass
class Receiver:
    """Stands for the net: what was posted, and what is answered."""

    name: str = "receiver"
    status: int = 204
    posted: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)

    def check(self, url: str) -> None:
        if "internal" in url:
            raise BadInput("no public address", code="bad_address")

    def send(self, method: str, *, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        return Answered(self.post(url=url, body=body, headers=headers), {})

    def post(self, *, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        self.posted.append((url, body, headers))
        return self.status


@dataclass
class Bank:
    """A consumer, what it may, and the worker that serves it."""

    base: DjangoDatabase
    consumer: Consumer
    access: Access
    worker: Worker
    receiver: Receiver

    def upload(self, content: str | bytes = ROWS, **values: Any) -> Batch:
        """A batch with the whole file."""
        asked_for: dict[str, Any] = {"semantics": "camara", "format": "csv"} | values
        batch = batches.begin(self.base, access=self.access, webhooks=self.receiver, **asked_for)
        chunk = content.encode() if isinstance(content, str) else content
        return batches.append(self.base, batch_id=batch.id, access=self.access, chunk=chunk, offset=0)

    def close(self, batch: Batch) -> Batch:
        """Closed, waiting for the worker."""
        return batches.close(self.base, batch_id=batch.id, access=self.access)

    def look(self, batch: Batch) -> Batch:
        """As it stands now."""
        return batches.look(self.base, batch_id=batch.id, access=self.access)

    def answers(self, batch: Batch) -> str:
        """What can be fetched."""
        return batches.answers(self.base, batch_id=batch.id, access=self.access).read_text(encoding="utf-8")

    def done(self, content: str | bytes = ROWS, **values: Any) -> Batch:
        """A batch that went through."""
        batch = self.close(self.upload(content, **values))
        self.worker.run_until_idle()
        return self.look(batch)

    def events(self, batch: Batch) -> list[Event]:
        """Of this batch, in order."""
        return self.base.transact(
            lambda rows: rows.some(Event, {"subject": "batch", "subject_id": batch.id}, order="id")
        )


def access_of(consumer: Consumer) -> Access:
    """What its token would let it do."""
    return Access(
        consumer.id, consumer.name, consumer.category, frozenset({"lookup:batch"}), consumer.purpose, None, None, consumer.sandbox,
        datetime(2030, 1, 1, tzinfo=UTC),
    )  # fmt: skip


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files of this test alone."""
    for name in ("LASTCALL_BATCHES", "LASTCALL_ASKED"):
        monkeypatch.setattr(settings, name, tmp_path / name.lower(), raising=False)
    monkeypatch.setattr(settings, "LASTCALL_INDEX", tmp_path / "lookup.index", raising=False)
    return tmp_path


@pytest.fixture
def make_bank(cast: Cast, places: Path) -> Callable[..., Bank]:
    """Banks with different agreements."""

    def make(name: str = "Bank", **values: Any) -> Bank:
        agreed: dict[str, Any] = {"bulk": True} | values
        created = consumers.create(cast.base, name=name, category="bank", scopes=["lookup:batch"], actor=VERA, **agreed)
        receiver = Receiver()
        served = Worker(
            cast.base, handlers(cast.base, webhooks=receiver, policy=lambda: cast.policy), on_dead(cast.base)
        )
        return Bank(cast.base, created.consumer, access_of(created.consumer), served, receiver)

    return make


@pytest.fixture
def bank(make_bank: Callable[..., Bank]) -> Bank:
    """A bank with a bulk agreement."""
    return make_bank()


def test_a_file_comes_back_with_answers(bank: Bank) -> None:
    batch = bank.done()
    assert batch.state == "done"
    assert [line.split(",", 2)[2] for line in bank.answers(batch).splitlines()] == ["answer,reason", *ANSWERS]
    assert (batch.rows, batch.done_rows, batch.bad) == (4, 4, 1)
    assert batch.as_of == clock.now()


def test_the_index_answers_the_same_when_it_is_fresh(bank: Bank, cast: Cast, places: Path) -> None:
    from_database = bank.answers(bank.done())
    build.build(bank.base, path=places / "lookup.index", policy=cast.policy)
    assert bank.answers(bank.done()) == from_database
    cast.time.advance(timedelta(days=1))
    stale = bank.done()
    assert bank.answers(stale) == from_database
    assert stale.as_of == clock.now()


@pytest.mark.parametrize("format", ["ndjson", "parquet"])
def test_other_formats_come_back_as_they_are(bank: Bank, tmp_path: Path, format: str) -> None:
    from tests.core.lookup.bulk.asking import Question, said, write

    source = write(tmp_path / f"in.{format}", [Question(str(LI_WEI_MSISDN), "2026-02-01"), Question("x", "2026-02-01")])
    batch = bank.done(source.read_bytes(), format=format)
    path = batches.answers(bank.base, batch_id=batch.id, access=bank.access)
    assert said(path) == [("false", ""), ("", "bad_number")]


def test_an_upload_is_taken_up_where_it_was_broken_off(bank: Bank) -> None:
    content = ROWS.encode()
    batch = batches.begin(bank.base, access=bank.access, semantics="camara", format="csv")
    for at in range(0, len(content), 20):
        with pytest.raises(Conflict) as refused:
            batches.append(bank.base, batch_id=batch.id, access=bank.access, chunk=b"again", offset=at + 1)
        assert refused.value.code == "wrong_offset"
        batch = batches.append(bank.base, batch_id=batch.id, access=bank.access, chunk=content[at : at + 20], offset=at)
        assert bank.look(batch).uploaded_bytes == min(at + 20, len(content))
        with batch.questions.open("ab") as file:
            file.write(b"what an append left that was killed before it was noted")
    batches.append(bank.base, batch_id=batch.id, access=bank.access, chunk=b"", offset=len(content))
    bank.close(batch)
    bank.worker.run_until_idle()
    assert bank.look(batch).rows == 4


def test_numbers_may_come_as_hashes_under_the_consumers_own_key(bank: Bank, make_bank: Callable[..., Bank]) -> None:
    key = consumers.hash_key(bank.base, bank.consumer.id)
    other = consumers.hash_key(bank.base, make_bank("Other").consumer.id)
    rows = [
        (number_hash(key, LI_WEI_MSISDN), "false,"), (number_hash(key, ANNA_MSISDN).upper(), "false,"),
        (number_hash(other, LI_WEI_MSISDN), "not_found,"), (number_hash(key, FREE_MSISDN), "not_found,"),
        (f"+{LI_WEI_MSISDN}", ",bad_number"),
    ]  # fmt: skip
    text = "number,date\n" + "".join(f"{number},2026-02-01\n" for number, _ in rows)
    batch = bank.done(text, hashed=True)
    assert [line.split(",", 2)[2] for line in bank.answers(batch).splitlines()[1:]] == [answer for _, answer in rows]


def test_a_sandbox_gets_made_up_answers_and_nothing_real(make_bank: Callable[..., Bank]) -> None:
    bank = make_bank("Trying", sandbox=True)
    batch = bank.done(f"number,date\n+9990200001,2024-01-01\n9990200002,2024-01-01\n+{LI_WEI_MSISDN},2026-02-01\n")
    assert [line.split(",", 2)[2] for line in bank.answers(batch).splitlines()[1:]] == ["false,", "true,", "not_found,"]
    assert asked.gather(bank.base) == 0


def test_the_holder_sees_that_somebody_asked(bank: Bank) -> None:
    bank.done()
    asked.gather(bank.base)
    for msisdn in (LI_WEI_MSISDN, ANNA_MSISDN):
        since = date(2026, 1, 1)
        found = bank.base.transact(partial(asked.of_number, msisdn=msisdn, since=since, until=None))
        assert [(one.category, one.times) for one in found] == [("bank", 1)]


def test_events_tell_each_step_and_nothing_personal(bank: Bank) -> None:
    batch = bank.done(callback_url=HOME)
    batches.delete(bank.base, batch_id=batch.id, access=bank.access)
    events = bank.events(batch)
    assert [event.kind.removeprefix("batch.") for event in events] == ["begin", "close", "run", "finish", "delete"]
    assert [event.target for event in events] == ["uploading", "queued", "running", "done", "deleted"]
    assert not any(personal(event) for event in events)
    assert "bank.example.org" not in str(events)


def test_without_a_bulk_agreement_there_are_no_batches(make_bank: Callable[..., Bank]) -> None:
    bank = make_bank("App", bulk=False)
    with pytest.raises(Refused) as refused:
        bank.upload()
    assert refused.value.code == "no_agreement"


def test_an_agreement_that_ended_meanwhile_stops_the_batch(bank: Bank) -> None:
    batch = bank.upload()
    consumers.change(bank.base, name=bank.consumer.name, actor=VERA, bulk=False)
    with pytest.raises(Refused) as refused:
        bank.close(batch)
    assert refused.value.code == "no_agreement"


def test_a_batch_of_a_consumer_that_has_ended_fails(bank: Bank) -> None:
    batch = bank.close(bank.upload())
    consumers.end(bank.base, name=bank.consumer.name, actor=VERA)
    bank.worker.run_until_idle()
    assert bank.look(batch).failure == "consumer_ended"


def test_another_consumers_batch_is_not_found(bank: Bank, make_bank: Callable[..., Bank]) -> None:
    batch, other = bank.done(), make_bank("Other")
    acts: list[Callable[..., Any]] = [batches.look, batches.close, batches.answers, batches.delete]
    for act in acts:
        with pytest.raises(NotFound):
            act(bank.base, batch_id=batch.id, access=other.access)
    with pytest.raises(NotFound):
        batches.append(bank.base, batch_id=batch.id, access=other.access, chunk=b"x", offset=0)


def test_its_rows_are_taken_from_the_days_quota(make_bank: Callable[..., Bank]) -> None:
    bank = make_bank(rows_per_day=7)
    bank.done()
    batch = bank.upload()
    with pytest.raises(Refused) as refused:
        bank.close(batch)
    assert refused.value.code == "quota_exceeded"
    assert bank.look(batch).state == "uploading"


def test_only_so_many_are_open_at_a_time(bank: Bank, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "present_policy", lambda: replace(cast.policy, lookup_batches_open=2))
    bank.upload(), bank.upload()
    with pytest.raises(Refused) as refused:
        bank.upload()
    assert refused.value.code == "too_many_batches"


def test_it_has_a_greatest_size(bank: Bank, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "present_policy", lambda: replace(cast.policy, lookup_batch_megabytes=0))
    with pytest.raises(Refused) as refused:
        bank.upload()
    assert refused.value.code == "too_big"


def test_closing_twice_is_paid_once(make_bank: Callable[..., Bank]) -> None:
    bank = make_bank(rows_per_day=4)
    batch = bank.close(bank.upload())
    assert bank.close(batch).state == "queued"
    bank.worker.run_until_idle()
    assert bank.close(batch).state == "done"


def test_a_closed_batch_takes_no_more(bank: Bank) -> None:
    batch = bank.close(bank.upload())
    with pytest.raises(NotAllowed):
        batches.append(bank.base, batch_id=batch.id, access=bank.access, chunk=b"x", offset=batch.uploaded_bytes)


def test_an_empty_batch_is_not_closed(bank: Bank) -> None:
    with pytest.raises(BadInput) as refused:
        bank.close(bank.upload(b""))
    assert refused.value.code == "empty"


def test_answers_are_not_there_before_the_end(bank: Bank) -> None:
    batch = bank.close(bank.upload())
    with pytest.raises(Refused) as refused:
        bank.answers(batch)
    assert refused.value.code == "not_done"


def test_a_file_that_cannot_be_read_fails_with_its_reason(bank: Bank) -> None:
    batch = bank.done("a,b\n1,2\n")
    assert (batch.state, batch.failure) == ("failed", "missing_column")
    with pytest.raises(Refused) as refused:
        bank.answers(batch)
    assert refused.value.code == "batch_failed"


def test_what_is_asked_must_exist(bank: Bank) -> None:
    for values, code in (({"semantics": "x"}, "bad_semantics"), ({"format": "xls"}, "unknown_format")):
        with pytest.raises(BadInput) as refused:
            bank.upload(**values)
        assert refused.value.code == code
    with pytest.raises(BadInput) as refused:
        bank.upload(callback_url="https://internal.example.org/")
    assert refused.value.code == "bad_address"


def test_its_files_are_for_its_owner_only_and_go_with_it(bank: Bank) -> None:
    batch = bank.done()
    assert oct(batch.folder.stat().st_mode)[-3:] == "700"
    assert [path.name for path in batch.folder.iterdir()] == ["answers.csv"]
    batches.delete(bank.base, batch_id=batch.id, access=bank.access)
    assert not batch.folder.exists()
    with pytest.raises(NotFound):
        bank.look(batch)


def test_its_files_go_when_its_time_is_over(bank: Bank, cast: Cast) -> None:
    done, never_closed = bank.done(), bank.upload()
    cast.time.advance(timedelta(days=cast.policy.lookup_batch_days - 1))
    bank.worker.run_until_idle()
    assert bank.look(done).state == "done"
    cast.time.advance(timedelta(days=1, seconds=1))
    bank.worker.run_until_idle()
    for batch in (done, never_closed):
        assert not batch.folder.exists()
        with pytest.raises(NotFound):
            bank.look(batch)


def test_a_batch_that_is_being_answered_is_not_deleted(bank: Bank) -> None:
    batch = bank.close(bank.upload())
    running.run(bank.base, batch.id, turn_seconds=-1)
    with pytest.raises(NotAllowed):
        batches.delete(bank.base, batch_id=batch.id, access=bank.access)


def test_its_consumer_is_called_back_with_a_signed_event(bank: Bank) -> None:
    batch = bank.done(callback_url=HOME)
    [(url, body, headers)] = bank.receiver.posted
    event = json.loads(body)
    assert url == HOME
    assert event["type"] == "org.lastcall.batch.finished.v1"
    assert event["data"]["id"] == str(batch.id)
    assert (event["data"]["state"], event["data"]["rows"], event["data"]["badRows"]) == ("done", 4, 1)
    key = consumers.hash_key(bank.base, bank.consumer.id)
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    assert headers["webhook-signature"] == "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def test_a_receiver_that_is_not_well_is_called_again(bank: Bank, cast: Cast) -> None:
    bank.receiver.status = 500
    batch = bank.done(callback_url=HOME)
    assert batch.state == "done"
    bank.receiver.status = 200
    cast.time.advance(timedelta(minutes=1))
    bank.worker.run_until_idle()
    assert len(bank.receiver.posted) == 2
    assert bank.receiver.posted[0][1] == bank.receiver.posted[1][1]


def test_a_failed_batch_is_told_too(bank: Bank) -> None:
    bank.done("a,b\n", callback_url=HOME)
    assert json.loads(bank.receiver.posted[0][1])["data"]["failure"] == "missing_column"


def test_it_goes_on_turn_after_turn(bank: Bank) -> None:
    text = "number,date\n" + f"{LI_WEI_MSISDN},2026-02-01\n" * 100_000
    batch = bank.close(bank.upload(text))
    for _ in range(2):
        running.run(bank.base, batch.id, turn_seconds=-1)
        assert bank.look(batch).state == "running"
    bank.worker.run_until_idle()
    assert bank.look(batch).rows == 100_000
    assert bank.answers(batch).count(",false,\n") == 100_000


def _die_at(now: Iterator[bool]) -> None:
    if next(now):
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_worker_that_is_killed_in_the_middle_loses_nothing(
    bank: Bank, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "number,date\n" + f"{LI_WEI_MSISDN},2026-02-01\n" * 150_000
    batch = bank.close(bank.upload(text))
    bank.base.close()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the test runner has threads
        child = os.fork()
    if child == 0:
        monkeypatch.setattr(asked, "flush", partial(_die_at, iter((False, True))))
        try:
            running.run(DjangoDatabase(), batch.id, turn_seconds=-1)
            running.run(DjangoDatabase(), batch.id, turn_seconds=-1)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert bank.look(batch).state == "running"
    cast.time.advance(timedelta(minutes=5))
    bank.worker.run_until_idle()
    assert bank.answers(batch).count(",false,\n") == 150_000
    left = bank.base.transact(lambda rows: rows.count(Job, {"kind": "batch.run", "state": "dead"}))
    assert left == 0


def test_tables_of_hashes_go_with_their_consumers_key(bank: Bank, make_bank: Callable[..., Bank]) -> None:
    other = make_bank("Other")
    for one in (bank, other):
        one.done(f"number,date\n{'0' * 64},2026-02-01\n", hashed=True)
    assert running.forget_tables(bank.base) == 0
    consumers.rotate_hash_key(bank.base, name=bank.consumer.name, actor=VERA)
    consumers.end(bank.base, name="Other", actor=VERA)
    assert running.forget_tables(bank.base) == 2


def test_a_batch_that_no_worker_can_do_fails_and_alerts(
    bank: Bank, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **values: object) -> None:
        raise ElementTrouble("the disk is full", permanent=True)

    monkeypatch.setattr(running, "check", broken)
    batch = bank.done(callback_url=HOME)
    assert (batch.state, batch.failure) == ("failed", "worker")
    assert len(bank.receiver.posted) == 1
