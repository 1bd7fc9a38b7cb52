"""Answering a text: the work of the worker. What is done is decided once; what is said is sent once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.conf import settings

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.closing.charges import final_bill
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.link import case_link, words_of
from lastcall.core.closing.story import story
from lastcall.core.errors import ElementTrouble
from lastcall.core.plan import Change, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Billing, FinalBill, Message, Messenger
from lastcall.core.store import Database, Store
from lastcall.core.subscribers.line import Line
from lastcall.core.texting import acts
from lastcall.core.texting.answers import Known, say
from lastcall.core.texting.text import Text, sender_of


def answer(
    database: Database, *, text_id: int, messengers: Mapping[str, Messenger], billing: Billing, policy: Policy
) -> None:
    """Do what the text asks, then tell its sender. The message carries the text's id as its key, so it goes out once.

    Raises ``ElementTrouble``, ``Conflict``: to be tried again.
    """
    text = acts.decide(database, text_id=text_id, policy=policy)
    if text is None or text.quiet:
        return
    known = database.transact(lambda rows: _known(rows, text))
    if text.outcome in {"declared", "declared_before"}:
        known = replace(known, bill=_bill(database, text, billing))
    body = say(text.outcome, language=text.language, known=known)
    number = settings.LASTCALL_TEXT_NUMBER
    messengers["sms"].send(Message(f"text:{text.id}", sender_of(text), "", body, text.language, sender=number))
    database.transact(lambda rows: rows.apply(_answered(text, clock.now())))


def _known(rows: Store, text: Text) -> Known:
    msisdn = int(sender_of(text).removeprefix("+"))
    if text.case_id is None:
        return Known(msisdn=msisdn)
    case = read_case(rows, text.case_id)
    reference, secret = words_of(rows, case)
    known = Known(
        msisdn=msisdn, received_at=case.declared_at, reference=reference, by_text=case.door == acts.DOOR,
        complete=case.door in Policy.from_json(case.policy).termination_act_doors, story=story(rows, case=case),
    )  # fmt: skip
    # Whoever holds the phone may not be who declared elsewhere: the way into such a case is in that door's receipt.
    return replace(known, secret=secret, link=case_link(rows, case)) if known.by_text else known


def _bill(database: Database, text: Text, billing: Billing) -> FinalBill | None:
    line = database.transact(lambda rows: _line(rows, text))
    if line is None:
        return None
    try:
        return final_bill(line, billing.account(line.id), on=clock.now().date())
    except ElementTrouble:
        return None  # an answer in time without the balance is better than none


def _line(rows: Store, text: Text) -> Line | None:
    case = rows.one(Case, {"id": text.case_id})
    return rows.one(Line, {"id": case.line_id}) if case is not None and case.line_id is not None else None


def _answered(text: Text, now: datetime) -> Plan:
    """The number is not needed any more, and so not kept."""
    event = Event(
        at=now, kind="text.answered", subject="text", subject_id=text.id, case_id=text.case_id, actor="system:worker",
        door="text", reason=text.outcome,
    )  # fmt: skip
    change = Change(Text, {"id": text.id, "answered_at": None}, {"answered_at": now, "sealed_sender": ""})
    return Plan((change,), (event,))
