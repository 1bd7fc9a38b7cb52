"""The elements that this installation has, for doors, which may not import them: site provides, doors ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

_makers: dict[type[Any], Callable[[], Any]] = {}
_made: dict[type[Any], Any] = {}


def provide(kind: type[Any], make: Callable[[], Any]) -> None:
    """From now on ``make`` gives the one element of ``kind`` (a protocol of ``ports.py``), called when first asked for."""
    _makers[kind] = make
    _made.pop(kind, None)


def provided(kind: type[T]) -> T:
    """The element of ``kind``. Raises ``LookupError`` when nobody provides one: a mistake of the installation's wiring."""
    if kind not in _made:
        if kind not in _makers:
            raise LookupError(f"no {kind.__name__} is provided; site/wiring.py provides the elements")
        _made[kind] = _makers[kind]()
    made: T = _made[kind]
    return made
