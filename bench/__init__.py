"""Programs that print ratios taken in one run; see ``bench/README.md``."""
