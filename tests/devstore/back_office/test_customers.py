"""The back office's pages of customers."""

import pytest

from devstore.store import CartLine


def customers(services):
    return services.store.customers


def test_an_empty_shop_says_what_will_be_here(web):
    assert "Your customers will be here" in web.get("/admin/customers").text


def test_the_list_shows_what_each_customer_has_spent(services, web, mali, tea):
    order = services.store.orders.place(mali.id, [CartLine(tea.id, 2)])
    services.store.orders.refund(order.id, amount_minor=4_000)

    page = web.get("/admin/customers").text

    assert "Mali" in page
    assert "฿200.00" in page


def test_cancelled_and_test_orders_are_no_spending(services, web, mali, tea):
    cancelled = services.store.orders.place(mali.id, [CartLine(tea.id, 1)])
    services.store.orders.cancel(cancelled.id)
    services.store.orders.place(mali.id, [CartLine(tea.id, 1)], test=True)

    page = web.get(f"/admin/customers/{mali.id}").text
    assert "฿0.00" in page
    assert "฿120.00" not in page.partition('heading="Spending"')[2]


def test_a_search_finds_by_name_or_email(services, web, mali):
    customers(services).create(first_name="Arun", email="arun@example.com")

    page = web.get("/admin/customers?q=ali").text

    assert "mali@example.com" in page
    assert "arun@example.com" not in page


def test_a_customer_is_added(services, web):
    answer = web.post(
        "/admin/customers/new",
        data={"first_name": "Nok", "email": "Nok@Example.com", "tags": "vip, tea", "locale": "th"},
    )

    added = customers(services).by_email("nok@example.com")
    assert answer.location == f"/admin/customers/{added.id}?done=created"
    assert (added.first_name, added.tags, added.locale) == ("Nok", ("vip", "tea"), "th")


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({}, "Enter a name or an email"),
        ({"email": "nowhere"}, "Enter an email such as"),
        ({"email": "mali@example.com"}, "Another customer has this email already"),
    ],
)
def test_what_cannot_stand_is_said_beside_its_field(services, web, mali, typed, error):
    answer = web.post("/admin/customers/new", data=typed)

    assert answer.status_code == 422
    assert f'error="{error}' in answer.text
    assert customers(services).count() == 1


def test_a_customer_is_changed(services, web, mali):
    web.post(f"/admin/customers/{mali.id}", data={"first_name": "Malee", "email": mali.email})

    assert customers(services).require(mali.id).first_name == "Malee"


def test_a_customer_without_orders_is_deleted(services, web, mali):
    answer = web.post(f"/admin/customers/{mali.id}/delete")

    assert answer.location == "/admin/customers?done=deleted"
    assert customers(services).get(mali.id) is None


def test_a_customer_with_orders_stays(services, web, mali, tea):
    services.store.orders.place(mali.id, [CartLine(tea.id, 1)])

    answer = web.post(f"/admin/customers/{mali.id}/delete")

    assert answer.status_code == 422
    assert "Merge the record instead" in answer.text
    assert customers(services).get(mali.id) is not None


def test_another_record_is_merged_into_this_one(services, web, mali, tea):
    other = customers(services).create(first_name="M.", email="m@example.com")
    order = services.store.orders.place(other.id, [CartLine(tea.id, 1)])

    web.post(f"/admin/customers/{mali.id}/merge", data={"other": other.id})

    assert customers(services).get(other.id) is None
    assert services.store.orders.require(order.id).customer_id == mali.id


@pytest.mark.parametrize("other", ["", "999", "itself"])
def test_a_merge_needs_another_record(services, web, mali, other):
    answer = web.post(
        f"/admin/customers/{mali.id}/merge",
        data={"other": str(mali.id) if other == "itself" else other},
    )

    assert answer.status_code == 422
    assert customers(services).get(mali.id) is not None


def test_names_are_never_taken_for_markup(services, web):
    customers(services).create(first_name='<script>"x"</script>', email="x@example.com")

    page = web.get("/admin/customers").text

    assert "<script>&#34;x" not in page
    assert "&lt;script&gt;" in page
