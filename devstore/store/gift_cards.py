"""Gift cards: made with a code, spent at the checkout, deactivated for good."""

from dataclasses import dataclass, replace
from datetime import datetime

from devstore.store.clock import Clock
from devstore.store.codec import decode, encode
from devstore.store.database import Database
from devstore.store.refusal import MoneyRefused

FIRST_GIFT_CARD_ID = 1_500_000_000_001
CODE_LENGTHS = range(8, 21)
MOST_UNITS = 2_000
"""Shopify's largest card is worth about so many US dollars."""


@dataclass(frozen=True)
class GiftCard:
    """One gift card; its code is never told again, only its last letters."""

    id: int
    code: str
    initial_minor: int
    balance_minor: int
    created_at: datetime
    updated_at: datetime
    customer_id: int | None = None
    expires_on: str | None = None
    note: str | None = None
    deactivated_at: datetime | None = None

    @property
    def gid(self) -> str:
        """The card's global id."""
        return f"gid://shopify/GiftCard/{self.id}"

    @property
    def enabled(self) -> bool:
        """Whether it was not deactivated."""
        return self.deactivated_at is None

    def spendable(self, today: str) -> bool:
        """Return whether it pays for something on a day."""
        return (
            self.enabled
            and self.balance_minor > 0
            and (self.expires_on is None or today <= self.expires_on)
        )


class GiftCards:
    """The table of gift cards."""

    def __init__(self, database: Database, clock: Clock, unit_minor: int) -> None:
        self._database = database
        self._clock = clock
        self._most_minor = MOST_UNITS * unit_minor

    def create(
        self,
        code: str,
        amount_minor: int,
        *,
        customer_id: int | None = None,
        expires_on: str | None = None,
        note: str | None = None,
    ) -> GiftCard:
        """Make a card; what Shopify refuses raises MoneyRefused."""
        code = code.lower()
        self._check(code, amount_minor)
        with self._database.transaction():
            if self.by_code(code) is not None:
                raise MoneyRefused("code", "TAKEN", "Code has already been taken")
            now = self._clock.now()
            card_id = self._database.next_id("gift_card", FIRST_GIFT_CARD_ID, 3)
            card = GiftCard(
                card_id, code, amount_minor, amount_minor, now, now, customer_id, expires_on, note
            )
            self._save(card)
        return card

    def get(self, card_id: int) -> GiftCard | None:
        """Return a card, or None."""
        return self._one("SELECT document FROM gift_card WHERE id = ?", card_id)

    def by_code(self, code: str) -> GiftCard | None:
        """Return the card with this code, whatever its case, or None."""
        return self._one("SELECT document FROM gift_card WHERE code = ?", code.strip().lower())

    def of_code(self, code: str) -> GiftCard | None:
        """Return the card with this code if it pays for something now, or None."""
        card = self.by_code(code.replace(" ", "").replace("-", ""))
        today = self._clock.now().date().isoformat()
        return card if card is not None and card.spendable(today) else None

    def all(self) -> list[GiftCard]:
        """Return every card, the oldest first."""
        rows = self._database.rows("SELECT document FROM gift_card ORDER BY id")
        return [decode(GiftCard, row["document"]) for row in rows]

    def deactivate(self, card_id: int) -> GiftCard | None:
        """End a card for good and return it; None if there is none. Again: it stays as it is."""
        with self._database.transaction():
            card = self.get(card_id)
            if card is not None and card.enabled:
                card = self._changed(card, deactivated_at=self._clock.now())
        return card

    def spend(self, card_id: int, amount_minor: int) -> int:
        """Take up to an amount off a card and return what it paid."""
        with self._database.transaction():
            card = self.get(card_id)
            if card is None or not card.enabled:
                return 0
            paid_minor = min(card.balance_minor, amount_minor)
            self._changed(card, balance_minor=card.balance_minor - paid_minor)
        return paid_minor

    def give_back(self, card_id: int, amount_minor: int) -> None:
        """Put an amount on a card again."""
        with self._database.transaction():
            card = self.get(card_id)
            if card is not None:
                self._changed(card, balance_minor=card.balance_minor + amount_minor)

    def _check(self, code: str, amount_minor: int) -> None:
        if not (code.isascii() and code.isalnum()):
            raise MoneyRefused("code", "INVALID", "Code may have letters and numbers only")
        if len(code) not in CODE_LENGTHS:
            which = "TOO_SHORT" if len(code) < CODE_LENGTHS.start else "TOO_LONG"
            raise MoneyRefused("code", which, "Code must have 8 to 20 characters")
        if amount_minor <= 0:
            message = "Initial amount must be greater than 0"
            raise MoneyRefused("initialAmount", "GREATER_THAN", message)
        if amount_minor > self._most_minor:
            message = "Initial amount exceeds the limit"
            raise MoneyRefused("initialAmount", "GIFT_CARD_LIMIT_EXCEEDED", message)

    def _changed(self, card: GiftCard, **changes: object) -> GiftCard:
        changed = replace(card, updated_at=self._clock.now(), **changes)  # type: ignore[arg-type]
        self._save(changed)
        return changed

    def _one(self, sql: str, value: str | int) -> GiftCard | None:
        row = self._database.row(sql, value)
        return None if row is None else decode(GiftCard, row["document"])

    def _save(self, card: GiftCard) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO gift_card (id, code, document) VALUES (?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET document = excluded.document",
                (card.id, card.code, encode(card)),
            )
