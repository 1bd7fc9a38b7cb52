"""The card in the subscriber's hand: what is on it, the files it is saved to, and its way over the counter."""
