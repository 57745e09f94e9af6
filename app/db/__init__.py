"""Tables, sessions and queries: storage that decides nothing."""
