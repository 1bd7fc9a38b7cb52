"""Uploads stay in memory, up to a limit, and are taken on few pages only: a photo of a document never lies on a disk in clear.

For the setting ``FILE_UPLOAD_HANDLERS``; the handlers of Django itself write larger files to the temporary folder.
"""

from __future__ import annotations

import re
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

PATHS: Final = re.compile(r"/case/photo/|/desk/counter/[0-9]+/paper/")
"""Where uploads are taken; a file sent anywhere else is read past and dropped."""
_TOO_BIG: Final = "lastcall.upload_too_big"
_PATIENCE: Final = (
    5  # times the limit: as much is read past, so that the browser gets to hear why; beyond that it is cut off
)


class OnlyInMemory(FileUploadHandler):
    """One file in memory, at most the setting ``LASTCALL_PHOTO_BYTES``."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Note how much is announced."""
        self._announced = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin; a file for another page, or a second one, is skipped."""
        super().new_file(*args, **kwargs)
        assert self.request is not None
        if not PATHS.fullmatch(self.request.path) or hasattr(self, "_parts"):
            raise SkipFile
        self._parts: list[bytes] = []
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep it, unless it is too much by now."""
        self._size += len(raw_data)
        if self._size > settings.LASTCALL_PHOTO_BYTES:
            assert self.request is not None
            self.request.META[_TOO_BIG] = True
            self._parts.clear()
            raise StopUpload(connection_reset=self._announced > _PATIENCE * settings.LASTCALL_PHOTO_BYTES)
        self._parts.append(raw_data)

    def file_complete(self, file_size: int) -> SimpleUploadedFile:
        """The file, in memory."""
        return SimpleUploadedFile(self.file_name or "photo", b"".join(self._parts), self.content_type or "")


def is_too_big(request: HttpRequest) -> bool:
    """Whether a file was cut off because it is larger than the setting ``LASTCALL_PHOTO_BYTES``."""
    return bool(request.POST is not None and request.META.get(_TOO_BIG))
