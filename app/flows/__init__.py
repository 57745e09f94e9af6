"""Use cases that cross the network step by step; each step is a transaction of its own."""
