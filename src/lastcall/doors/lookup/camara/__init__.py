"""CAMARA APIs, to the letter of their definitions."""
