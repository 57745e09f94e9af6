"""Languages: which one a request reads, and how numbers, money and dates are written in it."""
