"""A worker in a process of its own, which dies where it is told to.

``python -m tests.whole.worker_process``: reads errands from standard input, one JSON object a line, does each in a fork
of its own and writes one JSON line about its end. Django is set up once, before any connection or thread exists.

``python -m tests.whole.worker_process '<errand>'``: one worker that runs until SIGTERM.
"""

from __future__ import annotations

import importlib
import itertools
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import django

from lastcall.core import clock
from lastcall.core.actor import HOLDER, Actor
from lastcall.core.clock import ManualClock
from lastcall.core.closing.declare import Declaring, declare
from lastcall.core.database import DjangoDatabase
from lastcall.core.policies.load import load
from lastcall.core.work import Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What one process does: at the moment ``now`` by its clock, ``task`` on the database and in the folder.

    ``task``: ``work`` (all that is due), ``declare`` (one declaration), ``declare_many`` (from four threads, without end), or
    ``module:function`` of ours.
    It kills itself at ``die_at`` (step, moment), or inside the element's method ``die_in_call`` (``hlr.bar``): when that is
    done and has not yet returned, or with ``before_act`` when it was called and has done nothing; or ``die_when_stuck``,
    instead of marking the case. Or it is killed ``die_in`` seconds after its start. ``faults``: the HLR's, by method.
    """

    url: str
    folder: str
    now: str
    task: str = "work"
    die_at: tuple[str, str] | None = None
    die_in_call: str = ""
    before_act: bool = False
    die_when_stuck: bool = False
    die_in: float | None = None
    faults: dict[str, list[str]] = field(default_factory=dict)

    def as_line(self) -> str:
        return json.dumps(asdict(self)) + "\n"


@dataclass(frozen=True, slots=True)
class Ending:
    """``code``: the exit code, negative for a signal; ``said``: what the process said before it ended."""

    code: int
    said: list[str]


def read_errand(line: str) -> Errand:
    """The errand that :meth:`Errand.as_line` wrote."""
    errand = Errand(**json.loads(line))
    return replace(errand, die_at=tuple(errand.die_at)) if errand.die_at else errand  # type: ignore[arg-type]


def die() -> None:
    """End here and now, like a power cut for this process."""
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)  # the signal may take a moment to arrive; nothing may happen in it


class _DyingIn:
    """``inner``, but the process dies inside ``method``, once that is done or before."""

    def __init__(self, inner: object, method: str, *, before_act: bool) -> None:
        self._inner, self._method, self._before_act = inner, method, before_act

    def __getattr__(self, name: str) -> Any:
        act = getattr(self._inner, name)
        if name != self._method:
            return act

        def act_and_die(*args: Any, **kwargs: Any) -> None:
            if not self._before_act:
                act(*args, **kwargs)
            die()

        return act_and_die


def make_worker(errand: Errand, base: DjangoDatabase, watch: Callable[[str, str], None]) -> Worker:
    """The installation's own worker, with the elements' faults and deaths of the errand."""
    from lastcall.elements.hlr.faulty import Fault, FaultyHlr  # the wiring imports models, which need Django set up
    from lastcall.site import wiring

    elements = wiring.make_elements(hlr="simulated", folder=Path(errand.folder))
    faults = {method: [Fault(name) for name in script] for method, script in errand.faults.items()}
    hlr: Any = FaultyHlr(elements.hlr, faults)
    billing: Any = elements.billing
    element, _, method = errand.die_in_call.partition(".")
    if element == "hlr":
        hlr = _DyingIn(hlr, method, before_act=errand.before_act)
    if element == "billing":
        billing = _DyingIn(billing, method, before_act=errand.before_act)
    dying = replace(elements, hlr=hlr, billing=billing)
    worker = wiring.make_worker(dying, base=base, watch=watch)
    return replace(worker, on_dead={"case.cease": lambda _: die()}) if errand.die_when_stuck else worker


def _work(errand: Errand, base: DjangoDatabase, say: Callable[[str], None]) -> None:
    def watch(step: str, moment: str) -> None:
        if (step, moment) == errand.die_at:
            die()

    make_worker(errand, base, watch).run_until_idle()


def _declare_one(base: DjangoDatabase, say: Callable[[str], None], key: str, msisdn: int) -> None:
    policy = load("demo", on=clock.now().date()).policy()
    declaring = Declaring(msisdn=msisdn, door="portal", language="zh-hans")
    receipt = declare(base, declaring=declaring, key=key, policy=policy, actor=Actor(HOLDER, "-", "portal"))
    say(f"{key} {receipt.reference} {receipt.secret}")


def _declare(errand: Errand, base: DjangoDatabase, say: Callable[[str], None]) -> None:
    _declare_one(base, say, "the only key", 79000001001)
    die()


def _declare_many(errand: Errand, base: DjangoDatabase, say: Callable[[str], None]) -> None:
    def declare_on(thread: int) -> None:
        for count in itertools.count():
            _declare_one(base, say, f"declared {thread}-{count}", 79000100000 + 10_000 * thread + count)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(declare_on, range(4)))


_TASKS = {"work": _work, "declare": _declare, "declare_many": _declare_many}


def _task(name: str) -> Callable[[Errand, DjangoDatabase, Callable[[str], None]], None]:
    module, _, function = name.partition(":")
    task: Callable[[Errand, DjangoDatabase, Callable[[str], None]], None]
    task = getattr(importlib.import_module(module), function) if function else _TASKS[name]
    return task


def _in_the_fork(errand: Errand, said: int) -> None:
    from tests.databases import opened

    def say(text: str) -> None:
        os.write(said, f"{text}\n".encode())

    with clock.use(ManualClock(datetime.fromisoformat(errand.now))), opened(errand.url) as base:
        _task(errand.task)(errand, base, say)


def _run(errand: Errand) -> Ending:
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        try:
            _in_the_fork(errand, write)
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    os.close(write)
    killer = threading.Timer(errand.die_in, os.kill, (pid, signal.SIGKILL)) if errand.die_in is not None else None
    if killer is not None:
        killer.start()
    with os.fdopen(read, encoding="utf-8") as stream:
        said = stream.read().splitlines()
    if killer is not None:  # the process is no more than a corpse by now, so its id is still its own
        killer.cancel()
        killer.join()
    return Ending(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said)


def _serve_errands() -> None:
    for module in ("lastcall.site.wiring", "lastcall.elements.hlr.faulty", "tests.databases"):
        importlib.import_module(module)  # here once, and not in every fork again
    for line in sys.stdin:
        ending = _run(read_errand(line))
        sys.stdout.write(json.dumps(asdict(ending)) + "\n")
        sys.stdout.flush()


def _run_until_told(errand: Errand) -> None:
    """Say ``ready``, wait for a line, work until SIGTERM, then say how many steps this worker did."""
    from tests.databases import opened

    stop, steps = threading.Event(), []
    signal.signal(signal.SIGTERM, lambda *_: stop.set())

    def watch(step: str, moment: str) -> None:
        if moment == "done":
            steps.append(step)

    with clock.use(ManualClock(datetime.fromisoformat(errand.now))), opened(errand.url) as base:
        worker = make_worker(errand, base, watch)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        worker.run_forever(stop=stop, idle_seconds=0.05)
    sys.stdout.write(f"{len(steps)}\n")


if __name__ == "__main__":
    django.setup()
    if len(sys.argv) > 1:
        _run_until_told(read_errand(sys.argv[1]))
    else:
        _serve_errands()
