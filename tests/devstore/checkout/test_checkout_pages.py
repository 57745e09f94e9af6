"""Orders placed at the checkout, with everything that codes demand."""

import re


def checkout(visitor, **form):
    """Fill in the checkout as it stands and place the order."""
    page = visitor.get("/checkout").text
    expected = re.search(r'name="expected_total" value="(\d+)"', page)[1]
    filled = {"expected_total": expected, "payment": "now", "method": "standard", **form}
    return visitor.post("/checkout", data=filled)


def only_order(shop):
    (order,) = shop.services.store.orders.all()
    return order


def test_pay_now_makes_a_paid_order_and_empties_the_cart(shop, visitor):
    mali = shop.customer()
    visitor.sign_in(mali)
    visitor.add("jasmine-tea", 2)

    thanks = checkout(visitor)

    order = only_order(shop)
    assert order.customer_id == mali.id
    assert order.financial_status == "paid"
    assert order.total_minor == 24000 + 5000
    assert "Thank you, Mali" in thanks.text
    assert order.name in thanks.text
    assert visitor.cart()["item_count"] == 0


def test_cash_on_delivery_makes_an_unpaid_order(shop, visitor):
    visitor.sign_in(shop.customer())
    visitor.add("jasmine-tea")

    visitor.post("/checkout/method", data={"method": "express"})
    thanks = checkout(visitor, payment="cash_on_delivery", method="express")

    order = only_order(shop)
    assert order.financial_status == "pending"
    assert order.total_minor == 12000 + 10000
    assert "Pay the courier ฿220" in thanks.text


def test_what_was_seen_is_what_is_charged(shop, visitor):
    visitor.sign_in(shop.customer())
    visitor.add("jasmine-tea")

    answer = visitor.post("/checkout", data={"expected_total": "1", "payment": "now"})

    assert answer.status_code == 409
    assert "the total has changed" in answer.text
    assert shop.services.store.orders.count() == 0


def test_a_guest_gives_an_email_and_becomes_a_customer_record(shop, visitor):
    visitor.add("jasmine-tea")

    refused = checkout(visitor, email="nobody")
    checkout(visitor, email="guest@example.com")

    assert refused.status_code == 422
    assert "Enter an email address" in refused.text
    customer = shop.services.store.customers.get(only_order(shop).customer_id)
    assert customer.email == "guest@example.com"


def test_the_delivery_method_changes_the_total_and_free_delivery_pays_it(shop, visitor):
    shop.code("SHIP", kind="free_shipping")
    visitor.add("jasmine-tea")
    visitor.use_codes("SHIP")

    visitor.post("/checkout/method", data={"method": "express"})
    page = visitor.get("/checkout").text

    assert re.search(r"data-checkout-total>\s*<small>THB</small> ฿120\s", page)
    assert "−฿100" in page


def test_big_orders_are_sent_free(visitor):
    visitor.add("tea-and-soap-box", 2)

    assert re.search(r"Thailand Post, 2–3 days</span>\s*<b>Free</b>", visitor.get("/checkout").text)


def test_a_gift_card_needs_no_delivery(shop, visitor):
    visitor.sign_in(shop.customer())
    visitor.add("gift-card")

    page = visitor.get("/checkout").text
    checkout(visitor)

    assert "Delivery method" not in page
    assert only_order(shop).shipping_lines == ()


def test_codes_that_apply_go_with_the_order_and_count_as_used(shop, visitor):
    mali = shop.customer()
    shop.code("MALI", amount_minor=5000, customer_ids=(mali.id,), usage_limit=1)
    visitor.sign_in(mali)
    visitor.add("jasmine-tea")
    visitor.use_codes("MALI,NOPE")

    checkout(visitor)

    order = only_order(shop)
    assert [used.code for used in order.discount_codes] == ["MALI"]
    assert order.discount_minor == 5000
    assert shop.services.store.discounts.by_code("MALI").usage_count == 1


