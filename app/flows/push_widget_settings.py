"""Tells Shopify what the programme is: the widget's settings, and what tiers bring there."""

import logging
from typing import Any

from sqlalchemy import update

from app.clock import utc_now
from app.container import Container
from app.db.models import Program, Shop
from app.db.queries.programs import get_program
from app.db.queries.rewards import program_rewards
from app.db.rulebook import load_rulebook
from app.db.session import Tenant
from app.domain.contrast import text_on
from app.flows.push_tier_effects import push_tier_effects
from app.flows.read_customer_marks import look_for_marked
from app.flows.shop_access import runner
from app.flows.shop_tenant import program_tenants
from app.shopify.errors import AccessDenied, RefreshTokenLost, ShopClosed, ShopifyRefused
from app.shopify.metafields import push_shop_settings
from app.words.catalogue import LANGUAGES, words_for
from app.words.earning import Programme, signed_out

logger = logging.getLogger(__name__)


def push_widget_settings(parts: Container, program_id: int) -> None:
    """Push the programme's settings to each of its shops; pushing them again changes nothing.

    Raises ShopifyUnavailable when a shop could not be told; the settings stay marked as unknown
    to the storefront then.
    """
    tenants = program_tenants(parts, program_id)
    if not tenants:
        return
    versions = [_push_to_shop(parts, tenant, program_id) for tenant in tenants]
    with parts.database.tenant(Tenant(program_id=program_id)) as session:
        session.execute(
            update(Program)
            .where(Program.id == program_id)
            .values(widget_pushed_version=min(versions))
        )


def _push_to_shop(parts: Container, tenant: Tenant, program_id: int) -> int:
    """Push to one shop and return which version of the settings it was told."""
    shop_id = tenant.shop_id
    if shop_id is None:
        raise ValueError(tenant)
    with parts.database.tenant(tenant) as session:
        version = session.get_one(Program, program_id).widget_version
        program = get_program(session, program_id)
        rulebook = load_rulebook(session, program_id)
        rewards = program_rewards(session, program_id, offered_only=True)
        shop = session.get_one(Shop, shop_id)
        installation_gid, shop_gid = shop.installation_gid, shop.shop_gid
    run = runner(parts, shop_id)
    programme = Programme(
        currency=program.currency,
        points_name=program.points_name,
        rules=rulebook.in_force(utc_now())[1],
        tiers=rulebook.tiers,
        tier_terms=rulebook.tier_terms,
        rewards=rewards,
    )
    try:
        push_shop_settings(
            run,
            installation_gid=installation_gid,
            shop_gid=shop_gid,
            settings=_settings(program.name, program.appearance, programme),
            api_url=parts.settings.app_url,
        )
        push_tier_effects(parts, tenant, run, tiers=rulebook.tiers, program_name=program.name)
        look_for_marked(parts, tenant, run, rulebook.tiers)
    except (AccessDenied, ShopClosed, RefreshTokenLost, ShopifyRefused) as error:
        logger.warning("Widget settings of shop %s cannot be pushed: %s", tenant.shop_id, error)
    return version


def _settings(name: str, appearance: dict[str, Any], programme: Programme) -> dict[str, Any]:
    colour = appearance["colour"]
    return {
        "colour": colour,
        "on_colour": text_on(colour),
        "corner": appearance["corner"],
        "icon": appearance["icon"],
        "points_name": _points_names(programme),
        "currency": programme.currency,
        "program_name": name,
        "signed_out": {
            language: signed_out(words_for(language), programme) for language in LANGUAGES
        },
    }


def _points_names(programme: Programme) -> dict[str, dict[str, str]]:
    """Return both forms for every language; a language without plurals has the same twice."""
    names = {}
    for language in LANGUAGES:
        forms = programme.points_name.get(language) or programme.points_name["en"]
        names[language] = {"one": forms.get("one") or forms["other"], "other": forms["other"]}
    return names
