"""The screen beside a counter's card reader: what is asked, the PIN, the progress, the secret. For this one computer alone.

The desk says what to do and for which ticket; the visitor agrees and types the PIN here. PIN, PUK, the pairing's token and the
backup's secret are in the memory of this program only.
"""
