"""Reads, one noun a file; they return rows and decide nothing."""
