"""Reading passport pages: the share read right and read wrong on invented pages, by the way in which their photo is bad."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Final

import click
from tests.elements.identity.pages import DEGRADATIONS, FORGERIES, Page, pages

from bench.harness import OUT, Numbers, Report, Target, machine, publish, teller
from lastcall.core.ports import PassportPage, PhotoReader
from lastcall.elements.identity import make_photo_reader

_ALL: Final = len(DEGRADATIONS) + len(FORGERIES)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One page, what was read, and how long cleaning and reading took, in seconds."""

    page: Page
    read: PassportPage
    seconds: float

    @property
    def right(self) -> bool:
        truth, read = self.page.truth, self.read
        return read.sure and self.page.honest and (
            (read.issuer, read.number, read.surname, read.given_names, read.born, read.expires)
            == (truth.issuer, truth.number, truth.surname, truth.given_names, truth.born, truth.expires)
        )  # fmt: skip

    @property
    def wrongly_sure(self) -> bool:
        return self.read.sure and not self.right


@click.command()
@click.option("--pages", "count", default=4 * _ALL, show_default=True, help="How many pages.")
@click.option("--seed", default=1, show_default=True, help="Another seed, other pages.")
@click.option("--quick", is_flag=True, help="A few pages: shows that it works, not how well.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def main(count: int, seed: int, quick: bool, as_json: bool) -> None:
    """Measure how well passport pages are read."""
    say, reader = teller(as_json), make_photo_reader("rapidocr")
    outcomes = list(_read(reader, pages(3 if quick else count, seed), say=say))
    rows, targets = list(_rows(outcomes)), _targets(outcomes)
    finding = _finding(outcomes)
    publish(Report("passports", finding, rows, targets, _plot(rows, finding), machine()), as_json=as_json)
    if any(outcome.wrongly_sure for outcome in outcomes):
        raise SystemExit(1)


def _read(reader: PhotoReader, several: Iterable[Page], *, say: Callable[[str], None]) -> Iterator[Outcome]:
    for number, page in enumerate(several, start=1):
        if number == 1:
            reader.read(reader.clean(page.photo))  # so that the models are loaded
        started = time.perf_counter()
        read = reader.read(reader.clean(page.photo))
        yield Outcome(page, read, time.perf_counter() - started)
        if number % 20 == 0:
            say(f"{number} pages read")


def _rows(outcomes: list[Outcome]) -> Iterator[Numbers]:
    for name in dict.fromkeys(outcome.page.name for outcome in outcomes):
        some = [outcome for outcome in outcomes if outcome.page.name == name]
        yield {
            "photo": name,
            "kind": _kind(some[0].page),
            "pages": len(some),
            "read_right": sum(outcome.right for outcome in some),
            "left_to_a_person": sum(not outcome.read.sure for outcome in some),
            "wrongly_sure": sum(outcome.wrongly_sure for outcome in some),
            "median_s": median(outcome.seconds for outcome in some),
        }


def _kind(page: Page) -> str:
    return "forged" if not page.honest else "readable" if page.readable else "unreadable"


def _targets(outcomes: list[Outcome]) -> list[Target]:
    return [
        Target("readable pages read right", _share(outcomes), 0.9, True),
        Target("pages read wrong and taken for sure", sum(outcome.wrongly_sure for outcome in outcomes), 0, False),
        Target("median seconds a page", median(outcome.seconds for outcome in outcomes), 3, False),
    ]


def _share(outcomes: list[Outcome]) -> float:
    readable = [outcome.right for outcome in outcomes if outcome.page.readable]
    return sum(readable) / len(readable)


def _finding(outcomes: list[Outcome]) -> str:
    readable = [outcome for outcome in outcomes if outcome.page.readable]
    wrong = sum(outcome.wrongly_sure for outcome in outcomes)
    return (
        f"{sum(outcome.right for outcome in readable)} of {len(readable)} readable pages are read right; "
        f"of all {len(outcomes)} pages {wrong} are read wrong and taken for sure"
    )


def _plot(rows: list[Numbers], finding: str) -> str:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(10, 8), layout="constrained")
    names = [f"{row['photo']} ({row['kind']})" for row in rows][::-1]
    left = [0.0] * len(rows)
    for column, colour in (("read_right", "#33658a"), ("left_to_a_person", "#c8c8c8"), ("wrongly_sure", "#c1121f")):
        values = [row[column] / row["pages"] for row in rows][::-1]
        axes.barh(names, values, left=left, color=colour, label=column.replace("_", " "))
        left = [before + value for before, value in zip(left, values, strict=True)]
    axes.set_xlabel("share of the pages")
    axes.set_title(finding, fontsize=10)
    figure.legend(loc="outside lower center", ncols=3)
    OUT.mkdir(exist_ok=True)
    path = OUT / "passports.png"
    figure.savefig(path, dpi=130)
    pyplot.close(figure)
    return f"bench/out/{path.name}"


if __name__ == "__main__":
    main()
