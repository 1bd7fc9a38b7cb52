"""The bytes on a card as text, numbers and messages: pure functions without input or output.

A decoder raises for no bytes whatever: it gives what can be read, and says in ``damaged`` what cannot, in plain English words
without anything from the record.

Decoded text for people carries no control characters (:mod:`~lastcall.elements.simcard.coding.shown`).
"""
