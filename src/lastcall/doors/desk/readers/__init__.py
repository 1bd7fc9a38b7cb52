"""Card readers at the counter: what the program beside a reader asks and says."""
