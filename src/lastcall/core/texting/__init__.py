"""Leaving by text: what comes in by SMS, what is answered, and what became of every message that went out."""
