"""The leaver's kit on screen: for any operator, without one behind it."""
