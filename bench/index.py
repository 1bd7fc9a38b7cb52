"""The index behind look-ups: publishing changes, building it anew, and following the log, each against its floor."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import click

from bench import indexing
from bench.grounds import Ground, call, opened
from bench.harness import OUT, Candidate, Numbers, Report, Target, alternate, machine, publish, teller, workshop

_APPLY: Final = {
    "pages written": indexing.measure_write,
    "index": indexing.measure_apply,
    "table in SQLite": indexing.measure_table,
}
_BUILD: Final = {"copy out": indexing.measure_copy, "build": indexing.measure_build}
_UPDATE: Final = {"link alone": indexing.measure_link, "update": indexing.measure_update}
_WAYS: Final = {"publish anywhere": True, "publish in a tenth": False}


@click.command()
@click.option("--databases", default="sqlite,postgresql", show_default=True, help="Which, separated by commas.")
@click.option(
    "--size", default=100_000_000, show_default=True, help="Numbers in the index that changes are written to."
)
@click.option("--changes", default=1_000_000, show_default=True, help="How many of them change.")
@click.option("--numbers", default=3_000_000, show_default=True, help="Numbers in the database that it is built from.")
@click.option("--events", default=100_000, show_default=True, help="Closings that are followed through the log.")
@click.option("--rounds", default=3, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path, exists=True), help="A folder on the disk to be measured.")
@click.option("--quick", is_flag=True, help="Small and once: for tests.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def main(databases: str, size: int, changes: int, numbers: int, events: int, rounds: int, folder: Path | None,
         quick: bool, as_json: bool) -> None:  # fmt: skip
    """Measure the index: changes made durable, a rebuild, and the whole way from the log."""
    if quick:
        size, changes, numbers, events, rounds = 200_000, 20_000, 20_000, 2_000, 1
    if changes > size or events > numbers * 0.6:
        raise click.UsageError("--changes must not exceed --size, nor --events 0.6 of --numbers.")
    if numbers % indexing.STRIDE == 0:
        raise click.UsageError(f"--numbers must not be a multiple of {indexing.STRIDE}.")
    say = teller(as_json)
    with workshop(folder) as (place, shim), opened(tuple(databases.split(",")), place, shim) as grounds:
        say(f"making an index of {size:,} numbers")
        plain = {"LASTCALL_HOME": str(place / "home"), "LASTCALL_DATABASE_URL": f"sqlite:///{place / 'none.sqlite3'}"}
        source = str(place / "index.source")
        call(indexing.make_file, plain, numbers=size, path=source)
        candidates = list(_publishing(plain, source, size, changes))
        for ground in grounds.values():
            say(f"filling {ground.name} with the histories of {numbers:,} numbers")
            ground.fill("histories", indexing.fill, numbers=numbers)
            candidates += _of_database(ground, place, numbers, events)
        rows = list(_rows(alternate(candidates, rounds=rounds, say=say)))
    targets = list(_targets(rows))
    finding = _finding(rows)
    publish(Report("index", finding, rows, targets, _plot(rows, finding), machine()), as_json=as_json)


def _publishing(environment: dict[str, str], source: str, size: int, changes: int) -> Iterator[Candidate]:
    for work, spread in _WAYS.items():
        for name, function in _APPLY.items():
            arguments = {"source": source, "numbers": size, "changes": changes, "spread": spread}
            yield Candidate(
                {"work": work, "database": "", "by": name}, partial(call, function, environment, **arguments)
            )


def _of_database(ground: Ground, place: Path, numbers: int, events: int) -> Iterator[Candidate]:
    own: dict[str, Any] = {"numbers": numbers}
    folder = {"folder": str(place)}
    for name, function in _BUILD.items():
        arguments = own | (folder if name == "build" else {})
        yield Candidate(
            {"work": "rebuild", "database": ground.name, "by": name}, partial(_on, ground, function, arguments)
        )
    for name, function in _UPDATE.items():
        arguments = own | folder | {"events": events}
        yield Candidate(
            {"work": "follow the log", "database": ground.name, "by": name}, partial(_on, ground, function, arguments)
        )


def _on(ground: Ground, function: Any, arguments: dict[str, Any]) -> Numbers:
    with ground.fresh("histories") as environment:
        answer: Numbers = call(function, environment, **arguments)
    return answer


def _rows(medians: list[Numbers]) -> Iterator[Numbers]:
    floors: dict[tuple[str, str], Numbers] = {}
    for row in medians:
        floors.setdefault((row["work"], row["database"]), row)
    for row in medians:
        floor = floors[row["work"], row["database"]]
        yield {
            "work": row["work"],
            "database": row["database"],
            "by": row["by"],
            "done": row["done"],
            "wall_s": row["wall"],
            "cpu_s": row["cpu"],
            "wall_to_floor": row["wall"] / floor["wall"],
            "cpu_to_floor": row["cpu"] / max(floor["cpu"], 1e-9),
            "us_each": row["wall"] / row["done"] * 1e6,
        }


def _targets(rows: list[Numbers]) -> Iterator[Target]:
    found = {(row["work"], row["database"], row["by"]): row for row in rows}
    for work in _WAYS:
        ours, table = found[work, "", "index"], found[work, "", "table in SQLite"]
        yield Target(f"{work}: seconds for a million changes", ours["us_each"], 2.0, False)
        yield Target(f"{work}: speed to that of a table in SQLite", table["wall_s"] / ours["wall_s"], 2.0, True)
    for name in dict.fromkeys(row["database"] for row in rows if row["work"] == "rebuild"):
        copy, ours = found["rebuild", name, "copy out"], found["rebuild", name, "build"]
        if name == "postgresql":
            yield Target(
                "postgresql: speed of a rebuild to that of a copy out", copy["wall_s"] / ours["wall_s"], 0.85, True
            )


def _finding(rows: list[Numbers]) -> str:
    found = {(row["work"], row["database"], row["by"]): row for row in rows}
    apart = found["publish anywhere", "", "index"]
    speeds = {
        name: found["rebuild", name, "copy out"]["wall_s"] / found["rebuild", name, "build"]["wall_s"]
        for name in dict.fromkeys(row["database"] for row in rows if row["work"] == "rebuild")
    }
    told = ", ".join(f"{speed:.2f} on {name}" for name, speed in speeds.items())
    return (
        f"A million changes anywhere are on the disk after {apart['us_each']:.2f} s; "
        f"a rebuild has the speed of a copy out of the tenures times {told}"
    )


def _plot(rows: list[Numbers], finding: str) -> str:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(10, 5), layout="constrained")
    names = [f"{row['work']}\n{row['database']} {row['by']}".replace("\n ", "\n") for row in rows]
    ours = {"index", "build", "update"}
    colours = ["#33658a" if row["by"] in ours else "#c8c8c8" for row in rows]
    bars = axes.barh(names, [row["us_each"] for row in rows], color=colours)
    axes.bar_label(bars, fmt="%.2f", fontsize=8)
    axes.invert_yaxis()
    axes.set_xlabel("wall time per number or event (microseconds)")
    axes.set_title(finding, fontsize=9)
    OUT.mkdir(exist_ok=True)
    path = OUT / "index.png"
    figure.savefig(path, dpi=130)
    pyplot.close(figure)
    return f"bench/out/{path.name}"


if __name__ == "__main__":
    main()
