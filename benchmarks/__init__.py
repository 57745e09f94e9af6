"""Each figure of docs/performance.md, with the peer beside it."""
