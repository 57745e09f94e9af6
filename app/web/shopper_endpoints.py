"""What storefront and checkout endpoints share: identity to member, answers, errors in words."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, jsonify, make_response, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.clock import utc_now
from app.container import current_container
from app.db.encryption import Vault
from app.db.queries.picked_items import ask_variants, variants_of
from app.db.queries.programs import ask_program, program_of
from app.db.queries.redemptions import RedemptionRow, get_redemption
from app.db.queries.rewards import ask_reward, get_reward, reward_of
from app.db.session import Tenant
from app.domain.errors import (
    IdempotencyConflict,
    LoyaltyError,
    MemberNotFound,
    NotEnoughPoints,
    RedemptionNotFound,
    RedemptionNotOpen,
    RewardUnavailable,
    TooManyRedemptions,
)
from app.domain.reward import reward_type
from app.domain.reward_choice import InvalidChoice, PointsPick
from app.flows.redeem import Buyer, redeem_reward
from app.flows.shop_access import vault_of
from app.flows.undo_redemption import undo_redemption
from app.services.release_redemption import ReleaseReason
from app.shopify.errors import ShopifyError
from app.web.auth.shopper import ShopperIdentity
from app.web.cart_hint import CartHint
from app.web.errors import EXTENSION_HEADERS, extension_error
from app.web.panel.balance import balance
from app.web.panel.panel import history_page
from app.web.panel.reader import ask_holder, read_member
from app.web.panel.redemptions import redemption
from app.web.panel.shelf import read_shelf
from app.words.catalogue import Words, words_for
from app.words.formats import money, whole
from app.words.obstacles import UNSPOKEN

BODY_BYTES_MAX = 16 * 1024
KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
PREFLIGHT_HEADERS = {
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "7200",
}


class NotSignedIn(LoyaltyError):
    """The shopper is a guest."""


class Unreadable(LoyaltyError):
    """A parameter is missing or is not what it has to be."""


class NotYet(LoyaltyError):
    """The member cannot have the reward yet, for a reason that can be told."""

    def __init__(self, *, code: str, reason: str) -> None:
        super().__init__()
        self.code = code
        self.reason = reason


class CartTooSmall(LoyaltyError):
    """The reward asks for more in the cart."""

    def __init__(self, missing_minor: int, currency: str) -> None:
        super().__init__()
        self.missing_minor = missing_minor
        self.currency = currency


def open_to_extensions() -> Response | None:
    """Answer a browser's preflight, and refuse bodies that are too large; before_request."""
    if request.method == "OPTIONS":
        response = make_response("", 204)
        response.headers.update(PREFLIGHT_HEADERS)
        return response
    request.max_content_length = BODY_BYTES_MAX
    if (request.content_length or 0) > BODY_BYTES_MAX:
        raise RequestEntityTooLarge
    return None


def with_extension_headers(response: Response) -> Response:
    """Let every page read the answer and no one keep it; after_request."""
    response.headers.update(EXTENSION_HEADERS)
    return response


def spoken(view: Callable[..., Response]) -> Callable[..., Response]:
    """Answer the errors of `view` with a status, a code and a finished sentence."""

    @wraps(view)
    def answer(**arguments: str) -> Response:
        try:
            return view(**arguments)
        except (LoyaltyError, ShopifyError) as error:
            return _error(error)

    return answer


def json_body() -> dict[str, Any]:
    """Return the object that the request's body holds; raise Unreadable when it holds none."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Unreadable
    return body


def locale_words() -> Words:
    """Return the words of the locale that the request names, in its query or its body."""
    named = request.args.get("locale")
    if named is None and request.is_json:
        body = request.get_json(silent=True)
        named = str(body.get("locale", "")) if isinstance(body, dict) else None
    return words_for(named or "en")


def tenant_of(shopper: ShopperIdentity) -> Tenant:
    """Return whose rows the shopper's transactions may see."""
    return Tenant(program_id=shopper.program_id, shop_id=shopper.shop_id)


def member_id_of(shopper: ShopperIdentity) -> int | None:
    """Return the shopper's member, or None for one who has not joined; raise NotSignedIn."""
    if shopper.customer_id is None:
        raise NotSignedIn
    return shopper.member_id


