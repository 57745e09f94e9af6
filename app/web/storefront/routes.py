"""The widget's endpoints behind the app proxy; every parameter is part of Shopify's signature."""

from flask import Blueprint, Response, jsonify, request

from app.clock import utc_now
from app.container import current_container
from app.flows.customer_tags import tags_to_show
from app.web.auth.shopper import shopper_of_proxy
from app.web.cart_hint import storefront_hint
from app.web.panel.panel import signed_out_panel, storefront_panel
from app.web.shopper_endpoints import (
    history_before,
    locale_words,
    member_id_of,
    one_redemption,
    open_to_extensions,
    redeem,
    spoken,
    tenant_of,
    undo,
    vault,
    with_extension_headers,
)

blueprint = Blueprint("storefront", __name__, url_prefix="/proxy")
blueprint.before_request(open_to_extensions)
blueprint.after_request(with_extension_headers)


@blueprint.get("/panel")
@spoken
def panel() -> Response:
    """Return all that the panel shows, or what joining brings for those not signed in."""
    shopper = shopper_of_proxy()
    words = locale_words()
    member_id = tags = None
    if shopper.customer_id is not None:
        member_id = member_id_of(shopper)
        tags = tags_to_show(current_container(), tenant_of(shopper), shopper.customer_id)
    with current_container().database.tenant(tenant_of(shopper)) as session:
        if shopper.customer_id is None:
            told = signed_out_panel(
                session, program_id=shopper.program_id, words=words, now=utc_now()
            )
        else:
            told = storefront_panel(
                session,
                program_id=shopper.program_id,
                member_id=member_id,
                words=words,
                vault=vault(),
                now=utc_now(),
                cart=storefront_hint(request.args),
                customer_tags=tags,
            )
    return jsonify(told)


@blueprint.get("/history")
@spoken
def older_history() -> Response:
    """Return the entries before a posting, and what the next page is before."""
    return history_before(shopper_of_proxy(), request.args.get("before"))


@blueprint.post("/redeem")
@spoken
def redeem_reward() -> Response:
    """Redeem a reward; the body is not signed, so that it is not read."""
    return redeem(
        shopper_of_proxy(),
        reward=request.args.get("reward"),
        key=request.args.get("key"),
        choice=request.args.get("choice"),
        surface="widget",
        cart=storefront_hint(request.args),
    )


@blueprint.post("/undo")
@spoken
def undo_reward() -> Response:
    """Delete the code and give the points back."""
    return undo(shopper_of_proxy(), redemption_id=request.args.get("redemption"), reason="undone")


@blueprint.get("/redemption")
@spoken
def redemption() -> Response:
    """Return one redemption, for a widget that waits for its code or its points."""
    return one_redemption(shopper_of_proxy(), redemption_id=request.args.get("id"))
