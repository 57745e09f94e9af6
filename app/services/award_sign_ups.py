"""Awards customers for signing up, once each."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.accounts import load_lots, lock_accounts, save_accounts
from app.db.awards import award_row
from app.db.bulk import among_texts, insert_rows
from app.db.ids import allocate_ids
from app.db.models import Award
from app.db.models import Lot as LotRow
from app.db.rulebook import Rulebook
from app.domain.award import Pin, ReceiptLine
from app.domain.expiry import expires_at
from app.domain.ledger import Cause, Lot


def award_sign_ups(
    session: Session,
    *,
    shop_id: int,
    rulebook: Rulebook,
    created: Mapping[int, tuple[int, datetime]],
    now: datetime,
    ledger_key: bytes,
) -> None:
    """Award the members (by id: customer id and when created) who signed up since the start.

    The points can be used at once. Who was awarded already is left alone.
    """
    due = {
        f"{shop_id}:{customer_id}": (member_id, at)
        for member_id, (customer_id, at) in created.items()
        if at >= rulebook.earning_starts_at and rulebook.in_force(at)[1].sign_up_points
    }
    for source_id in _awarded(session, rulebook.program_id, due):
        del due[source_id]
    if not due:
        return
    accounts = lock_accounts(session, (member_id for member_id, _ in due.values()))
    load_lots(session, [loaded for loaded in accounts.values() if loaded.due_by(now)])
    rows = []
    award_ids = allocate_ids(session, Award, len(due))
    lot_ids = allocate_ids(session, LotRow, len(due))
    for award_id, lot_id, (source_id, (member_id, at)) in zip(
        award_ids, lot_ids, sorted(due.items()), strict=True
    ):
        version_id, rules = rulebook.in_force(at)
        loaded = accounts[member_id]
        loaded.account.bring_up_to(now)
        lot = Lot(
            id=lot_id,
            award_id=award_id,
            available_at=at,
            expires_at=expires_at(at, rules, rulebook.iana_timezone),
            matured=True,
        )
        loaded.account.add_lot(lot)
        cause = Cause(source=f"award:{award_id}:1", at=at, award_id=award_id)
        loaded.account.earn(lot, rules.sign_up_points, cause)
        loaded.account.bring_up_to(now)
        rows.append(
            award_row(
                award_id=award_id,
                program_id=rulebook.program_id,
                member_id=member_id,
                source_kind="sign_up",
                source_id=source_id,
                pin=Pin(rule_version_id=version_id, tier_id=loaded.tier_id),
                points=rules.sign_up_points,
                receipt=[ReceiptLine("sign_up", points=rules.sign_up_points)],
                now=now,
            )
        )
    insert_rows(session, Award, rows)
    save_accounts(
        session,
        accounts.values(),
        program_id=rulebook.program_id,
        now=now,
        ledger_key=ledger_key,
    )


def _awarded(session: Session, program_id: int, source_ids: Mapping[str, object]) -> list[str]:
    return list(
        session.scalars(
            select(Award.source_id).where(
                Award.program_id == program_id,
                Award.source_kind == "sign_up",
                among_texts(Award.source_id, source_ids),
            )
        )
    )
