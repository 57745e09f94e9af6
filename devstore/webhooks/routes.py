"""The weather switch: GET and POST /admin/weather."""

from dataclasses import asdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Blueprint, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from devstore.webhooks.weather import UnknownWeather, read_weather, set_weather

if TYPE_CHECKING:
    # The services hold the sender of this very package.
    from devstore.services import Services


def blueprint(services: "Services") -> Blueprint:
    """Return the routes of the weather switch.

    POST takes JSON (`{"name": "late"}` or `{"lost_percent": 5, "twice_percent": 10, …}`) and
    answers with the weather, or a form with `weather` and goes back where it came from.
    """
    routes = Blueprint("webhooks", __name__)
    database = services.store.database

    @routes.get("/admin/weather")
    def weather() -> ResponseReturnValue:
        return jsonify(asdict(read_weather(database)))

    @routes.post("/admin/weather")
    def change_weather() -> ResponseReturnValue:
        asked = request.get_json(silent=True)
        form = {"name": request.form.get("weather", "fair")}
        try:
            chosen = set_weather(database, **(asked if isinstance(asked, dict) else form))
        except ValueError as problem:
            kind = (
                UnknownWeather.__doc__ if isinstance(problem, UnknownWeather) else "Not a number."
            )
            return jsonify(error=kind, detail=str(problem)), 422
        if asked is not None:
            return jsonify(asdict(chosen))
        # Only the path: a form may not send its visitor to another site.
        return redirect(urlsplit(request.referrer or "/admin").path or "/", 303)

    return routes
