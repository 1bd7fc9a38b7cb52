"""What this door serves: each route says its method, its path, who handles it and which scope it needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from lastcall.doors.lookup.answer import Answer
from lastcall.doors.lookup.asked import Asked

Handle = Callable[[Asked], Answer]
Quick = Callable[[Any], Answer | None]
"""Given what has ``access`` and ``body``, and neither path nor headers."""
JSON: Final = ("application/json",)


@dataclass(frozen=True, slots=True)
class Route:
    """``path``: with parts such as ``{id}``, which match one segment; ``scope``: None for everybody, without a token.

    ``hot``: handled on the loop; it may touch the index and caches only. ``streams``: the body comes as a file
    (``Asked.upload``) of up to ``body_limit`` bytes. ``takes``: the media types of a body; empty for any. ``gives``: those of
    the answer besides JSON. ``quick``: answers the everyday question of a hot route, or says None: handle it in full.
    """

    method: str
    path: str
    handle: Handle
    scope: str | None
    hot: bool = False
    body_limit: int = 64 * 1024
    streams: bool = False
    takes: tuple[str, ...] = JSON
    quick: Quick | None = None
    gives: tuple[str, ...] = ()


class NotHere(Exception):
    """Raised by a hot handler that cannot answer from index and caches: the frame calls it again in a thread."""


@dataclass(frozen=True, slots=True)
class Found:
    """The routes of one path by method, and the parts of the path."""

    methods: dict[str, Route]
    params: dict[str, str]


class Table:
    """All routes: exact paths in a dictionary, the others as patterns."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._exact: dict[str, dict[str, Route]] = {}
        patterns: dict[str, dict[str, Route]] = {}
        for route in routes:
            kept = patterns if "{" in route.path else self._exact
            if route.method in kept.setdefault(route.path, {}):
                raise ValueError(f"two handlers for {route.method} {route.path}")
            kept[route.path][route.method] = route
        self._patterns = [(_pattern(path), methods) for path, methods in patterns.items()]
        self._found = {path: Found(methods, {}) for path, methods in self._exact.items()}

    def find(self, path: str) -> Found | None:
        """The routes at ``path``; None when there are none."""
        return self._found.get(path) or next(self._matching(path), None)

    def _matching(self, path: str) -> Iterator[Found]:
        for pattern, methods in self._patterns:
            if match := pattern.fullmatch(path):
                yield Found(methods, match.groupdict())

    def all(self) -> tuple[Route, ...]:
        """Every route."""
        kept = [*self._exact.values(), *(methods for _, methods in self._patterns)]
        return tuple(route for methods in kept for route in methods.values())

    def first_segments(self) -> frozenset[str]:
        """The first part of every path, by which the site tells this door's paths from the others."""
        return frozenset(route.path.split("/")[1] for route in self.all())


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{([a-z_]+)\}", path)
    return re.compile(
        "".join(f"(?P<{part}>[^/]+)" if place % 2 else re.escape(part) for place, part in enumerate(parts))
    )
