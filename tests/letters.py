"""Every kind of letter, made of the same invented facts, for the tests of what is said and of how it is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from lastcall.core.audit.event import Event
from lastcall.core.audit.reading import Reading
from lastcall.core.closing import letters
from lastcall.core.closing.case import Case
from lastcall.core.closing.letters import Destroyed, Letter
from lastcall.core.closing.receipts import Receipt
from lastcall.core.closing.story import Ahead, Missing, Story, Told
from lastcall.core.numbers.sim import Sim
from lastcall.core.numbers.status import NumberStatus
from lastcall.core.policies.load import load
from lastcall.core.policies.pack import Pack
from lastcall.core.ports import Account
from lastcall.core.subscribers.subscriber import Document, Representative, Subscriber
from tests.cast import LI_WEI_MSISDN, iccid

LANGUAGES: Final = ("ru", "zh-hans", "en")
NOW: Final = datetime(2026, 1, 12, 9, 0, 5, tzinfo=UTC)
TOKEN: Final = "LC1-7K2M-9QXW-4T"
REFERENCE: Final = "7K2M9QXW4T8R1V5C"
SECRET: Final = "M3N8P1Q6R2S9T4V7"

LI_WEI: Final = Subscriber(
    id=1, kind="person", name="李伟", name_latin="Li Wei", citizenship="CN", language="zh-hans", created_at=NOW
)
PASSPORT: Final = Document(
    id=1, subscriber_id=1, kind="foreign_passport", issuer="CN", last_four="5678", number_key="-", on_file_since=NOW
)
ANNA: Final = Representative(
    id=1, subscriber_id=1, kind="power_of_attorney", name="Анна Петрова", document_key="-", powers="close money",
    notarised=True, on_file_since=NOW,
)  # fmt: skip
SIM: Final = Sim(
    id=1, iccid=iccid(501), imsi="250990000000501", form="card", state="dead", custody="destroyed",
    destroyed_at=NOW + timedelta(days=3), destroyed_by="clerk:olga",
)  # fmt: skip
BILL: Final = {
    "currency": "RUB",
    "lines": [{"code": "balance", "amount": 1_350_50}, {"code": "early_termination_fee", "amount": -100_00}],
    "not_refundable": 15_50,
    "refund": 1_235_00,
    "owed": 0,
}
LOG: Final = (
    Event(id=41, at=NOW, kind="sim.collected", subject="sim", subject_id=1, case_id=1, actor="clerk:olga", door="store"),
    Event(id=57, at=NOW + timedelta(days=3), kind="sim.destroyed", subject="sim", subject_id=1, case_id=1,
          actor="clerk:olga", door="store"),
)  # fmt: skip
PHOTO: Final = Destroyed(
    thing="passport_photo", at=NOW + timedelta(days=2), role="system", reason="decided", method="key_destroyed",
    mark="№ 1", system="Lastcall",
)  # fmt: skip


def pack(operator: str = "demo") -> Pack:
    """The pack of an operator on the day of all this."""
    return load(operator, on=date(2026, 1, 12))


def case(**other: Any) -> Case:
    """Li Wei's case, declared on the web, identity not yet shown."""
    facts: dict[str, Any] = {
        "id": 1, "revision": 1, "state": "declared", "reference_key": "-", "secret_key": "-",
        "claimed_msisdn": LI_WEI_MSISDN, "line_id": 1, "tenure_id": 1, "door": "portal", "language": "zh-hans",
        "declared_by": "holder", "opener": "holder:-", "declared_at": NOW, "legal_end": NOW,
        "lapse_at": NOW + timedelta(days=30), "policy": pack().policy().as_json(),
    }  # fmt: skip
    return Case(**facts | other)


def proved(**other: Any) -> Case:
    """The same after Olga has seen the original."""
    return case(in_person_at=NOW + timedelta(hours=1), **other)


