"""Declarations and ceases: the production services against the same statements by hand, and against the disk's fsyncs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import click

from bench import bare, fsyncs, population, service_path
from bench.grounds import Ground, call, opened
from bench.harness import OUT, Candidate, Numbers, Report, Target, alternate, machine, publish, teller, workshop

COMMITS: Final = {"declare": 1, "cease": 9}
"""Durable transactions of one case: the declaration; the cease's seven steps, its beginning and its frozen bill."""

SLOWED: Final = "fsync of 2 ms"
PLAIN: Final = "fsync as it is"
_WHY_RATE: Final = "the disk's fsync takes less time than the statements themselves; even by hand it is not reached"
_WHY_CPU_BOUND: Final = "the processors are full before the disk is: client and server share this machine's cores"


@click.command()
@click.option("--databases", default="sqlite,postgresql", show_default=True, help="Which, separated by commas.")
@click.option("--clients", default="1,32", show_default=True, help="How many at once, separated by commas.")
@click.option("--work", default="declare,cease", show_default=True, help="What is measured, separated by commas.")
@click.option("--elements", type=click.Choice(["null", "simulated"]), default="null", show_default=True,
              help="HLR and billing that cost nothing, or the simulated HLR and the built-in ledger.")  # fmt: skip
@click.option("--lines", default=12_000, show_default=True, help="Open lines; a quarter of them about to be ceased.")
@click.option("--rounds", default=3, show_default=True)
@click.option("--seconds", default=0.4, show_default=True, help="How long each measurement lasts.")
@click.option("--fast-only", is_flag=True, help="Leave out the measurements with fsync slowed to 2 ms.")
@click.option("--commit-delay", default=5_000, show_default=True,
              help="PostgreSQL's setting: microseconds to wait for others when at least five transactions are open.")  # fmt: skip
