"""The rules of loyalty, in plain Python: no clock, no database, no network, no floats."""
