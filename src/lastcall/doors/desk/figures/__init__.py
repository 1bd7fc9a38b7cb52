"""Figures: how many, how old, how long, and why not, as charts with the tables that they are made of."""
