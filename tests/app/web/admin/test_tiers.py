"""Merchants set tiers up, see who would move, and publish; staff give members tiers."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import utc_now
from app.db.models import Member, MemberBirthday, Program, Tier, TierChange
from app.flows.revise_tiers import revise_tiers
from app.services.count_tier_moves import count_next, fail_counting


@pytest.fixture
def form(parts, tenant):
    """What the page sends for Bronze, Silver and Gold as they are at first."""
    with parts.database.tenant(tenant) as session:
        ids = dict(session.execute(select(Tier.name, Tier.id)).all())
    sent = {"measure": "spend", "window": "rolling", "loss": "earned", "grace_days": "30"}
    rows = (("Bronze", "0", "1"), ("Silver", "7,500", "1.25"), ("Gold", "25000", "1.5"))
    for index, (name, threshold, times) in enumerate(rows):
        sent |= {
            f"tiers-{index}-{field}": value
            for field, value in {
                "tier_id": str(ids[name]),
                "place": str(index),
                "tier_name": name,
                "entry": "threshold",
                "threshold": threshold,
                "multiplier": times,
                "entry_points": "0",
                "yearly_points": "",
                "birthday_points": "0",
                "customer_tag": "",
                "entry_value": "",
            }.items()
        }
    return sent


@pytest.fixture
def tiers(parts, tenant):
    """Return a function that reads the tiers from low to high, with some of their columns."""

    def tiers(*columns):
        with parts.database.tenant(tenant) as session:
            chosen = [getattr(Tier, column) for column in ("name", *columns)]
            return [tuple(row) for row in session.execute(select(*chosen).order_by(Tier.rank))]

    return tiers


@pytest.fixture
def tier_of(parts, tenant):
    """Return a function that reads a member's tier by name."""

    def tier_of(member_id):
        with parts.database.tenant(tenant) as session:
            query = select(Tier.name).join(Member, Member.tier_id == Tier.id)
            return session.scalar(query.where(Member.id == member_id))

    return tier_of


def element(text, name):
    return next(tag for tag in text.split("<") if f'name="{name}"' in tag)


def test_the_page_shows_terms_tiers_and_who_has_them(admin, member_id):
    text = admin.get("/tiers").text

    assert 'value="7500"' in element(text, "tiers-1-threshold")
    assert 'suffix="THB"' in element(text, "tiers-1-threshold")
    assert 'value="30"' in element(text, "grace_days")
    assert re.search(r"Bronze\s*</s-link>\s*</dt>\s*<dd>\s*1\s*</dd>", text)
    assert "Counted " in text


def test_unchanged_tiers_are_saved_without_a_question(admin, form, recorded_jobs):
    answer = admin.post("/tiers", data=form)

    assert (answer.status_code, answer.location) == (303, "/tiers?done=saved")
    assert "revise_tiers" not in [name for name, _ in recorded_jobs.enqueued]


def test_who_would_move_is_said_before_anything_is_saved(
    admin, form, tiers, member_id, recorded_jobs, tenant
):
    answer = admin.post("/tiers", data=form | {"tiers-1-threshold": "1,000"})

    assert answer.status_code == 428
    assert "1 member moves up, 0 down." in answer.text
    assert tiers("threshold")[1] == ("Silver", 750_000)

    typed = dict(
        re.findall(r'<input type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"', answer.text)
    )
    again = admin.post("/tiers/edit", data=typed)
    assert 'value="1,000"' in element(again.text, "tiers-1-threshold")

    done = admin.post("/tiers", data=typed | {"confirmed": "1"})
    assert done.status_code == 303
    assert tiers("threshold")[1] == ("Silver", 100_000)
    assert ("revise_tiers", {"program_id": tenant.program_id}) in recorded_jobs.enqueued
    assert ("push_widget_settings", {"program_id": tenant.program_id}) in recorded_jobs.enqueued


def test_who_goes_down_after_the_grace_is_said(admin, parts, form, member_id, tenant, tier_of):
    admin.post("/tiers", data=form | {"tiers-1-threshold": "1000", "confirmed": "1"})
    revise_tiers(parts.database, program_id=tenant.program_id, now=utc_now())
    assert tier_of(member_id) == "Silver"

    text = admin.post("/tiers", data=form).text
    assert "Nobody changes tier now." in text
    assert "1 member keeps the tier for 30 days of grace and goes down then" in text

    text = admin.post("/tiers", data=form | {"grace_days": "0"}).text
    assert "0 members move up, 1 down." in text


def test_the_page_says_that_members_are_moving_until_they_are(admin, parts, form, tenant):
    admin.post("/tiers", data=form | {"tiers-1-threshold": "1000", "confirmed": "1"})
    assert "data-poll" in admin.get("/tiers").text

    revise_tiers(parts.database, program_id=tenant.program_id, now=utc_now())
    assert "data-poll" not in admin.get("/tiers").text


