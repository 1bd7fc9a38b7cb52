"""Which elements this installation has, and what the worker does with each kind of job."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from lastcall.core import clock
from lastcall.core.closing import advance, cease, notices, reactivate
from lastcall.core.closing.steps import Outside
from lastcall.core.closing.stuck import cease_got_stuck, review_is_overdue
from lastcall.core.database import DjangoDatabase, database
from lastcall.core.ports import Hlr, Messenger
from lastcall.core.work import Worker
from lastcall.elements.billing.ledger import LedgerBilling
from lastcall.elements.hlr import make_hlr
from lastcall.elements.mail import make_mail
from lastcall.elements.sms import make_sms
from lastcall.site.home import home


@dataclass(frozen=True)
class Elements:
    """The outside parts, as chosen by ``LASTCALL_HLR``, ``LASTCALL_SMS``, ``LASTCALL_MAIL``."""

    hlr: Hlr
    billing: LedgerBilling
    messengers: dict[str, Messenger]

    @property
    def outside(self) -> Outside:
        return Outside(hlr=self.hlr, billing=self.billing)


def make_elements(*, hlr: str | None = None, address: str | None = None, folder: Path | None = None) -> Elements:
    """The elements of this installation; ``hlr`` and ``address`` override the settings. Nothing is connected yet."""
    where = folder or home()
    return Elements(
        hlr=make_hlr(hlr or settings.LASTCALL_HLR, folder=where, address=address or settings.LASTCALL_HLR_ADDRESS),
        billing=LedgerBilling(),
        messengers={
            "sms": make_sms(settings.LASTCALL_SMS, folder=where / "sms", out=sys.stderr),
            "mail": make_mail(settings.LASTCALL_MAIL, folder=where / "mail", out=sys.stderr),
        },
    )


def make_worker(elements: Elements, *, base: DjangoDatabase | None = None, watch: cease.Watch | None = None) -> Worker:
    """The worker with a handler for every kind of job that the core writes."""
    db = base or database()

    def advance_case(case_id: int) -> None:
        advance.advance(db, case_id=case_id, billing=elements.billing)

    def cease_case(case_id: int) -> None:
        cease.cease_if_due(db, case_id=case_id, outside=elements.outside, watch=watch)

    return Worker(
        db,
        handlers={
            "case.advance": advance_case,
            "case.cease": cease_case,
            "notice.send": lambda notice_id: notices.send(db, notice_id=notice_id, messengers=elements.messengers),
            "hlr.provision": lambda line_id: reactivate.provision(db, line_id=line_id, hlr=elements.hlr),
            "hlr.remove": lambda sim_id: reactivate.remove_from_hlr(db, sim_id=sim_id, hlr=elements.hlr),
            "review.overdue": lambda case_id: review_is_overdue(db, case_id=case_id, now=clock.now()),
        },
        on_dead={"case.cease": lambda case_id: cease_got_stuck(db, case_id=case_id)},
    )