def closed(**other: Any) -> Case:
    """The same after the end."""
    facts = {
        "state": "closed", "network_confirmed_at": NOW + timedelta(days=2), "ended_at": NOW + timedelta(days=2, hours=1),
        "final_bill": BILL, "refund_target": "bank_account", "sim_custody": "destroyed",
    }  # fmt: skip
    return proved(**facts | other)


def receipt(**other: Any) -> Receipt:
    """What Li Wei keeps."""
    kept = Receipt(
        case_id=1, reference=REFERENCE, secret=SECRET, received_at=NOW, legal_end=NOW, complete=True, kept="-"
    )
    return replace(kept, **other)


def story(told: Case, **other: Any) -> Story:
    """The story of a case: of one that is proved with everything, of another with what was declared."""
    ended, shown = told.state == "closed", told.in_person_at is not None
    facts: dict[str, Any] = {
        "case": told, "state": told.state, "proved": shown, "frozen": False, "stuck": False, "withdrawable": not ended,
        "ended_reason": "", "happened": (Told("declared", NOW),), "ahead": (Ahead("lapse", told.lapse_at),),
        "missing": () if shown else (Missing("identity_missing", {}, ours=False),), "bill": {}, "number": None,
    }  # fmt: skip
    if ended:
        assert told.network_confirmed_at is not None
        reclaim, quarantine = (told.network_confirmed_at + timedelta(days=days) for days in (60, 180))
        facts |= {
            "happened": (Told("declared", NOW), Told("proved_in_person", NOW + timedelta(hours=1)),
                         Told("closed", NOW + timedelta(days=2, hours=1))),
            "ahead": (Ahead("end_of_reclaim", reclaim), Ahead("next_owner", quarantine)),
            "bill": told.final_bill,
            "number": NumberStatus("pending_release", "ООО «Демо Мобайл»", reclaim, quarantine),
        }  # fmt: skip
    return Story(**facts | other)


KINDS: Final[dict[str, Callable[[str], Letter]]] = {
    "statement": lambda language: letters.statement(
        case=proved(refund_target="bank_account", sim_custody="collected"), pack=pack(), language=language,
        holder=LI_WEI, document=PASSPORT,
    ),
    "statement_unproved": lambda language: letters.statement(
        case=case(declared_by="representative"), pack=pack(), language=language, holder=LI_WEI, document=PASSPORT,
        representative=ANNA,
    ),
    "receipt": lambda language: letters.receipt(
        receipt=receipt(), case=case(), pack=pack(), language=language, contact="l…@example.org"
    ),
    "receipt_incomplete": lambda language: letters.receipt(
        receipt=receipt(complete=False), case=case(requested_end=NOW + timedelta(days=9)), pack=pack("mts"),
        language=language,
    ),
    "end_notice": lambda language: letters.end_notice(story=story(closed()), pack=pack(), language=language),
    "destruction_record": lambda language: letters.destruction_record(
        case=closed(), destroyed=(letters.destroyed_sim(SIM), PHOTO), log=LOG, pack=pack(), language=language,
        now=NOW + timedelta(days=4),
    ),
    "power_memo": lambda language: letters.power_memo(pack=pack(), language=language, now=NOW),
    "cover_sheet": lambda language: letters.cover_sheet(
        token=TOKEN, papers=("statement", "power_of_attorney", "sim"), pack=pack(), language=language, now=NOW,
        reference="7K2M-9QXW-4T8R-1V5C",
    ),
    "case_file": lambda language: letters.case_file(
        story=story(closed()), pack=pack(), language=language, now=NOW + timedelta(days=3),
        looks=(Reading(at=NOW + timedelta(hours=1), role="clerk", reason="subscriber_present"),),
    ),
    "case_file_unproved": lambda language: letters.case_file(
        story=story(case()), pack=pack(), language=language, now=NOW
    ),
    "checklist": lambda language: letters.checklist(
        pack=pack(), language=language, now=NOW,
        account=Account(line_id=1, currency="RUB", balance=-1_234_50, refundable=0, charging=True, as_of=NOW),
    ),
}  # fmt: skip
"""Name -> the letter in a reader's language."""
