"""Figures: counts and times over all cases, for charts and for monitoring. Only counts; never a person, a number or a case."""
