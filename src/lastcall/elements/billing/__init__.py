"""The built-in billing: a double-entry ledger for operators that have no billing of their own to ask."""
