"""Lastcall closes mobile lines properly. Start reading at ``docs/design.md``."""

__version__ = "0.1.0"
