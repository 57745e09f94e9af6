"""Store credit in the customer's account at the shop.

Shopify gives credit twice when asked twice, and a credit has no code of ours. So nobody asks
without having noted it first, nobody asks again before that attempt is over for certain, and then
it is looked for first: by the moment at which it ends, which no other credit of the customer has.
"""

from datetime import datetime

from app.clock import utc_now
from app.domain.errors import RedemptionNotOpen
from app.domain.redemption_times import LATE_MAKE
from app.flows.fulfilment import Errand, Found
from app.services.note_credit import (
    claim_credit,
    claim_debit,
    give_claim_back,
    note_withdrawn,
    withdrawals_known,
)
from app.shopify.errors import AccessDenied, ShopifyError, ShopifyRefused, ShopifyUnavailable
from app.shopify.store_credit import (
    Credit,
    FoundCredit,
    find_credit,
    give_credit,
    known_credit,
    take_credit,
)


class StoreCredit:
    """Credits the customer's account, and debits it again."""

    scopes: tuple[str, ...] = (
        "read_store_credit_account_transactions",
        "read_store_credit_accounts",
        "write_store_credit_account_transactions",
    )

    def make(self, errand: Errand, *, budget_s: float) -> str | None:
        """Give the credit and return its transaction's id; see Fulfilment."""
        held = errand.redemption
        if held.credit_asked_at is not None:
            found = _found(errand, budget_s)
            if found is not None:
                return found.gid
        now = utc_now()
        with errand.parts.database.tenant(errand.tenant) as session:
            if not claim_credit(session, held, now=now, again_after=LATE_MAKE):
                raise _asked_already(errand)
        try:
            return give_credit(errand.run, _credit(errand), budget_s=budget_s)
        except ShopifyError as error:
            _give_back_unless_unknown(errand, error, "credit_asked_at", now)
            raise

    def find(self, errand: Errand, *, budget_s: float) -> Found | None:
        """Return the credit and whether something of it was spent; see Fulfilment."""
        found = _found(errand, budget_s)
        if found is None or errand.redemption.withdrawn_gid is not None:
            return None
        return Found(gid=found.gid, used=_is_spent(found))

    def withdraw(self, errand: Errand, *, budget_s: float) -> None:
        """Debit what was credited; see Fulfilment."""
        redemption = errand.redemption
        if redemption.withdrawn_gid is not None or redemption.credit_asked_at is None:
            return
        found = _found(errand, budget_s)
        if found is None or _was_debited(errand, found):
            return
        if _is_spent(found):
            raise RedemptionNotOpen(redemption_id=redemption.id, state="used")
        now = utc_now()
        with errand.parts.database.tenant(errand.tenant) as session:
            if not claim_debit(session, redemption, now=now, again_after=LATE_MAKE):
                raise _asked_already(errand)
        try:
            gid = take_credit(errand.run, found, errand.currency, budget_s=budget_s)
        except ShopifyError as error:
            _give_back_unless_unknown(errand, error, "debit_asked_at", now)
            if isinstance(error, ShopifyRefused) and "INSUFFICIENT_FUNDS" in error.codes:
                raise RedemptionNotOpen(redemption_id=redemption.id, state="used") from error
            raise
        _note_withdrawn(errand, gid)


def _found(errand: Errand, budget_s: float) -> FoundCredit | None:
    gid = errand.redemption.discount_gid
    if gid is not None:
        return known_credit(errand.run, gid, errand.currency, budget_s=budget_s)
    return find_credit(errand.run, _credit(errand), budget_s=budget_s)


def _credit(errand: Errand) -> Credit:
    held = errand.redemption
    return Credit(
        customer_id=held.customer_id,
        amount_minor=errand.worth.amount_minor,
        currency=errand.currency,
        ends_at=datetime.fromisoformat(held.terms["credit_ends_at"]),
    )


def _is_spent(found: FoundCredit) -> bool:
    """Return whether less is left in the account than was given.

    Not what is left of this credit counts: Shopify spends the soonest-expiring first, and takes
    another credit's undoing from this one.
    """
    return found.balance_minor < found.amount_minor


def _was_debited(errand: Errand, found: FoundCredit) -> bool:
    """Return whether an earlier attempt, whose answer was lost, took the credit back."""
    asked_at = errand.redemption.debit_asked_at
    if asked_at is None:
        return False
    since = asked_at.replace(microsecond=0)
    mine = [
        debit.gid
        for debit in found.debits
        if debit.amount_minor == found.amount_minor and debit.at >= since
    ]
    with errand.parts.database.tenant(errand.tenant) as session:
        known = withdrawals_known(session, errand.redemption.shop_id, mine)
    # The oldest that no other redemption accounts for.
    unknown = [gid for gid in mine if gid not in known]
    if not unknown:
        return False
    _note_withdrawn(errand, unknown[-1])
    return True


def _note_withdrawn(errand: Errand, gid: str) -> None:
    with errand.parts.database.tenant(errand.tenant) as session:
        note_withdrawn(session, errand.redemption.id, gid)


def _give_back_unless_unknown(
    errand: Errand, error: ShopifyError, claim: str, claimed_at: datetime
) -> None:
    """Let the next one ask at once where it is certain that nothing happened."""
    unknown = isinstance(error, ShopifyUnavailable) and error.maybe_done
    if not unknown or isinstance(error, AccessDenied):
        with errand.parts.database.tenant(errand.tenant) as session:
            give_claim_back(session, errand.redemption.id, claim, claimed_at)


def _asked_already(errand: Errand) -> ShopifyUnavailable:
    return ShopifyUnavailable(
        shop_domain=str(errand.redemption.shop_id),
        operation="store_credit",
        reason="asked_already",
        maybe_done=True,
    )


FULFILMENT = StoreCredit()