def test_a_single_use_code_is_honoured_once_even_in_a_race(shop):
    shop.code("ONCE", amount_minor=5000, usage_limit=1)
    first, second = shop.visitor(), shop.visitor()
    for number, visitor in enumerate((first, second)):
        visitor.sign_in(shop.customer("C", f"c{number}@example.com"))
        visitor.add("jasmine-tea")
        visitor.use_codes("ONCE")
    seen = re.search(r'expected_total" value="(\d+)"', second.get("/checkout").text)[1]

    checkout(first)
    late = second.post("/checkout", data={"expected_total": seen, "payment": "now"})

    assert late.status_code == 409
    assert shop.services.store.orders.count() == 1
    assert shop.services.store.discounts.by_code("ONCE").usage_count == 1
    assert "has been used" in late.text


def test_codes_that_do_not_combine_leave_the_better_one(shop, visitor):
    shop.code("SMALL", amount_minor=1000)
    shop.code("LARGE", amount_minor=4000)
    visitor.add("jasmine-tea")
    visitor.use_codes("SMALL,LARGE")

    page = visitor.get("/checkout").text

    assert "The code SMALL cannot be combined with another code." in page
    assert "−฿40" in page


def test_a_refused_code_says_why_in_the_shoppers_language(shop, visitor):
    shop.code("BIG", amount_minor=5000, minimum_subtotal_minor=100_000)
    visitor.add("jasmine-tea")

    english = visitor.post("/checkout/code", data={"code": "big"})
    visitor.get("/checkout?locale=th")
    thai = visitor.post("/checkout/code", data={"code": "big"})

    assert english.status_code == 422
    assert "needs an order of ฿1,000 or more" in english.text
    assert "เมื่อซื้อครบ ฿1,000" in thai.text
    assert visitor.cart()["discount_codes"] == []


def test_a_code_can_be_added_and_removed_without_scripts(shop, visitor):
    shop.code("TEA50", amount_minor=5000)
    visitor.add("jasmine-tea")

    added = visitor.post("/checkout/code", data={"code": "TEA50"})
    removed = visitor.post("/checkout/code/remove", data={"code": "TEA50"})

    assert "−฿50" in added.text
    assert "−฿50" not in removed.text


def test_an_empty_checkout_places_nothing(shop, visitor):
    visitor.post("/checkout", data={"expected_total": "0", "payment": "now"})

    assert shop.services.store.orders.count() == 0


def test_gift_cards_and_store_credit_pay_before_the_card_does(shop, visitor):
    mali, store = shop.customer(), shop.services.store
    card = store.gift_cards.create("TEAPARTY2026", 10_000)
    store.store_credit.credit(mali.id, 5_000)
    visitor.sign_in(mali)
    visitor.add("jasmine-tea", 2)

    visitor.post("/checkout/code", data={"code": "teap-arty-2026"})
    visitor.post("/checkout/store-credit", data={"use": "yes"})
    page = visitor.get("/checkout").text
    checkout(visitor)

    order = only_order(shop)
    paid = [(each.gateway, each.amount_minor) for each in order.transactions]
    assert paid == [("gift_card", 10_000), ("shopify_store_credit", 5_000), ("bogus", 14_000)]
    assert "฿140" in page
    assert "2026" in page
    assert store.gift_cards.get(card.id).balance_minor == 0


def test_a_gift_card_that_is_empty_or_ended_is_no_code(shop, visitor):
    store = shop.services.store
    ended = store.gift_cards.create("TEAPARTY2026", 10_000)
    store.gift_cards.deactivate(ended.id)
    visitor.add("jasmine-tea")

    answer = visitor.post("/checkout/code", data={"code": "TEAPARTY2026"})

    assert answer.status_code == 422
    assert "does not exist" in answer.text


def test_what_was_put_on_the_checkout_can_be_taken_off(shop, visitor):
    mali, store = shop.customer(), shop.services.store
    store.gift_cards.create("TEAPARTY2026", 10_000)
    store.store_credit.credit(mali.id, 5_000)
    visitor.sign_in(mali)
    visitor.add("jasmine-tea")
    visitor.post("/checkout/code", data={"code": "TEAPARTY2026"})
    visitor.post("/checkout/store-credit", data={"use": "yes"})

    visitor.post("/checkout/gift-card/remove", data={"code": "teaparty2026"})
    visitor.post("/checkout/store-credit", data={"use": "no"})
    checkout(visitor)

    assert [each.gateway for each in only_order(shop).transactions] == ["bogus"]
