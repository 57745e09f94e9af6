"""Reads a programme's rules as they stood at any moment, with its tiers: once a transaction."""

from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy.orm import Session

from app.db.wire import Answer, Trip, one_trip
from app.domain.errors import RuleNotFound
from app.domain.expiry import ExpiryTerms, expiry_terms
from app.domain.program_rules import ProgramRules, rules_from_json
from app.domain.rulebook import Rulebook, version_at
from app.domain.tier_terms import TierTerms
from app.domain.tiers import TierLevel

_PROGRAM = """
    select iana_timezone, earning_starts_at, tier_measure, tier_window, tier_grace_days, tier_loss
    from program where id = $1::bigint
"""
_VERSIONS = """
    select effective_from, id, config::text from rule_version where program_id = $1::bigint
    order by effective_from, number
"""
_TIER_COLUMNS = [column.name for column in fields(TierLevel)]
_TIERS = f"""
    select {", ".join(_TIER_COLUMNS)} from tier where program_id = $1::bigint order by rank
"""  # noqa: S608 - names of our own columns
_TERMS = """
    select version.effective_from, version.config::text, program.iana_timezone, version.id {}
    from rule_version version join program on program.id = version.program_id
    order by version.effective_from, version.number
"""
_EXPIRY_TERMS = _TERMS.format("")
_TERMS_AND_POSTED = _TERMS.format(""",
    exists (select from posting where program_id = $1::bigint and source_key = $2::text)
""")


def load_rulebook(session: Session, program_id: int) -> Rulebook:
    """Return the programme's rules; raise RuleNotFound when it has none."""
    with one_trip(session) as trip:
        programs = trip.ask(_PROGRAM, (program_id,))
        versions = trip.ask(_VERSIONS, (program_id,))
        tiers = trip.ask(_TIERS, (program_id,))
    if not programs.rows or not versions.rows:
        raise RuleNotFound(program_id=program_id)
    [(iana_timezone, earning_starts_at, measure, window, grace_days, loss)] = programs.rows
    return Rulebook(
        program_id=program_id,
        iana_timezone=iana_timezone,
        earning_starts_at=earning_starts_at,
        versions=tuple((since, id_, _rules(config)) for since, id_, config in versions.rows),
        tiers=_tiers(tiers),
        tier_terms=TierTerms(measure=measure, window=window, grace_days=grace_days, loss=loss),
    )


def load_expiry_terms(session: Session) -> ExpiryTerms:
    """Return what the rules of the tenant's programme ever said about the end of points."""
    with one_trip(session) as trip:
        terms = ask_expiry_terms(trip)
    return expiry_terms_of(terms)


def ask_expiry_terms(trip: Trip) -> Answer:
    """Ask for what `load_expiry_terms` loads; see `expiry_terms_of`."""
    return trip.ask(_EXPIRY_TERMS)


def ask_terms_and_posted(trip: Trip, program_id: int, source_key: str) -> Answer:
    """Ask for the same, and along with it whether a posting is there; see `is_posted`."""
    return trip.ask(_TERMS_AND_POSTED, (program_id, source_key))


def is_posted(terms: Answer) -> bool:
    """Return whether the posting is there that was asked for along with the terms."""
    return any(posted for *_, posted in terms.rows)


def expiry_terms_of(terms: Answer) -> ExpiryTerms:
    """Return the terms that were asked for."""
    return _expiry_terms(tuple(terms.rows))


def rules_at(terms: Answer, program_id: int, at: datetime) -> tuple[int, ProgramRules, str]:
    """Return version id, rules and time zone at `at`, of what was asked for the terms."""
    if not terms.rows:
        raise RuleNotFound(program_id=program_id)
    versions = [(since, id_, _rules(config)) for since, config, _, id_, *_ in terms.rows]
    _, version_id, rules = version_at(versions, at)
    return version_id, rules, terms.rows[0][2]


def newest_rules_of(terms: Answer, program_id: int) -> ProgramRules:
    """Return the rules that were published last, of what was asked for the terms."""
    if not terms.rows:
        raise RuleNotFound(program_id=program_id)
    return _rules(terms.rows[-1][1])


@lru_cache(maxsize=1024)
def _expiry_terms(versions: tuple[tuple[Any, ...], ...]) -> ExpiryTerms:
    """Return the terms of rows as they were read: rules change seldom, and are asked for often."""
    rules = [(since, _rules(config)) for since, config, *_ in versions]
    return expiry_terms(rules, versions[0][2] if versions else "UTC")


@lru_cache(maxsize=1024)
def _rules(config: str) -> ProgramRules:
    return rules_from_json(orjson.loads(config))


def load_tiers(session: Session, program_id: int) -> tuple[TierLevel, ...]:
    """Return the programme's tiers from low to high."""
    with one_trip(session) as trip:
        tiers = trip.ask(_TIERS, (program_id,))
    return _tiers(tiers)


def _tiers(tiers: Answer) -> tuple[TierLevel, ...]:
    return tuple(TierLevel(**dict(zip(_TIER_COLUMNS, row, strict=True))) for row in tiers.rows)