def test_every_setting_and_perk_is_saved(admin, parts, form, tiers, tenant):
    answer = admin.post(
        "/tiers",
        data=form
        | {
            "confirmed": "1",
            "measure": "orders",
            "window": "calendar",
            "loss": "step",
            "grace_days": "7",
            "tiers-1-threshold": "3",
            "tiers-2-threshold": "10",
            "tiers-2-entry_points": "200",
            "tiers-2-yearly_points": "500",
            "tiers-2-birthday_points": "100",
            "tiers-2-customer_tag": "regulars-gold",
            "tiers-2-free_shipping": "1",
            "tiers-2-hidden": "1",
        },
    )

    assert answer.status_code == 303
    assert tiers("threshold") == [("Bronze", 0), ("Silver", 3), ("Gold", 10)]
    assert tiers("entry_points", "yearly_points", "birthday_points", "customer_tag")[2] == (
        "Gold",
        200,
        500,
        100,
        "regulars-gold",
    )
    assert tiers("free_shipping", "hidden")[2] == ("Gold", True, True)
    with parts.database.tenant(tenant) as session:
        program = session.scalars(select(Program)).one()
        assert (program.tier_measure, program.tier_window) == ("orders", "calendar")
        assert (program.tier_loss, program.tier_grace_days) == ("step", 7)
    assert 'suffix="orders"' in element(admin.get("/tiers").text, "tiers-1-threshold")


@pytest.mark.parametrize(
    ("entry", "value", "stored"),
    [
        ("invitation", "x", None),
        ("tag", "VIP", "VIP"),
        ("company", "", None),
        ("company", "7", "7"),
    ],
)
def test_tiers_of_every_kind_stand_where_they_were_put(admin, form, tiers, entry, value, stored):
    new = {
        "tiers-7-tier_id": "",
        "tiers-7-tier_name": "Circle",
        "tiers-7-entry": entry,
        "tiers-7-entry_value": value,
        "tiers-7-threshold": "",
        "tiers-7-multiplier": "2",
        "tiers-7-place": "2",
        "tiers-2-place": "3",
    }

    assert admin.post("/tiers", data=form | new).status_code == 303

    assert tiers("entry", "entry_value") == [
        ("Bronze", "threshold", None),
        ("Silver", "threshold", None),
        ("Circle", entry, stored),
        ("Gold", "threshold", None),
    ]


def test_a_tier_that_is_taken_out_goes(admin, form, tiers):
    fewer = {name: value for name, value in form.items() if not name.startswith("tiers-2")}

    assert admin.post("/tiers", data=fewer).status_code == 303

    assert tiers() == [("Bronze",), ("Silver",)]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("tiers-1-tier_name", "", "Give the tier a name."),
        ("tiers-1-tier_name", "Bronze", "Two tiers cannot have the same name."),
        ("tiers-1-threshold", "0", "Two tiers cannot start at the same place."),
        ("tiers-1-threshold", "", "Enter from where on it is reached; 0 for the first tier."),
        ("tiers-0-threshold", "10", "One tier has to start at 0."),
        ("tiers-1-threshold", "a lot", "Enter an amount, such as 25 or 25.50."),
        ("tiers-1-multiplier", "11", "Choose a number from 1 to 10."),
        ("tiers-1-entry_points", "-1", "Enter 0 or more."),
        ("tiers-1-customer_tag", "a,b", "A tag cannot have a comma."),
        ("grace_days", "400", "Choose a number from 0 to 366."),
        ("measure", "visits", "Choose one of the options."),
    ],
)
def test_what_cannot_be_saved_is_said_next_to_its_field(admin, form, tiers, field, typed, sentence):
    answer = admin.post("/tiers", data=form | {field: typed})

    assert answer.status_code == 422
    assert "Nothing was saved yet" in answer.text
    assert f'error="{sentence}"' in element(answer.text, field)
    assert tiers("threshold")[1] == ("Silver", 750_000)


def test_free_shipping_needs_a_tag(admin, form):
    answer = admin.post("/tiers", data=form | {"tiers-1-free_shipping": "1"})

    assert "Free shipping needs a tag" in element(answer.text, "tiers-1-customer_tag")


def test_thresholds_in_orders_are_whole(admin, form):
    answer = admin.post("/tiers", data=form | {"measure": "orders", "tiers-1-threshold": "2.5"})

    assert answer.status_code == 422
    assert "error=" in element(answer.text, "tiers-1-threshold")


