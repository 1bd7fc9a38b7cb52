"""An operation of this API, said once: the frame serves it, and the served definition describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lastcall.doors.lookup.own.asker import Handle, telling
from lastcall.doors.lookup.own.shapes import Body, Told
from lastcall.doors.lookup.routes import JSON, Route


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter (``where`` is ``query``) or a header; those of the path are read from the path."""

    name: str
    about: str
    schema: Mapping[str, Any]
    where: str = "query"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Success:
    """What comes when all is well. ``shape``: of a JSON body; without one ``media`` says what else comes, one or
    several types with commas between."""

    about: str
    shape: type[Told] | None = None
    media: str = ""
    schema: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """``errors``: statuses beside those that any request may meet."""

    method: str
    path: str
    handle: Handle
    scope: str | None
    title: str
    about: str
    success: Mapping[int, Success]
    body: type[Body] | None = None
    upload: bool = False
    parameters: tuple[Parameter, ...] = ()
    errors: tuple[int, ...] = ()
    limit: int = 64 * 1024

    def gives(self) -> tuple[str, ...]:
        """The media types of the answer besides JSON."""
        found = (media.strip() for success in self.success.values() for media in success.media.split(","))
        return tuple(sorted({media for media in found if media} - set(JSON)))

    def route(self) -> Route:
        """As the frame serves it."""
        return Route(
            self.method, self.path, telling(self.handle), self.scope, body_limit=self.limit, streams=self.upload,
            takes=() if self.upload else JSON, gives=self.gives(),
        )  # fmt: skip
