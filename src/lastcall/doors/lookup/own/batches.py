"""Files of questions: begin a batch, send its rows in parts, close it, look at it, fetch the answers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from lastcall.core.database import database
from lastcall.core.errors import Conflict
from lastcall.core.lookup.bulk import batches
from lastcall.core.lookup.bulk.batch import Batch
from lastcall.core.rows import Json
from lastcall.doors.lookup.answer import Answer, json_answer
from lastcall.doors.lookup.asked import Asked
from lastcall.doors.lookup.errors import ApiError
from lastcall.doors.lookup.own.asker import asker
from lastcall.doors.lookup.own.shapes import NewBatch, id_of, in_json, invalid, read

MOST_BYTES: Final = 16 * 1024 * 1024
"""Of one part."""
OFFSET: Final = "upload-offset"
MEDIA: Final = {"csv": "text/csv", "ndjson": "application/x-ndjson", "parquet": "application/vnd.apache.parquet"}
_RANGE: Final = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)
_PLACE: Final = re.compile("[0-9]{1,18}", re.ASCII)


def begin(asked: Asked) -> Answer:
    """``POST /lookup/v1/batches``."""
    access, body = asker(asked), read(asked, NewBatch)
    batch = batches.begin(
        database(), access=access, semantics=body.semantics, format=body.format, hashed=body.hashed,
        callback_url=body.callbackUrl or "",
    )  # fmt: skip
    return _told(batch, status=201, headers=(("location", f"/lookup/v1/batches/{batch.id}"),))


def append(asked: Asked) -> Answer:
    """``PATCH /lookup/v1/batches/{id}/rows``: the next part, at ``Upload-Offset``."""
    access, batch_id = asker(asked), id_of(asked)
    offset = asked.headers.get(OFFSET, "")
    if not _PLACE.fullmatch(offset):
        raise invalid("Upload-Offset is missing, or is no number of bytes.")
    assert asked.upload is not None
    chunk = asked.upload.read_bytes()
    try:
        batch = batches.append(database(), batch_id=batch_id, access=access, chunk=chunk, offset=int(offset))
    except Conflict as trouble:
        standing = batches.look(database(), batch_id=batch_id, access=access)
        raise ApiError(409, "WRONG_OFFSET", _sentence(trouble), ((OFFSET, str(standing.uploaded_bytes)),)) from trouble
    return _told(batch)


def close(asked: Asked) -> Answer:
    """``POST /lookup/v1/batches/{id}/close``."""
    return _told(batches.close(database(), batch_id=id_of(asked), access=asker(asked)), status=202)


def look(asked: Asked) -> Answer:
    """``GET /lookup/v1/batches/{id}``."""
    return _told(batches.look(database(), batch_id=id_of(asked), access=asker(asked)))


def delete(asked: Asked) -> Answer:
    """``DELETE /lookup/v1/batches/{id}``."""
    return _told(batches.delete(database(), batch_id=id_of(asked), access=asker(asked)))


def fetch(asked: Asked) -> Answer:
    """``GET /lookup/v1/batches/{id}/answers``, the whole file or a range of it (RFC 9110, 14)."""
    access, batch_id = asker(asked), id_of(asked)
    batch = batches.look(database(), batch_id=batch_id, access=access)
    path = batches.answers(database(), batch_id=batch_id, access=access)
    return _file(path, MEDIA[batch.format], asked.headers.get("range", ""))


def _file(path: Path, media: str, wanted: str) -> Answer:
    size = path.stat().st_size
    headers = (("accept-ranges", "bytes"), ("cache-control", "no-store"))
    match = _RANGE.fullmatch(wanted.replace(" ", ""))
    # A range that is written otherwise, or several of them, may be left aside (RFC 9110, 14.2).
    if match is None or match[1] == match[2] == "":
        return Answer(200, path, media, headers)
    first, last = _bounds(match[1], match[2], size)
    if first > last:
        raise ApiError(416, "OUT_OF_RANGE", "There are not so many bytes.", (("content-range", f"bytes */{size}"),))
    part = ("content-range", f"bytes {first}-{last}/{size}")
    return Answer(206, path, media, (*headers, part), first=first, length=last - first + 1)


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(size - int(last), 0), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1


def _told(batch: Batch, *, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    told: Json = {
        "id": str(batch.id), "state": batch.state, "semantics": batch.semantics, "format": batch.format,
        "hashed": batch.hashed, "uploadedBytes": batch.uploaded_bytes, "rows": batch.rows, "doneRows": batch.done_rows,
        "badRows": batch.bad, "createdAt": in_json(batch.created_at),
    }  # fmt: skip
    moments = {"finishedAt": batch.finished_at, "asOf": batch.as_of}
    told |= {name: in_json(moment) for name, moment in moments.items() if moment is not None}
    told |= {"failure": batch.failure} if batch.failure else {}
    return json_answer(told, status=status, headers=((OFFSET, str(batch.uploaded_bytes)), *headers))


def _sentence(trouble: Conflict) -> str:
    return f"{trouble.message[:1].upper()}{trouble.message[1:]}. {trouble.remedy}".strip()
