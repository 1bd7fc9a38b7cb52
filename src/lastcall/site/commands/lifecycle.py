"""``lastcall lifecycle``: the transition tables, printed or drawn from the very rows that the services use."""

from __future__ import annotations

from typing import Any

import click
from rich.console import Console

from lastcall.core.closing.lifecycle import CASE
from lastcall.core.counter.lifecycle import TICKET
from lastcall.core.hotline.lifecycle import CALL
from lastcall.core.lifecycle import Table
from lastcall.core.lookup.bulk.lifecycle import BATCH
from lastcall.core.numbers.lifecycle import CORRECTION, EARLY_RELEASE, NUMBER, SIM
from lastcall.core.simcard.lifecycle import HANDLING, READER
from lastcall.core.staff.glass import GLASS
from lastcall.core.telling.lifecycle import DELIVERY, WEBHOOK
from lastcall.site.output import as_json, emit, table

TABLES = {
    made.name: made
    for made in (
        CASE, NUMBER, SIM, EARLY_RELEASE, CORRECTION, TICKET, CALL, GLASS, BATCH, WEBHOOK, DELIVERY, READER, HANDLING,
    )
}  # fmt: skip


@click.command()
@click.argument("name", type=click.Choice(sorted(TABLES)), required=False)
@click.option("--mermaid", is_flag=True, help="Draw them as Mermaid state diagrams.")
@as_json
def lifecycle(name: str | None, mermaid: bool, machine: bool) -> None:
    """Print the transition tables: of cases, numbers, SIMs, card readers, staff acts, batches and deliveries; or of one by its
    name."""
    chosen = [TABLES[name]] if name else list(TABLES.values())
    if mermaid:
        click.echo("\n".join(draw(made) for made in chosen))
        return
    emit({made.name: _document(made) for made in chosen}, machine=machine, people=lambda out: _print(out, chosen))


def _document(made: Table) -> dict[str, Any]:
    return {
        "states": list(made.states),
        "start": made.start,
        "ends": sorted(made.ends),
        "transitions": [
            {
                "from": row.source,
                "action": row.action,
                "to": row.target,
                "who": sorted(row.who),
                "requires": row.requires,
            }
            for row in made
        ],
    }


def _print(out: Console, chosen: list[Table]) -> None:
    for made in chosen:
        shown = table(f"{made.name} (starts {made.start}, ends {', '.join(sorted(made.ends))})",
                      "from", "action", "to", "who", "requires")  # fmt: skip
        for row in made:
            shown.add_row(row.source, row.action, row.target, " ".join(sorted(row.who)), row.requires)
        out.print(shown)


def draw(made: Table) -> str:
    """The table as a Mermaid state diagram; several actions between two states share one arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for row in made:
        if row.source != row.target:
            arrows.setdefault((row.source, row.target), []).append(row.action)
    lines = ["stateDiagram-v2", f"    %% {made.name}", f"    [*] --> {made.start}"]
    lines += [f"    {source} --> {target}: {' / '.join(actions)}" for (source, target), actions in arrows.items()]
    lines += [f"    {end} --> [*]" for end in sorted(made.ends)]
    return "\n".join(lines)
