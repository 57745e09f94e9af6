"""Use cases, one a file, each inside the caller's transaction."""
