"""One measurement in a process of its own: ``python -m bench.child module function '{"argument": ...}'``."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module

import django


def main() -> None:
    """Call the function with Django set up; what it returns is the last line of the output."""
    module, function, arguments = sys.argv[1:]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lastcall.site.settings")
    django.setup()
    print(json.dumps(getattr(import_module(module), function)(**json.loads(arguments))))


if __name__ == "__main__":
    main()
