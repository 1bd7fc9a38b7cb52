"""The proof of the web door: each line of the browser-checkable list (U1 to U20), in a real Chromium."""
