"""The batch: a file of questions that a consumer uploads, and fetches again with answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import models

from lastcall.core import keyed
from lastcall.core.lookup.bulk.lifecycle import BATCH
from lastcall.core.rows import Row, holds, table


@table(
    "lookup",
    references={"consumer_id": "relying.Consumer"},
    constraints=(
        holds("batch_state", models.Q(state__in=BATCH.states)),
        holds(
            "batch_counts", models.Q(uploaded_bytes__gte=0, rows__gte=0, bad__gte=0, done_rows__lte=models.F("rows"))
        ),
        holds(
            "batch_finished",
            models.Q(state__in=["uploading", "queued", "running"], finished_at__isnull=True)
            | models.Q(state__in=["done", "failed"], finished_at__isnull=False)
            | models.Q(state="deleted"),
        ),
    ),
    indexes=(models.Index(fields=["consumer_id", "state"], name="batch_consumer"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Batch(Row):
    """``purpose``: why the consumer asks (W3C DPV); ``hashed``: numbers come as hashes under the consumer's key.

    ``rows``: before it has run, the lines that were paid for from the day's quota; ``done_rows``: about how many are answered;
    ``bad``: how many got a reason instead. ``failure``: a code, once failed. ``as_of``: everything committed by then is in the
    answers. ``sealed_callback``: the address that is told of the end, empty for none; it opens for this row alone.
    """

    id: int
    consumer_id: int
    state: str
    semantics: str
    format: str
    hashed: bool
    purpose: str
    created_at: datetime
    uploaded_bytes: int = 0
    rows: int = 0
    done_rows: int = 0
    bad: int = 0
    finished_at: datetime | None = None
    as_of: datetime | None = None
    failure: str = ""
    sealed_callback: str = ""
    revision: int = 1

    @property
    def folder(self) -> Path:
        """Where its files lie; only their owner may look into it."""
        return Path(settings.LASTCALL_BATCHES) / str(self.id)

    @property
    def questions(self) -> Path:
        """What was uploaded."""
        return self.folder / f"questions.{self.format}"

    @property
    def answers(self) -> Path:
        """What can be fetched."""
        return self.folder / f"answers.{self.format}"

    @property
    def callback_url(self) -> str:
        """The address that is told of the end, or empty."""
        return keyed.unseal(self.sealed_callback, bound_to=_bound(self.id)) if self.sealed_callback else ""


def sealed_callback(batch_id: int, url: str) -> str:
    """An address as it is kept in the row."""
    return keyed.seal(url, bound_to=_bound(batch_id)) if url else ""


def _bound(batch_id: int) -> str:
    return f"lookup_batch.sealed_callback:{batch_id}"
