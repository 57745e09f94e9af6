"""The types of reward, one a file, found by scanning this package."""
