"""The release sweep: the same number due among few and among many numbers that age, against inserting the events alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

import click

from bench import population, sweeping
from bench.grounds import Ground, call, opened
from bench.harness import OUT, Candidate, Numbers, Report, Target, alternate, machine, publish, teller, workshop

_MEASURES: Final = {"events only": sweeping.measure_events, "sweep": sweeping.measure_sweep}


@click.command()
@click.option("--databases", default="sqlite,postgresql", show_default=True, help="Which, separated by commas.")
@click.option("--due", default=200_000, show_default=True, help="How many numbers are to be released.")
@click.option("--small", default=1_000_000, show_default=True, help="How many numbers age in the small database.")
@click.option("--big", default=3_000_000, show_default=True, help="How many in the big one; up to 30,000,000.")
@click.option("--rounds", default=3, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path, exists=True), help="A folder on the disk to be measured.")
@click.option("--quick", is_flag=True, help="Small and once: for tests.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def main(databases: str, due: int, small: int, big: int, rounds: int, folder: Path | None, quick: bool,
         as_json: bool) -> None:  # fmt: skip
    """Measure what releasing numbers costs."""
    if quick:
        due, small, big, rounds = 12_000, 15_000, 40_000, 1
    if not 0 < due < small < big:
        raise click.UsageError("The number due must be smaller than --small, and that smaller than --big.")
    say = teller(as_json)
    with workshop(folder) as (place, shim), opened(tuple(databases.split(",")), place, shim) as grounds:
        candidates = [
            candidate
            for ground in grounds.values()
            for total in (small, big)
            for candidate in _candidates(ground, due, total)
        ]
        for ground in grounds.values():
            for total in (small, big):
                say(f"filling {ground.name} with {total:,} numbers")
                made = ground.fill(f"ageing{total}", population.fill_with_ageing, total=total, due=due)
                assert made["due"] == due
        rows = list(_rows(alternate(candidates, rounds=rounds, say=say)))
    targets = list(_targets(rows))
    finding = _finding(targets)
    publish(Report("sweep", finding, rows, targets, _plot(rows, finding), machine()), as_json=as_json)


def _candidates(ground: Ground, due: int, total: int) -> Iterator[Candidate]:
    for name in _MEASURES:
        labels = {"database": ground.name, "ageing": total, "due": due, "by": name}
        yield Candidate(labels, partial(_measure, ground, name, due, total))


def _measure(ground: Ground, name: str, due: int, total: int) -> Numbers:
    with ground.fresh(f"ageing{total}") as environment:
        answer: Numbers = call(_MEASURES[name], environment, due=due, total=total)
    return answer


def _rows(medians: list[Numbers]) -> Iterator[Numbers]:
    floors = {(row["database"], row["ageing"]): row for row in medians if row["by"] == "events only"}
    for row in medians:
        floor = floors[row["database"], row["ageing"]]
        yield {
            "database": row["database"],
            "ageing": row["ageing"],
            "due": row["due"],
            "by": row["by"],
            "wall_s": row["wall"],
            "cpu_s": row["cpu"],
            "wall_to_floor": row["wall"] / floor["wall"],
            "cpu_to_floor": row["cpu"] / floor["cpu"],
            "us_each": row["wall"] / row["due"] * 1e6,
        }


def _targets(rows: list[Numbers]) -> Iterator[Target]:
    sweeps = [row for row in rows if row["by"] == "sweep"]
    for row in sweeps:
        yield Target(f"{row['database']}, {row['ageing']:,} ageing: wall to floor", row["wall_to_floor"], 1.5, False)
        yield Target(f"{row['database']}, {row['ageing']:,} ageing: cpu to floor", row["cpu_to_floor"], 1.5, False)
    for name in dict.fromkeys(row["database"] for row in sweeps):
        small, big = (row for row in sweeps if row["database"] == name)
        yield Target(f"{name}: wall among many to among few", big["wall_s"] / small["wall_s"], 1.2, False)
        yield Target(f"{name}: cpu among many to among few", big["cpu_s"] / small["cpu_s"], 1.2, False)


def _finding(targets: list[Target]) -> str:
    floor = max(target.value for target in targets if "wall to floor" in target.name)
    flat = max(target.value for target in targets if "wall among" in target.name)
    return (
        f"A sweep takes at most {floor:.2f} times as long as inserting its events alone, "
        f"and {flat:.2f} times as long among many numbers as among few"
    )


def _plot(rows: list[Numbers], finding: str) -> str:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(10, 5), layout="constrained")
    names = list(dict.fromkeys(f"{row['database']}\n{row['ageing']:,} ageing" for row in rows))
    for offset, by, colour in ((-0.2, "events only", "#c8c8c8"), (0.2, "sweep", "#33658a")):
        values = [row["us_each"] for row in rows if row["by"] == by]
        bars = axes.bar([place + offset for place in range(len(names))], values, width=0.4, color=colour, label=by)
        axes.bar_label(bars, fmt="%.1f", fontsize=8)
    axes.set_xticks(range(len(names)), names)
    axes.set_ylabel("wall time per number released (microseconds)")
    axes.set_xlabel("database, and numbers that age in it")
    axes.set_title(finding, fontsize=10)
    axes.legend()
    OUT.mkdir(exist_ok=True)
    path = OUT / "sweep.png"
    figure.savefig(path, dpi=130)
    pyplot.close(figure)
    return f"bench/out/{path.name}"


if __name__ == "__main__":
    main()