def redeem(
    shopper: ShopperIdentity,
    *,
    reward: object,
    key: object,
    surface: str,
    choice: object = None,
    cart: CartHint | None = None,
) -> Response:
    """Redeem and answer: 200 ready, 202 on its way.

    `choice` is the amount or the product that was picked, where there is a choice. Where something
    stands in the way, a cart known to be too small among it, nothing is taken, and the shopper is
    told what is missing.
    """
    parts = current_container()
    reward_id, key_text = _number(reward), str(key)
    if not KEY.fullmatch(key_text):
        raise Unreadable
    buyer = _buyer(shopper, reward_id)
    picked, subtotal_minor = _wishes(shopper, reward_id, choice, cart)
    try:
        row = redeem_reward(
            parts,
            buyer,
            reward_id=reward_id,
            key=key_text,
            surface=surface,
            choice=picked,
            subtotal_minor=subtotal_minor,
        )
    except RewardUnavailable as error:
        raise _told(shopper, buyer.member_id, error, cart) from error
    if row.state == "released":
        raise RewardUnavailable(reward_id=reward_id)
    return redemption_answer(shopper, buyer.member_id, row)


def undo(shopper: ShopperIdentity, *, redemption_id: object, reason: ReleaseReason) -> Response:
    """Take a reward back and answer with the redemption and the balance as they are then.

    200: released, the points are back. 202: releasing, Shopify has not confirmed it yet.
    """
    member_id = member_id_of(shopper)
    number = _number(redemption_id)
    if member_id is None or shopper.customer_id is None:
        raise RedemptionNotFound(redemption_id=number)
    buyer = Buyer(
        shop_id=shopper.shop_id,
        program_id=shopper.program_id,
        member_id=member_id,
        customer_id=shopper.customer_id,
    )
    row = undo_redemption(current_container(), buyer, number, reason=reason)
    return redemption_answer(shopper, member_id, row)


def one_redemption(shopper: ShopperIdentity, *, redemption_id: object) -> Response:
    """Answer with a redemption of the shopper's; a job that is due for it is woken."""
    member_id, number = member_id_of(shopper), _number(redemption_id)
    parts = current_container()
    with parts.database.tenant(tenant_of(shopper)) as session:
        row = get_redemption(session, number, member_id=member_id or 0)
    if row is None:
        raise RedemptionNotFound(redemption_id=number)
    if row.state in ("held", "releasing") and row.due_at and row.due_at <= utc_now():
        parts.jobs.enqueue("settle_held_redemptions", shop_id=shopper.shop_id)
    return redemption_answer(shopper, row.member_id, row)


def history_before(shopper: ShopperIdentity, before: object) -> Response:
    """Answer with the history's entries before a posting, and what the next page is before."""
    member_id, number = member_id_of(shopper), _number(before)
    with current_container().database.tenant(tenant_of(shopper)) as session:
        reader = read_member(
            session,
            program_id=shopper.program_id,
            member_id=member_id,
            words=locale_words(),
            now=utc_now(),
        )
        told = history_page(session, reader, number)
    return jsonify(told)


def redemption_answer(shopper: ShopperIdentity, member_id: int, row: RedemptionRow) -> Response:
    """Return the redemption and the balance beside it; 202 while it has not settled."""
    with current_container().database.ask(tenant_of(shopper)) as trip:
        asked = ask_holder(trip, shopper.program_id, member_id)
        variants = ask_variants(trip, shopper.program_id)
    holder = asked.read(locale_words(), utc_now())
    products = {number: variant.title for number, variant in variants_of(variants).items()}
    told = {
        "redemption": redemption(holder, row, vault(), products=products),
        "balance": balance(holder),
    }
    response = jsonify(told)
    response.status_code = 202 if row.state in ("held", "releasing") else 200
    return response


def vault() -> Vault:
    """Return what decrypts codes."""
    return vault_of(current_container())


def _buyer(shopper: ShopperIdentity, reward_id: int) -> Buyer:
    """Return who pays; a customer who has not joined has no points for anything."""
    member_id = member_id_of(shopper)
    if member_id is not None and shopper.customer_id is not None:
        return Buyer(
            shop_id=shopper.shop_id,
            program_id=shopper.program_id,
            member_id=member_id,
            customer_id=shopper.customer_id,
        )
    with current_container().database.tenant(tenant_of(shopper)) as session:
        reward = get_reward(session, shopper.program_id, reward_id)
    if reward is None:
        raise RewardUnavailable(reward_id=reward_id)
    raise NotEnoughPoints(member_id=0, points_needed=reward.points, points_available=0)


