"""The same statements in the same transactions as the services', written by hand on the driver: the floor.

No rules, no checks of what was read, values made beforehand where they can be. What a service costs above this is the
price of the rules, the guards and the store.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import psycopg
from django.db import connections

from bench.load import Client, drive
from bench.population import FIRST, policy
from bench.proof import prove

_CASE: Final = (
    "INSERT INTO closing_case (id, revision, state, reference_key, secret_key, claimed_msisdn, line_id, tenure_id, door, "
    "language, declared_by, opener, declared_at, legal_end, lapse_at, policy, verifier, identity_failures, sim_custody, "
    "sim_pin_removed, awaiting_papers, awaiting_payment, awaiting_sim, approver, approved_reasons, results, final_bill, "
    "refund_target, ended_reason, photo, asked) VALUES (%s, 1, 'declared', %s, %s, %s, %s, %s, 'portal', 'zh-hans', 'holder', "
    "'holder:-', %s, %s, %s, %s, '', 0, '', %s, %s, %s, %s, '', '', '{}', '{}', '', '', '', '')"
)
_JOB: Final = (
    "INSERT INTO work_job (id, kind, subject_id, about, state, due_at, attempts, lease, last_error) "
    "VALUES (%s, %s, %s, %s, 'queued', %s, 0, '', '')"
)
_DECLARATION: Final = (
    "INSERT INTO closing_declaration (key, body_key, case_id, door, received_at, receipt) "
    "VALUES (%s, %s, %s, 'portal', %s, %s)"
)
_EVENT: Final = (
    "INSERT INTO audit_event (at, kind, subject, subject_id, case_id, actor, door, reason, source, target, data) "
    "VALUES (%s, %s, %s, %s, %s, 'system:worker', 'system', '', %s, %s, %s)"
)
_EFFECT: Final = (
    "INSERT INTO closing_effect (key, case_id, step, state, attempts, intended_at, last_error, evidence) "
    "VALUES (%s, %s, %s, 'intended', 1, %s, '', '{}')"
)
_EFFECT_DONE: Final = (
    "UPDATE closing_effect SET state = 'done', done_at = %s, evidence = %s, last_error = '' "
    "WHERE key = %s AND state = 'intended'"
)
_STEP: Final = (
    "UPDATE closing_case SET state = 'ceasing', revision = %s, stuck_at = NULL "
    "WHERE id = %s AND revision = %s AND state = 'ceasing'"
)
_NOTICE: Final = (
    "INSERT INTO closing_notice (id, case_id, contact_id, template, about, language, queued_at, due_at, facts) "
    "VALUES (%s, %s, %s, %s, '', 'zh-hans', %s, %s, '{}')"
)
_EVIDENCE: Final = json.dumps({"after": {"has_number": True, "in_service": False, "known": True}})
_OTHER_JOBS: Final = 1_000_000_000_000
_STEPS: Final = ("bar", "take_number_off", "kill_sim", "stop_charging", "final_bill", "refund", "release_number")


class Hand:
    """A connection of one's own, as one would open it by hand."""

    def __init__(self) -> None:
        settings = connections["default"].settings_dict
        self.sqlite = settings["ENGINE"].endswith("sqlite3")
        self._connection: Any
        if self.sqlite:
            self._connection = sqlite3.connect(
                settings["NAME"], timeout=60, isolation_level=None, check_same_thread=False
            )
            self._connection.execute("PRAGMA journal_mode=WAL").fetchone()
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.execute("PRAGMA foreign_keys=ON")
        else:
            host = settings["OPTIONS"]["host"]
            self._connection = psycopg.connect(dbname=settings["NAME"], user=settings["USER"], host=host)

    def begin(self) -> None:
        if self.sqlite:
            self._connection.execute("BEGIN IMMEDIATE")

    def run(self, statement: str, *values: Any) -> Any:
        if self.sqlite:
            return self._connection.execute(_marks(statement), values)
        return self._connection.execute(statement, values)

    def commit(self) -> None:
        self._connection.execute("COMMIT") if self.sqlite else self._connection.commit()

    def moment(self, at: datetime) -> Any:
        return str(at.replace(tzinfo=None)) if self.sqlite else at

    def close(self) -> None:
        self._connection.close()


_translated: dict[str, str] = {}


def _marks(statement: str) -> str:
    if statement not in _translated:
        _translated[statement] = statement.replace("%s", "?")
    return _translated[statement]


def _client(work: Callable[[Hand, int], None]) -> Client:
    def client(items: Iterator[int]) -> Iterator[None]:
        hand = Hand()
        for number in items:
            work(hand, number)
            yield
        hand.close()

    return client


