"""Which elements this installation has, and what the worker does with each kind of job."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.conf import settings

from lastcall.core.closing import cease, letters
from lastcall.core.closing.receipts import Receipted
from lastcall.core.closing.steps import Outside
from lastcall.core.database import DjangoDatabase, database
from lastcall.core.handlers import handlers, on_dead
from lastcall.core.lookup.bulk import handlers as batches
from lastcall.core.policies.present import present_pack, present_policy
from lastcall.core.ports import Attachment, Billing, Hlr, Messenger, PhotoReader, Printer, Webhooks
from lastcall.core.provided import provide
from lastcall.core.telling.periodic import handlers as telling_handlers
from lastcall.core.texting.gateway import Gateway
from lastcall.core.texting.handlers import handlers as texting_handlers
from lastcall.core.work import Worker
from lastcall.elements.billing.ledger import LedgerBilling
from lastcall.elements.hlr import make_hlr
from lastcall.elements.identity import make_photo_reader
from lastcall.elements.letters import make_printer
from lastcall.elements.webhook import make_webhooks
from lastcall.site.channels import make_gateway, make_messengers
from lastcall.site.home import home


@dataclass(frozen=True)
class Elements:
    """The outside parts, as chosen by ``LASTCALL_HLR``, ``LASTCALL_SMS``, ``LASTCALL_MAIL``, ``LASTCALL_WEBHOOKS``."""

    hlr: Hlr
    billing: LedgerBilling
    messengers: dict[str, Messenger]
    printer: Printer
    photos: PhotoReader
    webhooks: Webhooks

    @property
    def outside(self) -> Outside:
        return Outside(hlr=self.hlr, billing=self.billing)


def make_elements(*, hlr: str | None = None, address: str | None = None, folder: Path | None = None) -> Elements:
    """The elements of this installation; ``hlr`` and ``address`` override the settings. Nothing is connected yet."""
    where = folder or home()
    return Elements(
        hlr=make_hlr(hlr or settings.LASTCALL_HLR, folder=where, address=address or settings.LASTCALL_HLR_ADDRESS),
        billing=LedgerBilling(),
        messengers=make_messengers(where),
        printer=make_printer("typst"),
        photos=make_photo_reader(settings.LASTCALL_PHOTOS, most_bytes=settings.LASTCALL_PHOTO_BYTES),
        webhooks=make_webhooks(settings.LASTCALL_WEBHOOKS, loopback=settings.LASTCALL_WEBHOOKS_LOOPBACK),
    )


def provide_elements(elements: Elements) -> None:
    """Give doors the elements that their pages need."""
    provide(Billing, lambda: elements.billing)
    provide(Printer, lambda: elements.printer)
    provide(PhotoReader, lambda: elements.photos)
    provide(Gateway, make_gateway)
    provide(Webhooks, lambda: elements.webhooks)


def _receipt_as_pdf(printer: Printer, receipted: Receipted) -> tuple[Attachment, ...]:
    case, pack = receipted.case, present_pack()
    letter = letters.receipt(
        receipt=receipted.receipt, case=case, pack=pack, language=case.language, contact=receipted.contact
    )
    return (Attachment("receipt.pdf", "application/pdf", printer.make(letter)),)


def make_worker(elements: Elements, *, base: DjangoDatabase | None = None, watch: cease.Watch | None = None) -> Worker:
    """The worker with a handler for every kind of job that the core writes."""
    db = base or database()
    return Worker(
        db,
        handlers=handlers(
            db,
            outside=elements.outside,
            messengers=elements.messengers,
            attach=partial(_receipt_as_pdf, elements.printer),
            photos=elements.photos,
            watch=watch,
        )
        | texting_handlers(db, messengers=elements.messengers, billing=elements.billing, policy=present_policy)
        | telling_handlers(db, webhooks=elements.webhooks, policy=present_policy)
        | batches.handlers(db, webhooks=elements.webhooks, policy=present_policy),
        on_dead=on_dead(db) | batches.on_dead(db),
    )
