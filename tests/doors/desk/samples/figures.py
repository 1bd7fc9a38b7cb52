"""What the figures' addresses are about: no case and no person, only a chart's or a file's name."""

from __future__ import annotations

from collections.abc import Callable

from tests.doors.desk.staffed import Staffed


def _steps(staffed: Staffed) -> dict[str, object]:
    return {"name": "steps"}


SAMPLES: dict[str, Callable[[Staffed], dict[str, object]]] = {"figures_chart": _steps, "figures_file": _steps}
OWNERS: dict[str, str] = {"figures_chart": "irina", "figures_file": "irina"}
