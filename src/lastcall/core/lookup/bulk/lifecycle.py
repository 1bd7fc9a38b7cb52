"""The lifecycle of a batch, as data. The consumer's acts come in as the system's: the door has checked the token."""

from __future__ import annotations

from lastcall.core.lifecycle import Table, rows

BATCH = Table(
    name="batch",
    states=("uploading", "queued", "running", "done", "failed", "deleted"),
    start="uploading",
    ends=frozenset({"deleted"}),
    rows=(
        *rows("uploading", "append", "=", who="system", requires="the next bytes, and no more than policy lookup.batch_megabytes"),
        *rows("uploading", "close", "queued", who="system", requires="the day's quota has so many rows"),
        *rows("queued", "run", "running", who="system"),
        *rows("running", "finish", "done", who="system", requires="every row has its answer or its reason"),
        *rows("queued running", "fail", "failed", who="system", requires="the file cannot be read, or its consumer has ended"),
        *rows("uploading queued done failed", "delete", "deleted", who="system", requires="its consumer asks for it"),
        *rows("uploading done failed", "expire", "deleted", who="system", requires="policy lookup.batch_days have passed"),
    ),
)  # fmt: skip
