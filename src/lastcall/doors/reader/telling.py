"""What the desk has to be told of an order's end: at once, else as soon as it answers again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from lastcall.core.errors import ElementTrouble, Refused
from lastcall.doors.reader.order import Order

_MOST: Final = 50


class Telling:
    """Ends of orders on their way to the desk: numbers and codes only, nothing of a card."""

    def __init__(self) -> None:
        self._owed: deque[tuple[Order, Callable[[], None]]] = deque(maxlen=_MOST)

    def tell(self, order: Order, call: Callable[[], None]) -> str:
        """One of :data:`~lastcall.doors.reader.stage.TOLD`."""
        try:
            call()
        except Refused:
            return "over"
        except ElementTrouble:
            self._owed.append((order, call))
            return "later"
        return ""

    def catch_up(self, told: Callable[[Order, str], None]) -> None:
        """Tell what is still owed; ``told`` is called with each order and one of ``TOLD``. Raises ``ElementTrouble``."""
        while self._owed:
            order, call = self._owed[0]
            result = ""
            try:
                call()
            except Refused:
                result = "over"
            self._owed.popleft()
            told(order, result)

    def forget(self) -> None:
        """The desk is not ours any more."""
        self._owed.clear()
