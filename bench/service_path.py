"""Declaring and ceasing by the production services."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connections

from bench.load import Client, drive
from bench.null_elements import null_outside
from bench.population import FIRST, imsi, policy
from bench.proof import prove
from lastcall.core.actor import HOLDER, Actor
from lastcall.core.closing.cease import cease
from lastcall.core.closing.declare import Declaring, declare
from lastcall.core.closing.steps import Outside
from lastcall.core.database import DjangoDatabase

ON_THE_WEB = Actor(HOLDER, "-", "portal")


def declaring() -> Client:
    """A client that declares the end of line after line."""
    base, frozen = DjangoDatabase(), policy()

    def work(items: Iterator[int]) -> Iterator[None]:
        for number in items:
            what = Declaring(msisdn=FIRST + number, door="portal", language="zh-hans")
            declare(base, declaring=what, key=f"declared-by-bench-{number}", policy=frozen, actor=ON_THE_WEB)
            yield
        connections["default"].close()

    return work


def ceasing(*, elements: str, lines: range) -> Client:
    """A client that ceases case after case; ``elements``: ``null`` or ``simulated``."""
    base = DjangoDatabase()
    outside = null_outside() if elements == "null" else simulated(lines)

    def work(items: Iterator[int]) -> Iterator[None]:
        for number in items:
            cease(base, case_id=number, outside=outside)
            yield
        connections["default"].close()

    return work


def simulated(lines: range) -> Outside:
    """The simulated HLR and the built-in ledger, with these lines in them."""
    from lastcall.elements.billing.ledger import LedgerBilling
    from lastcall.elements.hlr.simulated import SimulatedHlr

    hlr, billing = SimulatedHlr(Path(os.environ["LASTCALL_HOME"]) / "hlr.sqlite3"), LedgerBilling()
    for number in lines:
        hlr.provision(imsi(number), str(FIRST + number))
        billing.open_account(number, "RUB")
        billing.top_up(number, amount=35_050, key=f"first:{number}")
    connections["default"].close()
    return Outside(hlr=hlr, billing=billing)


def measure(*, work: str, clients: int, processes: int, first: int, last: int, seconds: float, elements: str) -> Any:
    """One measurement, and the proof of what it left behind."""
    items = range(first, last + 1)
    make: Callable[[], Client] = declaring if work == "declare" else partial(ceasing, elements=elements, lines=items)
    answer = drive(make, clients=clients, processes=processes, items=items, seconds=seconds)
    return answer | prove(work)
