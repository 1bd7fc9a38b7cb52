"""The leaver's kit: everything that can be prepared for leaving any operator, without that operator's help."""
