from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.audit.privacy import personal
from lastcall.core.hotline.call import Call
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Billing
from lastcall.core.subscribers.inputs import LANGUAGES
from lastcall.doors.hotline.conversation import Prompts
from lastcall.doors.hotline.recordings import build
from lastcall.doors.hotline.server import Hotline, Limits
from lastcall.doors.hotline.voice import written
from tests.cast import Cast
from tests.doors.hotline.phone import Phone

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what has nothing to do with the database: once is enough."""


class Hum:
    """A voice that hums, a different length for each text: quick, and audible."""

    name = "hum"

    def speak(self, text: str, *, language: str) -> bytes:
        return written(0.5 * np.sin(np.arange(400 + 8 * (len(text) % 50)) / 3))


@pytest.fixture(scope="session")
def hummed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every sound file."""
    folder = tmp_path_factory.mktemp("prompts")
    build(folder, languages=LANGUAGES, voice=Hum())
    return folder


@dataclass
class Line:
    """The hotline as it is reached from outside, and what it wrote."""

    cast: Cast
    hotline: Hotline
    port: int
    run: Callable[..., object]

    def call(self, *answers: str, query: str = "", channel: str = "") -> Phone:
        """Call, and press."""
        return Phone(self.port, query=query, channel=channel).dial(*answers)

    def calls(self) -> list[Call]:
        """All calls, oldest first."""
        return self.cast.base.transact(lambda rows: rows.some(Call, {}, order="id"))

    def last(self) -> Call:
        """The newest call."""
        return self.calls()[-1]

    def over(self, phone: Phone | None = None) -> Call:
        """The newest call, once it is over."""
        for _ in range(2000):
            found = self.calls()
            if found and found[-1].over_at is not None:
                return found[-1]
            threading.Event().wait(0.01)
        raise AssertionError("the call is not over")

    def refuse_personal_events(self) -> None:
        """No event holds a number, a document's signs or a code."""
        for event in self.cast.base.transact(lambda rows: rows.some(Event, {})):
            assert not personal(event), event.kind


@contextmanager
def serving(
    cast: Cast, folder: Path, *, limits: Limits | None = None, policy: Callable[[], Policy] | None = None,
    billing: Billing | None = None,
) -> Iterator[Line]:  # fmt: skip
    """The hotline on a port of its own, in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(work: object) -> object:
        future: Future[object] = asyncio.run_coroutine_threadsafe(work, loop)  # type: ignore[arg-type]
        return future.result(60)

    hotline = Hotline(
        database=cast.base, billing=billing or cast.elements.billing, prompts=Prompts(folder),
        policy=policy or (lambda: cast.policy), limits=limits,
    )  # fmt: skip
    try:
        port = run(hotline.start("127.0.0.1", 0))
        assert isinstance(port, int)
        yield Line(cast, hotline, port, run)
    finally:
        run(hotline.stop())
        run(_settled())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _settled() -> None:
    """Whoever connected in the last moment has been let go too."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0)


@pytest.fixture
def line(cast: Cast, hummed: Path) -> Iterator[Line]:
    """The hotline of the cast's operator."""
    assert clock.now() == cast.time.now()
    with serving(cast, hummed) as served:
        yield served