def declaring() -> Client:
    """One transaction per declaration: seven reads, seven writes."""
    frozen = json.dumps(policy().as_json(), ensure_ascii=False, sort_keys=True)
    receipt = json.dumps({"complete": True, "legal_end": "2026-01-01T00:00:00", "received_at": "2026-01-01T00:00:00"})

    def work(hand: Hand, number: int) -> None:
        now = datetime.now(UTC)
        at, later, before = (hand.moment(now + timedelta(days=days)) for days in (0, 30, -1))
        key, msisdn, no = f"{number:064x}", FIRST + number, False
        hand.begin()
        hand.run("SELECT case_id, body_key, receipt FROM closing_declaration WHERE key = %s", key).fetchone()
        hand.run("SELECT id, last FROM numbers_range WHERE first <= %s ORDER BY first DESC LIMIT 1", msisdn).fetchone()
        tenure = hand.run(
            "SELECT id, until FROM numbers_tenure WHERE msisdn = %s ORDER BY ordinal DESC LIMIT 1", msisdn
        ).fetchone()[0]
        line = hand.run(
            "SELECT id FROM subscribers_line WHERE tenure_id = %s AND closed_at IS NULL LIMIT 1", tenure
        ).fetchone()[0]
        hand.run("SELECT id FROM closing_case WHERE line_id = %s AND ended_at IS NULL LIMIT 1", line).fetchone()
        case = number + 10_000_000
        hand.run(_CASE, case, key, key, msisdn, line, tenure, at, later, later, frozen, no, no, no, no)
        hand.run(_JOB, 2 * case, "case.advance", case, "", at)
        hand.run(_JOB, 2 * case + 1, "case.advance", case, "lapse", later)
        hand.run(_DECLARATION, key, key, case, at, receipt)
        hand.run("SELECT count(*) FROM closing_case WHERE claimed_msisdn = %s AND declared_at > %s", msisdn, before)
        contact = hand.run("SELECT id FROM subscribers_contact WHERE subscriber_id = %s", number).fetchone()[0]
        hand.run(_NOTICE, case, case, contact, "declared", at, at)
        hand.run(_JOB, 2 * case + _OTHER_JOBS, "notice.send", case, "", at)
        hand.run(_EVENT, at, "case.declared", "case", case, case, "", "declared", "{}")
        hand.commit()

    return _client(work)


def ceasing() -> Client:
    """One transaction per step, for each intent must be durable before its effect: 9 transactions, 64 writes.

    Of the reads only one per transaction is kept: the case itself.
    """
    return _client(_cease)


def _cease(hand: Hand, number: int) -> None:
    revision = 7
    for place, step in enumerate(("", *_STEPS)):
        at = hand.moment(datetime.now(UTC))
        hand.begin()
        hand.run("SELECT * FROM closing_case WHERE id = %s", number).fetchone()
        if step:
            hand.run(_EFFECT_DONE, at, _EVIDENCE, f"case:{number}:{step}")
            revision = _step(hand, number, revision, at)
            _consequence(hand, number, step, at)
        if place < len(_STEPS):
            hand.run(_EFFECT, f"case:{number}:{_STEPS[place]}", number, _STEPS[place], at)
            revision = _step(hand, number, revision, at)
        else:
            _close(hand, number, revision, at)
        hand.commit()
        if step == "stop_charging":  # the final bill is frozen before it is settled
            hand.begin()
            hand.run("SELECT * FROM closing_case WHERE id = %s", number).fetchone()
            revision = _step(hand, number, revision, at)
            hand.commit()


def _step(hand: Hand, number: int, revision: int, at: Any) -> int:
    hand.run(_STEP, revision + 1, number, revision)
    hand.run(_EVENT, at, "case.step", "case", number, number, "ceasing", "ceasing", _EVIDENCE)
    return revision + 1


def _consequence(hand: Hand, number: int, step: str, at: Any) -> None:
    if step in {"bar", "kill_sim"}:
        before, after = ("active", "barred") if step == "bar" else ("barred", "dead")
        hand.run("UPDATE numbers_sim SET state = %s WHERE id = %s AND state = %s", after, number, before)
        hand.run(_EVENT, at, f"sim.{after}", "sim", number, number, before, after, "{}")
    if step == "release_number":
        reclaim, quarantine = _deadlines(hand)
        hand.run(
            "UPDATE numbers_tenure SET until = %s, ending = 'ceased', reclaim_until = %s, quarantine_until = %s "
            "WHERE id = %s AND until IS NULL", at, reclaim, quarantine, number,
        )  # fmt: skip
        hand.run(
            "INSERT INTO numbers_pendingrelease (reclaim_until, msisdn, tenure_id, quarantine_until) "
            "VALUES (%s, %s, %s, %s)", reclaim, FIRST + number, number, quarantine,
        )  # fmt: skip
        hand.run(_EVENT, at, "number.pending_release", "tenure", number, number, "in_service", "pending_release", "{}")
        hand.run("UPDATE subscribers_line SET closed_at = %s WHERE id = %s AND closed_at IS NULL", at, number)
        hand.run(_EVENT, at, "line.closed", "line", number, number, "", "", "{}")


def _deadlines(hand: Hand) -> Sequence[Any]:
    now = datetime.now(UTC)
    return hand.moment(now + timedelta(days=60)), hand.moment(now + timedelta(days=90))


def _close(hand: Hand, number: int, revision: int, at: Any) -> None:
    hand.run(
        "UPDATE closing_case SET state = 'closed', revision = %s, ended_at = %s, ended_reason = 'ceased' "
        "WHERE id = %s AND revision = %s AND state = 'ceasing'", revision + 1, at, number, revision,
    )  # fmt: skip
    case = number + 10_000_000
    hand.run(_JOB, 2 * case, "hlr.remove", number, "", at)
    hand.run(_NOTICE, case, number, number, "ceased", at, at)
    hand.run(_JOB, 2 * case + 1, "notice.send", case, "", at)
    hand.run(_EVENT, at, "case.close", "case", number, number, "ceasing", "closed", "{}")
    hand.run(_EVENT, at, "tenure.ceased", "tenure", number, number, "", "", "{}")


def measure(*, work: str, clients: int, processes: int, first: int, last: int, seconds: float) -> Any:
    """One measurement, and the proof of what it left behind."""
    make = declaring if work == "declare" else ceasing
    items = range(first, last + 1)
    return drive(make, clients=clients, processes=processes, items=items, seconds=seconds) | prove(work)
