"""Pages of the webhooks that were sent to the app, and the weather they meet."""

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue

from devstore.back_office.delivery_log import (
    STATES,
    delivery_view,
    find_deliveries,
    payload_text,
)
from devstore.frame.shell import render_page
from devstore.services import Services
from devstore.webhooks.deliveries import Delivery

PAGE_SIZE = 50

WEATHER_WORDS = (
    ("fair", "On time", "Each webhook once, at once"),
    ("late", "Late", "Each 15 to 45 seconds after its event"),
    ("twice", "Twice", "Each webhook two times, with the same id"),
    ("shuffled", "Out of order", "Each up to 15 seconds late, so they overtake one another"),
    ("lost", "Lost", "None arrives; the app has to reconcile what it missed"),
)


def add_delivery_pages(pages: Blueprint, services: Services) -> None:
    """Add the log of webhooks to the back office."""
    deliveries = services.sender.deliveries

    @pages.get("/admin/deliveries")
    def delivery_list() -> ResponseReturnValue:
        words = request.args.get("q", "").strip()
        state = request.args.get("state", "")
        page = max(request.args.get("page", 1, type=int), 1)
        found = find_deliveries(services, words, state, PAGE_SIZE + 1, (page - 1) * PAGE_SIZE)
        return render_page(
            services,
            "back_office/deliveries.html",
            deliveries=[delivery_view(services, each) for each in found[:PAGE_SIZE]],
            counts=deliveries.counts(),
            states=STATES,
            state=state,
            words=words,
            page=page,
            more=len(found) > PAGE_SIZE,
            weather_words=WEATHER_WORDS,
            installed=services.store.installation.installed,
        )

    @pages.get("/admin/deliveries/<int:delivery_id>")
    def delivery_page(delivery_id: int) -> ResponseReturnValue:
        delivery = _find(services, delivery_id)
        return render_page(
            services,
            "back_office/delivery.html",
            view=delivery_view(services, delivery),
            payload=payload_text(delivery),
            done="It is being sent again." if "again" in request.args else None,
        )

    @pages.post("/admin/deliveries/<int:delivery_id>/again")
    def send_again(delivery_id: int) -> ResponseReturnValue:
        deliveries.send_again(_find(services, delivery_id).id)
        return redirect(f"/admin/deliveries/{delivery_id}?again", 303)


def _find(services: Services, delivery_id: int) -> Delivery:
    delivery = services.sender.deliveries.get(delivery_id)
    return delivery if delivery is not None else abort(404)
