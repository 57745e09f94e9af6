"""The page on which time passes."""

import pytest

from devstore.back_office.clock_pages import offset_words

DAY = 86_400


@pytest.mark.parametrize(
    ("step", "days"), [("day", 1), ("fortnight", 14), ("month", 30), ("year", 365)]
)
def test_a_step_moves_the_whole_installation(web, step, days):
    web.post("/admin/clock", data={"step": step})

    assert web.get("/clock").json == {"offset_seconds": days * DAY}


def test_steps_add_up(web):
    web.post("/admin/clock", data={"step": "fortnight"})
    web.post("/admin/clock", data={"days": "3"})

    assert web.get("/clock").json == {"offset_seconds": 17 * DAY}


@pytest.mark.parametrize("days", ["", "0", "-1", "1.5", "soon", "3651"])
def test_a_number_of_days_that_cannot_be_is_refused(web, days):
    answer = web.post("/admin/clock", data={"days": days})

    assert answer.status_code == 422
    assert "Enter a number of days from 1 to 3,650" in answer.text
    assert web.get("/clock").json == {"offset_seconds": 0}


def test_every_page_shows_the_stores_date(services, web):
    web.post("/admin/clock", data={"step": "year"})

    local = services.clock.now().astimezone(services.store.shop.zone)
    assert f"{local.day} {local:%b %Y}" in web.get("/admin/orders").text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "That is the real time"),
        (DAY, "1 day ahead"),
        (14 * DAY + 7200, "14 days and 2 hours ahead"),
        (60, "Less than an hour ahead"),
    ],
)
def test_the_shift_is_said_in_words(seconds, words):
    assert offset_words(seconds).startswith(words)
