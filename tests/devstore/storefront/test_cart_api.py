"""The cart as Shopify's Ajax API answers it."""


def test_an_empty_cart_has_every_field_a_theme_reads(visitor):
    cart = visitor.cart()

    assert cart["items"] == []
    assert cart["item_count"] == 0
    assert cart["total_price"] == 0
    assert cart["currency"] == "THB"
    assert cart["discount_codes"] == []
    assert len(cart["token"]) == 32


def test_adding_answers_the_line_and_counts_up(shop, visitor):
    first = visitor.add("jasmine-tea", 2)
    again = visitor.add("jasmine-tea", 1)

    assert first["quantity"] == 2
    assert first["price"] == 12000
    assert first["title"] == "Jasmine green tea - 50 g"
    assert again["quantity"] == 3
    assert visitor.cart()["total_price"] == 36000


def test_several_lines_are_added_at_once(shop, visitor):
    items = [
        {"id": shop.variant("jasmine-tea")},
        {"id": shop.variant("rice-milk-soap"), "quantity": 2},
    ]

    answer = visitor.post("/cart/add.js", json={"items": items}).json()

    assert {line["handle"]: line["quantity"] for line in answer["items"]} == {
        "jasmine-tea": 1,
        "rice-milk-soap": 2,
    }


def test_an_unknown_variant_is_refused_as_shopify_refuses_it(visitor):
    answer = visitor.post("/cart/add.js", json={"id": 1, "quantity": 1})

    assert answer.status_code == 404
    assert answer.json()["description"] == "Cannot find variant"


def test_what_is_not_a_number_is_refused(visitor):
    assert visitor.post("/cart/add.js", json={"id": "tea"}).status_code == 400
    assert visitor.post("/cart/add.js", json={}).status_code == 400
    assert (
        visitor.post(
            "/cart/add.js", data="[", headers={"Content-Type": "application/json"}
        ).status_code
        == 400
    )
    assert visitor.post("/cart/update.js", json={"updates": {"a": "b"}}).status_code == 400


def test_lines_change_by_place_key_and_variant(shop, visitor):
    visitor.add("jasmine-tea")
    key = visitor.add("rice-milk-soap")["key"]

    by_place = visitor.post("/cart/change.js", json={"line": 2, "quantity": 5}).json()
    by_key = visitor.post("/cart/change.js", json={"id": key, "quantity": 3}).json()
    by_variant = visitor.post(
        "/cart/change.js", data={"id": shop.variant("jasmine-tea"), "quantity": 0}
    ).json()

    assert by_place["item_count"] == 6
    assert by_key["item_count"] == 8
    assert [line["handle"] for line in by_variant["items"]] == ["rice-milk-soap"]


def test_update_sets_quantities_note_and_attributes(shop, visitor):
    tea, soap = shop.variant("jasmine-tea"), shop.variant("rice-milk-soap")
    visitor.add("jasmine-tea")

    cart = visitor.post(
        "/cart/update.js",
        json={
            "updates": {str(tea): 2, str(soap): 1},
            "note": "Thank you",
            "attributes": {"a": "b"},
        },
    ).json()

    assert {line["variant_id"]: line["quantity"] for line in cart["items"]} == {tea: 2, soap: 1}
    assert cart["note"] == "Thank you"
    assert cart["attributes"] == {"a": "b"}


def test_clear_empties_the_cart(visitor):
    visitor.add("jasmine-tea", 3)

    assert visitor.post("/cart/clear.js").json()["item_count"] == 0


def test_discount_replaces_all_codes_and_says_which_apply(shop, visitor):
    shop.code("TEN", percentage_bp=1000, combines=True)
    shop.code("BIG", amount_minor=5000, minimum_subtotal_minor=100_000)
    visitor.add("jasmine-tea", 2)

    both = visitor.use_codes("TEN,BIG,NOPE")
    only = visitor.use_codes("ten")
    none = visitor.use_codes("")

    assert both["discount_codes"] == [
        {"code": "TEN", "applicable": True},
        {"code": "BIG", "applicable": False},
        {"code": "NOPE", "applicable": False},
    ]
    assert both["total_price"] == 21600
    assert both["total_discount"] == 2400
    assert both["items_subtotal_price"] == 24000
    assert only["discount_codes"] == [{"code": "ten", "applicable": True}]
    assert none["discount_codes"] == []
    assert none["total_price"] == 24000


def test_each_code_that_applies_says_what_it_takes_off(shop, visitor):
    shop.code("TEN", percentage_bp=1000, combines=True)
    visitor.add("jasmine-tea")
    (application,) = visitor.use_codes("TEN")["cart_level_discount_applications"]

    assert application["title"] == "TEN"
    assert application["value_type"] == "percentage"
    assert application["value"] == "10.00"
    assert application["total_allocated_amount"] == 1200


def test_a_code_bound_to_a_customer_applies_to_them_only(shop, visitor):
    mali, anan = shop.customer(), shop.customer("Anan", "anan@example.com")
    shop.code("MALI", amount_minor=5000, customer_ids=(mali.id,))
    visitor.add("jasmine-tea")

    guest = visitor.use_codes("MALI")
    visitor.sign_in(anan)
    other = visitor.cart()
    visitor.sign_in(mali)
    owner = visitor.cart()

    assert guest["discount_codes"][0]["applicable"] is False
    assert other["discount_codes"][0]["applicable"] is False
    assert owner["discount_codes"][0]["applicable"] is True
    assert owner["total_price"] == 7000


def test_a_code_lapses_with_the_shops_clock(shop, visitor):
    now = shop.services.store.clock.now()
    shop.code("SOON", amount_minor=5000, ends_at=now.replace(year=now.year + 1))
    visitor.add("jasmine-tea")

    before = visitor.use_codes("SOON")
    shop.services.store.clock.advance(400 * 86_400)
    after = visitor.cart()

    assert before["discount_codes"][0]["applicable"] is True
    assert after["discount_codes"][0]["applicable"] is False


def test_a_discount_link_adds_its_code_and_stays_on_the_site(shop, visitor):
    shop.code("TEA50", amount_minor=5000)

    answer = visitor.get("/discount/TEA50?redirect=/cart", allow_redirects=False)
    outside = visitor.get("/discount/TEA50?redirect=//evil.example", allow_redirects=False)

    assert answer.headers["Location"] == "/cart"
    assert outside.headers["Location"] == "/"
    assert [each["code"] for each in visitor.cart()["discount_codes"]] == ["TEA50"]


def test_a_forged_cart_cookie_is_an_empty_cart(visitor):
    visitor.add("jasmine-tea")
    visitor.session.cookies.set("devstore_cart", "forged", domain="127.0.0.1")

    visitor.session.cookies.clear()
    visitor.session.cookies.set("devstore_cart", "forged")

    assert visitor.cart()["item_count"] == 0


def test_forms_without_scripts_change_the_cart_too(shop, visitor):
    visitor.post("/cart/add", data={"id": shop.variant("jasmine-tea"), "quantity": "2"})
    shop.code("TEA50", amount_minor=5000)

    page = visitor.post("/cart/discount", data={"code": "tea50"})
    removed = visitor.post("/cart/discount/remove", data={"code": "TEA50"})

    assert page.url.endswith("/cart")
    assert "฿190" in page.text
    assert "TEA50" not in removed.text
