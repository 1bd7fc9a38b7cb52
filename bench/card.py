"""A full card saved: against the time that the card itself takes for the same commands, in this process and through PC/SC."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from typing import Final

import click
import django

from bench.harness import OUT, Candidate, Numbers, Report, Target, alternate, machine, publish, teller
from bench.stopwatch import Stopwatch
from lastcall.core.ports import Printer, SimCard
from lastcall.core.simcard import saving
from lastcall.core.simcard.card import Card
from lastcall.elements.letters import make_printer
from lastcall.elements.simcard.link import Link, Links
from lastcall.elements.simcard.pcsc import PcscLinks
from lastcall.elements.simcard.readers import Readers
from lastcall.elements.simcard.simulated import SimulatedLinks, deck

_PIN: Final = "1234"
_AT: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
_READ, _SAVED, _ALONE = "read", "read and saved", "commands alone"
GROUNDS: Final = ("in process", "PC/SC")
Way = Callable[[Links], Numbers]


class Noting:
    """A link that notes what is sent over it."""

    def __init__(self, link: Link, sent: list[bytes]) -> None:
        self._link, self._sent = link, sent
        self.name = link.name
        self.connect, self.reset, self.disconnect = link.connect, link.reset, link.disconnect

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        self._sent.append(apdu)
        return self._link.transmit(apdu)


class NotingLinks:
    """Links that note what is sent over them."""

    def __init__(self, links: Links) -> None:
        self._links, self.sent = links, list[bytes]()
        self.name, self.names = links.name, links.names

    def link(self, number: int) -> Link:
        return Noting(self._links.link(number), self.sent)


@click.command()
@click.option("--deck", "name", default="full", show_default=True, help="The simulated card to be saved.")
@click.option("--rounds", default=5, show_default=True)
@click.option("--quick", is_flag=True, help="Small and once: for tests.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def main(name: str, rounds: int, quick: bool, as_json: bool) -> None:
    """Measure how long saving a full card takes beside the card's own time."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lastcall.site.settings_alone")
    django.setup()
    say, name = teller(as_json), "li_wei" if quick else name
    with ExitStack() as stack:
        grounds = dict(_grounds(stack, name, say, quick=quick))
        printer = make_printer("typst")
        candidates = [each for ground, links in grounds.items() for each in _candidates(ground, links, printer)]
        rows = list(_rows(alternate(candidates, rounds=1 if quick else rounds, say=say)))
    targets = [
        Target(f"{row['ground']}: seconds beyond the card's own time, {row['by']}", row["beyond_s"], 2.0, False)
        for row in rows if row["by"] != _ALONE
    ]  # fmt: skip
    finding = _finding(rows)
    publish(Report("card", finding, rows, targets, _plot(rows, finding), machine()), as_json=as_json)


def _grounds(stack: ExitStack, name: str, say: Callable[[str], None], *, quick: bool) -> Iterator[tuple[str, Links]]:
    yield GROUNDS[0], SimulatedLinks([deck(name)])
    if quick or os.geteuid() != 0 or shutil.which("pcscd", path="/usr/sbin:/usr/bin") is None:
        say("PC/SC is left out: it needs root, pcscd and its virtual readers")
        return
    from tests.elements.simcard.vpcd import virtual_readers

    stack.enter_context(virtual_readers(deck(name)))
    yield GROUNDS[1], PcscLinks()


def _candidates(ground: str, links: Links, printer: Printer) -> Iterator[Candidate]:
    noting = NotingLinks(links)
    _read(noting)
    ways: dict[str, Way] = {
        _ALONE: partial(measure_alone, sent=tuple(noting.sent)),
        _READ: measure_read,
        _SAVED: partial(measure_saved, printer=printer),
    }
    for name, way in ways.items():
        yield Candidate({"ground": ground, "by": name}, partial(way, links))


def measure_alone(links: Links, *, sent: tuple[bytes, ...]) -> Numbers:
    """The same commands sent again one after the other, their answers not looked at."""
    link = links.link(1)
    watch = Stopwatch()
    link.connect()
    for apdu in sent:
        link.transmit(apdu)
    link.disconnect()
    return {"done": len(sent)} | watch.read()


def measure_read(links: Links) -> Numbers:
    """All that is on the card, read and decoded."""
    watch = Stopwatch()
    found = _read(links)
    return {"done": len(found.entries) + len(found.messages)} | watch.read()


def measure_saved(links: Links, *, printer: Printer) -> Numbers:
    """The same, and every file made and packed, the printed messages too."""
    watch = Stopwatch()
    found = _read(links)
    made = saving.files(found, language="zh-hans", made_at=_AT, printer=printer)
    saving.packed(made)
    measured = watch.read()
    return {"done": len(found.entries) + len(found.messages), **_proof(found, made), **measured}


def _proof(found: Card, made: dict[str, bytes]) -> Numbers:
    """Whether every name of the phone book is in the vCards."""
    vcards = made["contacts.vcf"].decode().replace("\r\n ", "")
    missing = sum(entry.name not in vcards for entry in found.of("phone_book"))
    return {"proved": not missing, "left": {"missing": missing}}


def _read(links: Links) -> Card:
    card: SimCard = Readers(links).open(1)
    card.verify(_PIN)
    found = card.read()
    card.close()
    return found


def _rows(medians: list[Numbers]) -> Iterator[Numbers]:
    own = {row["ground"]: row["wall"] for row in medians if row["by"] == _ALONE}
    for row in medians:
        yield {
            "ground": row["ground"],
            "by": row["by"],
            "done": row["done"],
            "wall_s": row["wall"],
            "cpu_s": row["cpu"],
            "to_the_cards_own": row["wall"] / own[row["ground"]],
            "beyond_s": row["wall"] - own[row["ground"]],
        }


def _finding(rows: list[Numbers]) -> str:
    told = ", ".join(
        f"{row['wall_s']:.2f} s {row['ground']} ({row['beyond_s']:.2f} s beyond the card's own)"
        for row in rows if row["by"] == _SAVED
    )  # fmt: skip
    return f"A full card is read and saved within {told}"


def _plot(rows: list[Numbers], finding: str) -> str:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(9, 3), layout="constrained")
    colours = ["#c8c8c8" if row["by"] == _ALONE else "#33658a" for row in rows]
    bars = axes.barh([f"{row['ground']}\n{row['by']}" for row in rows], [row["wall_s"] for row in rows], color=colours)
    axes.bar_label(bars, fmt="%.2f", fontsize=8)
    axes.invert_yaxis()
    axes.set_xlabel("wall time (seconds)")
    axes.set_title(finding, fontsize=9)
    OUT.mkdir(exist_ok=True)
    path = OUT / "card.png"
    figure.savefig(path, dpi=130)
    pyplot.close(figure)
    return f"bench/out/{path.name}"


if __name__ == "__main__":
    main()
