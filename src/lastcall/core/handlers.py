"""What the worker does with each kind of job that the core writes."""

from __future__ import annotations

from functools import partial

from lastcall.core import clock
from lastcall.core.closing import advance, cease, codes, filing, links, notices, reactivate, receipts
from lastcall.core.closing.photos import destroy, read, reading_failed
from lastcall.core.closing.steps import Outside
from lastcall.core.closing.stuck import cease_got_stuck, review_is_overdue
from lastcall.core.counter import payments
from lastcall.core.ports import Messenger, PhotoReader
from lastcall.core.store import Database
from lastcall.core.work import Handler


def handlers(
    database: Database,
    *,
    outside: Outside,
    messengers: dict[str, Messenger],
    attach: receipts.Attach | None = None,
    photos: PhotoReader | None = None,
    watch: cease.Watch | None = None,
) -> dict[str, Handler]:
    """A handler for every kind of job, by kind. ``attach``: what goes with a receipt's mail; ``photos``: without one, people
    look at photos; ``watch``: told of each moment of a cease."""

    def advance_case(case_id: int) -> None:
        advance.advance(database, case_id=case_id, billing=outside.billing)

    def cease_case(case_id: int) -> None:
        cease.cease_if_due(database, case_id=case_id, outside=outside, watch=watch)

    return {
        "case.advance": advance_case,
        "case.cease": cease_case,
        "receipt.send": lambda copy_id: receipts.send_copy(
            database, copy_id=copy_id, messengers=messengers, attach=attach
        ),
        "code.send": lambda code_id: codes.send(database, code_id=code_id, messengers=messengers),
        "link.send": lambda copy_id: links.send(database, copy_id=copy_id, messengers=messengers),
        "photo.read": lambda scan_id: read(database, scan_id=scan_id, photos=photos),
        "photo.destroy": lambda case_id: destroy(database, case_id=case_id),
        "signed_paper.destroy": lambda paper_id: filing.destroy(database, paper_id=paper_id),
        "payment.book": lambda payment_id: payments.book(database, payment_id=payment_id, billing=outside.billing),
        "notice.send": lambda notice_id: notices.send(database, notice_id=notice_id, messengers=messengers),
        "hlr.provision": lambda line_id: reactivate.provision(database, line_id=line_id, hlr=outside.hlr),
        "billing.open": lambda line_id: reactivate.open_account(database, line_id=line_id, billing=outside.billing),
        "hlr.remove": lambda sim_id: reactivate.remove_from_hlr(database, sim_id=sim_id, hlr=outside.hlr),
        "review.overdue": lambda case_id: review_is_overdue(database, case_id=case_id, now=clock.now()),
    }


def on_dead(database: Database) -> dict[str, Handler]:
    """What is done when a job of a kind has run out of tries, by kind."""
    return {"case.cease": partial(_got_stuck, database), "photo.read": partial(reading_failed, database)}


def _got_stuck(database: Database, case_id: int) -> None:
    cease_got_stuck(database, case_id=case_id)
