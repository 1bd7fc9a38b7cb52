"""An HLR that fails by a script, so that what uses one can be tried against the worst of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

from lastcall.core.ports import Hlr, HlrEntry

from . import trouble


class Fault(StrEnum):
    """What goes wrong with one call."""

    NONE = "none"
    DOWN = "down"
    """Refused at the door: temporary trouble ``unreachable``, nothing done."""
    SLOW = "slow"
    """Done after the delay when a sleep function was given; else trouble ``timeout``, nothing done."""
    LATE = "late"
    """Done, and then trouble ``timeout`` all the same."""
    LIES = "lies"
    """Returns as if done, nothing done. Orders only."""


class FaultyHlr:
    """The port :class:`~lastcall.core.ports.Hlr` before ``inner``, failing as ``faults`` says.

    ``faults``: for each method by name ("bar", "look" …) the faults of its first, second … call; after the last, and
    for methods not named, all goes well. Give ``itertools.repeat(Fault.DOWN)`` for one that never comes back.
    ``sleep``: called with ``delay`` seconds by a slow call. :attr:`calls` names the methods called, in order.
    Raises :class:`ValueError` for a name that is no method, and at a call for a look that should lie.
    """

    def __init__(
        self,
        inner: Hlr,
        faults: Mapping[str, Iterable[Fault]],
        *,
        sleep: Callable[[float], None] | None = None,
        delay: float = 5.0,
    ) -> None:
        methods = {"look", "bar", "grant", "take_number_off", "provision", "remove"}
        if wrong := sorted(faults.keys() - methods):
            raise ValueError(f"no such method of an HLR: {', '.join(wrong)}; there are {', '.join(sorted(methods))}")
        self.name = f"faulty {inner.name}"
        self.calls: list[str] = []
        self._inner = inner
        self._faults = {method: iter(script) for method, script in faults.items()}
        self._sleep = sleep
        self._delay = delay
        self._lock = threading.Lock()

    def look(self, imsi: str) -> HlrEntry | None:
        """As ``inner``, unless the script says otherwise."""
        fault = self._begin("look")
        if fault is Fault.LIES:
            raise ValueError("a look cannot lie: only orders can")
        entry = self._inner.look(imsi)
        self._end(fault)
        return entry

    def bar(self, imsi: str) -> None:
        """As ``inner``, unless the script says otherwise."""
        self._order("bar", lambda: self._inner.bar(imsi))

    def grant(self, imsi: str) -> None:
        """As ``inner``, unless the script says otherwise."""
        self._order("grant", lambda: self._inner.grant(imsi))

    def take_number_off(self, imsi: str) -> None:
        """As ``inner``, unless the script says otherwise."""
        self._order("take_number_off", lambda: self._inner.take_number_off(imsi))

    def provision(self, imsi: str, msisdn: str) -> None:
        """As ``inner``, unless the script says otherwise."""
        self._order("provision", lambda: self._inner.provision(imsi, msisdn))

    def remove(self, imsi: str) -> None:
        """As ``inner``, unless the script says otherwise."""
        self._order("remove", lambda: self._inner.remove(imsi))

    def _order(self, method: str, act: Callable[[], None]) -> None:
        fault = self._begin(method)
        if fault is Fault.LIES:
            return
        act()
        self._end(fault)

    def _begin(self, method: str) -> Fault:
        with self._lock:
            self.calls.append(method)
            fault = next(self._faults.get(method, iter(())), Fault.NONE)
        if fault is Fault.DOWN:
            raise trouble.unreachable("The faulty HLR", "the script says it is down")
        if fault is Fault.SLOW:
            self._dawdle()
        return fault

    def _dawdle(self) -> None:
        if self._sleep is None:
            raise trouble.timed_out("The faulty HLR")
        self._sleep(self._delay)

    def _end(self, fault: Fault) -> None:
        if fault is Fault.LATE:
            raise trouble.timed_out("The faulty HLR")
