"""Histories for the shop: drawn from a model of buying, or replayed from real files.

    python -m devstore.history generate --customers 300 --months 18 --seed 1
    python -m devstore.history replay --cdnow CDNOW_master.txt [--limit N]
    python -m devstore.history replay --online-retail online_retail.csv
        [--duplicate 0.1 --shuffle 500 --drop 0.05 --seed S]

Everything is stored in the development store first and then announced by signed webhooks over a
few kept connections. The same seed gives the same history.
"""