@click.option("--folder", type=click.Path(path_type=Path, exists=True), help="A folder on the disk to be measured.")
@click.option("--quick", is_flag=True, help="Few, small and short: for tests.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def main(databases: str, clients: str, work: str, elements: str, lines: int, rounds: int, seconds: float,
         fast_only: bool, commit_delay: int, folder: Path | None, quick: bool, as_json: bool) -> None:  # fmt: skip
    """Measure what a declaration and a cease cost."""
    if quick:
        clients, lines, rounds, seconds, fast_only = "4", 3_000, 1, 0.2, True
    disks = (PLAIN,) if fast_only else (PLAIN, SLOWED)
    names = tuple(databases.split(","))
    with workshop(folder) as (place, shim), opened(names, place, shim, commit_delay=commit_delay) as grounds:
        for ground in grounds.values():
            ground.fill("lines", population.fill_with_lines, lines=lines, cases=lines // 4)
        bench = Bench(place, shim, lines, seconds, elements)
        many = [int(count) for count in clients.split(",")]
        candidates = [
            candidate
            for ground in grounds.values()
            for disk in disks
            for candidate in bench.candidates(ground, disk, work.split(","), many)
        ]
        rows = alternate(candidates, rounds=rounds, say=teller(as_json))
    table = list(_rows(rows))
    targets = list(_targets(table))
    finding = _finding(table)
    settings = {"commit_delay_us": commit_delay}
    publish(Report("ceases", finding, table, targets, _plot(table, finding), machine() | settings), as_json=as_json)


class Bench:
    """Makes the candidates."""

    def __init__(self, folder: Path, shim: fsyncs.Fsyncs, lines: int, seconds: float, elements: str) -> None:
        self._folder, self._shim, self._lines, self._seconds, self._elements = folder, shim, lines, seconds, elements

    def candidates(
        self, ground: Ground, disk: str, works: Sequence[str], clients: Sequence[int]
    ) -> Iterator[Candidate]:
        """The loop of fsyncs, then bare statements and services side by side.

        With fsync as it is, ceases are taken with the fewest clients only: sharing an fsync matters where it is slow.
        """
        base = {"database": ground.name, "disk": disk, "work": "", "clients": 1}
        yield Candidate(base | {"by": "fsync loop"}, partial(self._loop, disk))
        for work in works:
            for count in [min(clients)] if work == "cease" and disk == PLAIN else clients:
                for name in ("hand", "service"):
                    labels = base | {"work": work, "clients": count, "by": name}
                    yield Candidate(labels, partial(self._measure, ground, disk, work, count, name))

    def _loop(self, disk: str) -> Numbers:
        self._shim.make_last(2000 if disk == SLOWED else 0)
        answer: Numbers = call(
            fsyncs.loop, self._shim.environment, folder=str(self._folder), seconds=min(1.0, self._seconds)
        )
        return answer

    def _measure(self, ground: Ground, disk: str, work: str, clients: int, by: str) -> Numbers:
        first_case = self._lines - self._lines // 4 + 1
        first, last = (1, first_case - 1) if work == "declare" else (first_case, self._lines)
        arguments: dict[str, Any] = {
            "work": work, "clients": clients, "processes": 1 if ground.name == "sqlite" else 2, "first": first,
            "last": last, "seconds": self._seconds,
        }  # fmt: skip
        self._shim.make_last(0)
        with ground.fresh("lines") as environment:
            self._shim.make_last(2000 if disk == SLOWED else 0)
            if by == "hand":
                answer: Numbers = call(bare.measure, environment, **arguments)
            else:
                answer = call(service_path.measure, environment, **arguments, elements=self._elements)
            self._shim.make_last(0)
        return answer


def _rows(medians: list[Numbers]) -> Iterator[Numbers]:
    loops = {(row["database"], row["disk"]): row["done"] / row["wall"] for row in medians if row["by"] == "fsync loop"}
    hands = {_key(row): row["cpu"] / row["done"] for row in medians if row["by"] == "hand"}
    for row in medians:
        commits = row["done"] * COMMITS.get(row["work"], 1)
        cpu = row["cpu"] / row["done"]
        yield {
            "database": row["database"],
            "disk": row["disk"],
            "work": row["work"],
            "clients": row["clients"],
            "by": row["by"],
            "done_per_s": row["done"] / row["wall"],
            "commits_to_fsync_rate": commits / row["wall"] / loops[row["database"], row["disk"]],
            "commits_per_fsync": commits / row["fsyncs"] if row.get("fsyncs") else None,
            "cpu_us_each": cpu * 1e6,
            "of_which_server": row.get("server_cpu", 0.0) / row["done"] * 1e6,
            "cpu_to_hand": cpu / hands[_key(row)] if row["by"] == "service" else None,
        }


def _key(row: Numbers) -> tuple[object, ...]:
    return row["database"], row["disk"], row["work"], row["clients"]


def _targets(rows: list[Numbers]) -> Iterator[Target]:
    services = [row for row in rows if row["by"] == "service"]
    most = max(row["clients"] for row in services)
    for row in services:
        where = f"{row['database']}, {row['work']}, {row['clients']} client{'s' * (row['clients'] > 1)}, {row['disk']}"
        if row["work"] == "declare" and row["clients"] == 1:
            why = _WHY_RATE if row["disk"] == PLAIN else "see README"
            yield Target(f"{where}: commits to fsync rate", row["commits_to_fsync_rate"], 0.8, True, why)
        if row["work"] == "declare" and row["clients"] == most >= 32 and row["commits_per_fsync"]:
            limit = 5.0 if row["database"] == "sqlite" else 8.0
            if row["database"] == "sqlite" or row["disk"] == SLOWED:
                yield Target(f"{where}: commits per fsync", row["commits_per_fsync"], limit, True, _WHY_CPU_BOUND)
        yield Target(f"{where}: cpu to hand's", row["cpu_to_hand"], 4.0, False, "see README")


def _finding(rows: list[Numbers]) -> str:
    services = [row for row in rows if row["by"] == "service"]
    shared = max(row["commits_per_fsync"] or 0 for row in services if row["database"] == services[0]["database"])
    dearest = max(row["cpu_to_hand"] for row in services)
    return (
        f"A service costs at most {dearest:.1f} times the cpu of its bare statements; "
        f"on {services[0]['database']} up to {shared:.0f} commits share one fsync"
    )


def _plot(rows: list[Numbers], finding: str) -> str:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(13, 6.5), layout="constrained")
    shown = [row for row in rows if row["work"]]
    names = [f"{row['database']}, {row['disk']}\n{row['work']}, clients: {row['clients']}" for row in shown]
    services = [(name, row) for name, row in zip(names, shown, strict=True) if row["by"] == "service"]
    labels = [name for name, _ in services]
    left.barh(labels, [row["cpu_to_hand"] for _, row in services], color="#33658a")
    left.axvline(4, color="#b3261e", linestyle="--", label="target: at most 4")
    left.set_xlabel("processor time of the service / of its statements by hand (ratio)")
    places = range(len(labels))
    for offset, by, colour in ((-0.2, "hand", "#c8c8c8"), (0.2, "service", "#33658a")):
        values = [row["commits_per_fsync"] or 0 for row in shown if row["by"] == by]
        right.barh([place + offset for place in places], values, height=0.4, color=colour, label=by)
    right.axvline(5, color="#b3261e", linestyle="--", label="target for many clients: SQLite 5, PostgreSQL 8")
    right.axvline(8, color="#b3261e", linestyle=":")
    right.set_yticks(list(places), [])
    right.set_xlabel("durable commits per fsync (number)")
    for axes in (left, right):
        axes.invert_yaxis()
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, fontsize=8, frameon=False)
        axes.tick_params(labelsize=8)
    figure.suptitle(finding)
    OUT.mkdir(exist_ok=True)
    path = OUT / "ceases.png"
    figure.savefig(path, dpi=130)
    pyplot.close(figure)
    return f"bench/out/{path.name}"


if __name__ == "__main__":
    main()
