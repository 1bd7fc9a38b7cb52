"""The case file, read-only, for whoever has it open: what was declared beside what is on file."""
