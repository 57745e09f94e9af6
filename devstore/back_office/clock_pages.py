"""The page on which time passes for the whole installation."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from devstore.back_office.words import moment_words
from devstore.frame.shell import render_page
from devstore.services import Services

STEPS = (
    ("day", "A day later", timedelta(days=1)),
    ("fortnight", "Two weeks later", timedelta(days=14)),
    ("month", "A month later", timedelta(days=30)),
    ("year", "A year later", timedelta(days=365)),
)
MOST_DAYS = 3650


def add_clock_pages(pages: Blueprint, services: Services) -> None:
    """Add the clock to the back office."""

    @pages.get("/admin/clock")
    def clock_page() -> ResponseReturnValue:
        return _page(services)

    @pages.post("/admin/clock")
    def let_time_pass() -> ResponseReturnValue:
        steps = {key: step for key, _, step in STEPS}
        step = steps.get(request.form.get("step", "")) or _days(request.form.get("days", ""))
        if step is None:
            return _page(services, f"Enter a number of days from 1 to {MOST_DAYS:,}")
        services.clock.advance(int(step.total_seconds()))
        return redirect("/admin/clock?done", 303)


def offset_words(seconds: int) -> str:
    """Return how far the store's clock is ahead, in words."""
    if seconds <= 0:
        return "That is the real time: no time has been skipped."
    days, rest = divmod(seconds, 86_400)
    parts = [f"{days:,} {'day' if days == 1 else 'days'}"] if days else []
    if hours := rest // 3600:
        parts.append(f"{hours} {'hour' if hours == 1 else 'hours'}")
    return f"{' and '.join(parts) or 'Less than an hour'} ahead of the real time."


def _days(typed: str) -> timedelta | None:
    digits = typed.strip()
    if not (digits.isascii() and digits.isdigit()) or not 1 <= int(digits) <= MOST_DAYS:
        return None
    return timedelta(days=int(digits))


def _page(services: Services, error: str | None = None) -> ResponseReturnValue:
    shop = services.store.shop
    return render_page(
        services,
        "back_office/clock.html",
        422 if error else 200,
        now_words=moment_words(services.clock.now(), shop),
        real_words=moment_words(datetime.now(UTC), shop),
        offset_words=offset_words(services.clock.offset_seconds()),
        steps=STEPS,
        days=request.form.get("days", ""),
        error=error or "",
        done="Time has passed. The app follows within a second or two."
        if "done" in request.args
        else None,
    )
