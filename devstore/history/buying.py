"""When customers buy and for how much: BG/NBD and Gamma-Gamma with CDNOW's parameters.

Fader, Hardie and Lee, "Counting Your Customers" the Easy Way (2005), and Fader and Hardie, The
Gamma-Gamma Model of Monetary Value (2013). Time is in weeks, money in units near one US dollar.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class BuyingModel:
    """Rates ~ Gamma(r, alpha), drop-out ~ Beta(a, b); spend ~ Gamma(p, nu), nu ~ Gamma(q, gamma)."""

    r: float = 0.243
    alpha: float = 4.414
    a: float = 0.793
    b: float = 2.426
    p: float = 6.25
    q: float = 3.74
    gamma: float = 15.44


CDNOW = BuyingModel()


@dataclass(frozen=True)
class Purchase:
    """One purchase: when, and how many hundredths of a unit the customer meant to spend."""

    at: datetime
    spend_hundredths: int


def draw_purchases(
    chance: random.Random, first_at: datetime, until: datetime, model: BuyingModel = CDNOW
) -> list[Purchase]:
    """Return what one customer buys from the first purchase on, which always happens.

    After every repeat purchase the customer leaves for good with the drawn probability.
    """
    rate = chance.gammavariate(model.r, 1 / model.alpha)
    leaves = chance.betavariate(model.a, model.b)
    nu = chance.gammavariate(model.q, 1 / model.gamma)
    purchases = [_purchase(chance, first_at, nu, model)]
    at = first_at
    while rate > 0:
        # A rate near nothing puts the next purchase beyond any calendar.
        at += timedelta(weeks=min(chance.expovariate(rate), 10_000))
        if at >= until:
            break
        purchases.append(_purchase(chance, at, nu, model))
        if chance.random() < leaves:
            break
    return purchases


def _purchase(chance: random.Random, at: datetime, nu: float, model: BuyingModel) -> Purchase:
    return Purchase(at, round(100 * chance.gammavariate(model.p, 1 / nu)))