def test_staff_give_a_tier_until_a_day_and_take_it_back(
    admin, parts, tenant, member_id, tier_of, tiers
):
    with parts.database.tenant(tenant) as session:
        gold = session.scalar(select(Tier.id).where(Tier.name == "Gold"))
    until = (utc_now() + timedelta(days=10)).date().isoformat()

    answer = admin.post(
        f"/members/{member_id}/pin", data={"tier": gold, "until": until, "note": "our best friend"}
    )
    assert answer.status_code == 303
    assert tier_of(member_id) == "Gold"
    text = admin.get(f"/members/{member_id}").text
    assert "Given by staff until" in text
    assert "Given by staff · our best friend" in text

    answer = admin.post(f"/members/{member_id}/unpin", data={"note": "it was a mistake"})
    assert answer.status_code == 303
    assert tier_of(member_id) == "Bronze"
    text = admin.get(f"/members/{member_id}").text
    assert "it was a mistake" in text
    assert "Gold → Bronze" in text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"note": ""}, "Say why, for whoever looks at this member later."),
        ({"until": "2020-01-01"}, "Choose today or a later day."),
        ({"until": "soon"}, "Enter a day, such as 2026-11-22."),
        ({"tier": "9999999"}, "Choose one of the options."),
    ],
)
def test_a_tier_that_cannot_be_given_says_why(admin, parts, tenant, member_id, change, sentence):
    with parts.database.tenant(tenant) as session:
        gold = session.scalar(select(Tier.id).where(Tier.name == "Gold"))

    answer = admin.post(
        f"/members/{member_id}/pin", data={"tier": gold, "until": "", "note": "why"} | change
    )

    assert answer.status_code == 422
    assert sentence in answer.text
    with parts.database.tenant(tenant) as session:
        assert (
            session.scalars(select(TierChange.id).where(TierChange.reason == "pinned")).all() == []
        )


def test_the_birthday_is_kept_without_a_year(admin, parts, tenant, member_id):
    assert (
        admin.post(f"/members/{member_id}/birthday", data={"birthday": "29/2"}).status_code == 303
    )
    with parts.database.tenant(tenant) as session:
        assert session.scalars(select(MemberBirthday.month_day)).one() == 229
    assert 'value="29/2"' in element(admin.get(f"/members/{member_id}").text, "birthday")

    assert (
        admin.post(f"/members/{member_id}/birthday", data={"birthday": "31/2"}).status_code == 422
    )
    assert admin.post(f"/members/{member_id}/birthday", data={"birthday": ""}).status_code == 303
    with parts.database.tenant(tenant) as session:
        assert session.scalars(select(MemberBirthday.month_day)).all() == []


def test_members_are_listed_by_tier(admin, parts, tenant, member_id):
    with parts.database.tenant(tenant) as session:
        ids = dict(session.execute(select(Tier.name, Tier.id)).all())

    assert f"/members/{member_id}" in admin.get(f"/members?tier={ids['Bronze']}").text
    assert "Nobody found" in admin.get(f"/members?tier={ids['Gold']}").text


@pytest.mark.parametrize("path", ["pin", "unpin", "birthday"])
def test_nobody_changes_members_of_another_shop(admin, path):
    answer = admin.post(
        f"/members/999999/{path}", data={"tier": "1", "note": "x", "birthday": "1/1"}
    )

    assert answer.status_code in (404, 422)
    assert answer.status_code == 404 or path == "pin"


@pytest.fixture
def counted_by_a_job(monkeypatch):
    """Every programme has more members than are counted while somebody waits."""
    monkeypatch.setattr("app.web.admin.tiers.COUNTED_AT_ONCE", 0)


@pytest.mark.usefixtures("counted_by_a_job")
def test_a_job_counts_who_would_move_where_there_are_many(
    admin, parts, form, tiers, member_id, recorded_jobs, tenant
):
    answer = admin.post("/tiers", data=form | {"tiers-1-threshold": "1,000"})
    assert answer.status_code == 303
    name, args = recorded_jobs.enqueued[-1]
    assert (name, args["program_id"]) == ("count_tier_moves", tenant.program_id)

    waiting = admin.get(answer.location).text
    assert "Counting who would move: 0 of 1 members so far." in waiting
    assert "data-poll" in waiting

    with parts.database.tenant(tenant) as session:
        assert not count_next(session, args["outlook_id"], utc_now())
    found = admin.get(answer.location).text
    assert "1 member moves up, 0 down." in found
    assert "data-poll" not in found
    assert tiers("threshold")[1] == ("Silver", 750_000)

    typed = dict(re.findall(r'<input type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"', found))
    assert admin.post("/tiers", data=typed | {"confirmed": "1"}).status_code == 303
    assert tiers("threshold")[1] == ("Silver", 100_000)


@pytest.mark.usefixtures("counted_by_a_job")
def test_tiers_are_published_without_waiting_for_the_count(admin, form, tiers, member_id):
    answer = admin.post("/tiers", data=form | {"tiers-1-threshold": "1,000"})
    waiting = admin.get(answer.location).text
    typed = dict(re.findall(r'<input type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"', waiting))

    assert admin.post("/tiers", data=typed | {"confirmed": "1"}).status_code == 303

    assert tiers("threshold")[1] == ("Silver", 100_000)


@pytest.mark.usefixtures("counted_by_a_job")
def test_a_count_that_failed_says_so_and_one_that_is_gone_leads_back(
    admin, parts, form, recorded_jobs, tenant, member_id
):
    answer = admin.post("/tiers", data=form | {"tiers-1-threshold": "1,000"})
    outlook_id = recorded_jobs.enqueued[-1][1]["outlook_id"]
    with parts.database.tenant(tenant) as session:
        fail_counting(session, outlook_id)

    assert "Who would move could not be counted." in admin.get(answer.location).text
    gone = admin.get(f"/tiers/outlooks/{outlook_id + 1}")
    assert (gone.status_code, gone.location) == (303, "/tiers")
