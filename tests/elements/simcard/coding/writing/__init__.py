"""What the decoders read, written for their tests: the way back of each, held to the standards by vectors of other implementations.

``lastcall`` itself writes to no card. Whatever has no form on a card raises ``ValueError``.
"""