def _wishes(
    shopper: ShopperIdentity, reward_id: int, choice: object, cart: CartHint | None
) -> tuple[dict[str, int], int | None]:
    """Return what was picked of the reward, and what the cart comes to."""
    if choice is None and cart is None:
        return {}, None
    with current_container().database.ask(tenant_of(shopper)) as trip:
        programs = ask_program(trip, shopper.program_id)
        rewards = ask_reward(trip, shopper.program_id, reward_id)
    subtotal_minor = cart.minor(program_of(programs).currency) if cart is not None else None
    if choice is None:
        return {}, subtotal_minor
    reward = reward_of(rewards)
    if reward is None:
        raise RewardUnavailable(reward_id=reward_id)
    pick = reward_type(reward.type).pick(reward.config, reward.points)
    name = "points" if isinstance(pick, PointsPick) else "variant_id"
    return {name: _number(choice)}, subtotal_minor


def _told(
    shopper: ShopperIdentity, member_id: int, error: RewardUnavailable, cart: CartHint | None
) -> LoyaltyError:
    """Return the error with what is missing, where that can be told."""
    if not error.obstacles or error.obstacles[0].code in UNSPOKEN:
        return error
    firmest = error.obstacles[0]
    if firmest.code == "subtotal" and cart is not None:
        return CartTooSmall(firmest.missing_minor, cart.currency)
    with current_container().database.tenant(tenant_of(shopper)) as session:
        reader = read_member(
            session,
            program_id=shopper.program_id,
            member_id=member_id,
            words=locale_words(),
            now=utc_now(),
        )
        reason = read_shelf(session, reader).reasons.of(firmest)
    return NotYet(code=firmest.code, reason=reason)


def _number(value: object) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Unreadable
    return int(text)


def _error(error: Exception) -> Response:
    status, code, text = _said(error, locale_words())
    if isinstance(error, CartTooSmall):
        return extension_error(
            status, code, text, missing_minor=error.missing_minor, currency=error.currency
        )
    return extension_error(status, code, text)


def _said(error: Exception, words: Words) -> tuple[int, str, str]:
    _ = words.gettext
    if isinstance(error, NotSignedIn):
        return 401, "not_signed_in", _("Sign in to use what you have earned.")
    if isinstance(error, NotEnoughPoints):
        if error.points_owed:
            owed = whole(error.points_owed, words.locale)
            text = _("%(points)s owed, filled by what you earn next", points=owed)
            return 422, "not_enough_points", text
        missing = error.points_needed - error.points_available
        points = whole(missing, words.locale)
        return 422, "not_enough_points", _("%(points)s to go for this reward.", points=points)
    if isinstance(error, CartTooSmall):
        amount = money(error.missing_minor, error.currency, words.locale)
        return 422, "cart_too_small", _("Add %(amount)s more to use this reward.", amount=amount)
    if isinstance(error, NotYet):
        reason = error.reason[:1].upper() + error.reason[1:]
        return 422, error.code, _("%(reason)s. Nothing was taken.", reason=reason)
    if isinstance(error, RewardUnavailable):
        text = _("This reward cannot be had right now. Nothing was taken.")
        return 422, "reward_unavailable", text
    if isinstance(error, IdempotencyConflict):
        return 409, "key_conflict", _("This was asked for already. Please open the panel again.")
    if isinstance(error, RedemptionNotOpen):
        return 409, "already_used", _("This reward was used already.")
    if isinstance(error, RedemptionNotFound | MemberNotFound):
        return 404, "not_found", _("This reward is not yours any more.")
    if isinstance(error, TooManyRedemptions):
        return 429, "too_many_requests", _("That was quick. Please try again in a minute.")
    if isinstance(error, Unreadable | InvalidChoice):
        return 422, "unreadable", _("Something was missing. Please open the panel again.")
    return 503, "unavailable", _("This takes longer than it should. Please try again soon.")
