"""Clients that work side by side for a while: threads, spread over one or more processes."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from typing import Any

from bench.fsyncs import counted
from bench.stopwatch import own_cpu, server_cpu

Client = Callable[[Iterator[int]], Iterator[None]]
"""Given the items that are its own, does one with each step."""

WARM = 5
"""Items done before the measurement begins, so that statements are prepared and caches are filled."""


@dataclass(frozen=True)
class Share:
    """What one process is to do."""

    make_client: Callable[[], Client]
    clients: range
    of: int
    items: range
    seconds: float


def drive(
    make_client: Callable[[], Client], *, clients: int, processes: int, items: range, seconds: float
) -> dict[str, float]:
    """Let ``clients`` work for ``seconds`` or until the items run out.

    Returns ``done``, ``wall``, ``cpu`` (with the server's), ``server_cpu``, ``fsyncs``. ``make_client`` is called once in each
    process: what it returns is shared by the process's threads.
    """
    processes = min(processes, clients, os.cpu_count() or 1)
    fork = multiprocessing.get_context("fork")
    barrier, results = fork.Barrier(clients + 1), fork.SimpleQueue()
    children = []
    for place in range(processes):
        share = Share(make_client, range(place, clients, processes), clients, items, seconds)
        children.append(fork.Process(target=_process, args=(share, barrier, results)))
        children[-1].start()
    try:
        barrier.wait(timeout=120)
    except threading.BrokenBarrierError:
        raise RuntimeError("a client failed while it was warming up; see above") from None
    server, fsyncs = server_cpu(), counted()
    told = [results.get() for _ in children]
    answer = {"server_cpu": server_cpu() - server, "fsyncs": counted() - fsyncs}
    for child in children:
        child.join()
    if not all(told):
        raise RuntimeError("a client failed; see above")
    return answer | {
        "done": sum(done for done, _, _, _ in told),
        "wall": max(end for _, _, end, _ in told) - min(begun for _, begun, _, _ in told),
        "cpu": sum(cpu for _, _, _, cpu in told) + answer["server_cpu"],
    }


def _process(share: Share, barrier: Barrier, results: Any) -> None:
    """Run the share's clients, and always tell something: nothing when one of them failed."""
    told: tuple[float, ...] = ()
    try:
        told = _run(share, barrier)
    except threading.BrokenBarrierError:
        barrier.abort()
    finally:
        results.put(told)


def _run(share: Share, barrier: Barrier) -> tuple[float, ...]:
    client = share.make_client()
    counts, ends, begins = [0] * len(share.clients), [0.0] * len(share.clients), [0.0] * len(share.clients)
    gate = threading.Barrier(len(share.clients) + 1)

    def work(place: int, number: int) -> None:
        steps = client(iter(share.items[number :: share.of]))
        for _ in range(WARM):
            next(steps)
        gate.wait()
        barrier.wait(timeout=120)
        begins[place] = time.perf_counter()
        deadline = begins[place] + share.seconds
        while time.perf_counter() < deadline and next(steps, _OVER) is not _OVER:
            counts[place] += 1
        ends[place] = time.perf_counter()
        gate.wait()
        steps.close()  # type: ignore[attr-defined]

    def guarded(place: int, number: int) -> None:
        try:
            work(place, number)
        except threading.BrokenBarrierError:
            return  # another client has told why
        except BaseException:
            gate.abort()
            barrier.abort()
            raise

    threads = [threading.Thread(target=guarded, args=place) for place in enumerate(share.clients)]
    for thread in threads:
        thread.start()
    gate.wait()
    used = own_cpu()
    gate.wait()
    told = sum(counts), min(begins), max(ends), own_cpu() - used
    for thread in threads:
        thread.join()
    return told


_OVER = object()
