"""Review: the queue of cases that want a person, taking one, and deciding it."""
