"""The addresses of bulk operations' files, and the switch that makes operations slow or fail."""

from typing import Any

from flask import Blueprint, abort, jsonify, request, send_file
from flask.typing import ResponseReturnValue

from devstore.admin_api.bulk_operations import BulkOperations, BulkWeather


def add_bulk_routes(routes: Blueprint, bulk: BulkOperations) -> None:
    """Add `/bulk/<id>/<token>.jsonl`, and `/admin/bulk`: POST sets the weather, DELETE clears it."""

    @routes.get("/bulk/<int:operation_id>/<token>.jsonl")
    def bulk_file(operation_id: int, token: str) -> ResponseReturnValue:
        found = bulk.file(operation_id, token)
        if found is None:
            abort(403)
        return send_file(found.resolve(), mimetype="application/jsonl", conditional=True)

    @routes.post("/admin/bulk")
    def set_bulk_weather() -> ResponseReturnValue:
        given: dict[str, Any] = request.get_json(silent=True) or request.form.to_dict()
        pages = given.get("fail_after_pages")
        bulk.weather = BulkWeather(
            seconds_a_page=float(given.get("seconds_a_page", 0)),
            fail_after_pages=None if pages is None else int(pages),
            error_code=str(given.get("error_code", "INTERNAL_SERVER_ERROR")),
        )
        return jsonify(vars(bulk.weather)), 201

    @routes.delete("/admin/bulk")
    def clear_bulk_weather() -> ResponseReturnValue:
        bulk.weather = BulkWeather()
        return "", 204
