"""The pages of the shop over real HTTP."""

import re

import pytest

from devstore.store import CartLine
from devstore.storefront.liquid_locales import read_texts
from devstore.storefront.phrases import LOCALES_FOLDER


def keys_of(texts, prefix=""):
    for key, value in texts.items():
        if isinstance(value, dict) and "other" not in value:
            yield from keys_of(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"


def test_both_languages_say_everything():
    english = read_texts(LOCALES_FOLDER / "en.default.json")
    thai = read_texts(LOCALES_FOLDER / "th.json")

    # Product words aside, `other` is also a shelf; the shelves are compared by name.
    assert set(keys_of(english)) == set(keys_of(thai))


@pytest.mark.parametrize("locale", ["en", "th"])
@pytest.mark.parametrize(
    "path", ["/", "/products/gift-card", "/pages/about", "/cart", "/account/login", "/checkout"]
)
def test_every_page_is_whole_in_both_languages(visitor, path, locale):
    answer = visitor.get(f"{path}?locale={locale}")

    assert answer.status_code == 200
    assert f'<html lang="{locale}"' in answer.text
    assert "translation missing" not in answer.text
    assert "Liquid error" not in answer.text


def test_the_language_is_remembered(visitor):
    visitor.get("/?locale=th")

    assert "ตะกร้าของคุณ" in visitor.get("/cart").text


def test_an_unknown_page_is_a_page_of_the_shop(visitor):
    answer = visitor.get("/products/coffee")

    assert answer.status_code == 404
    assert "This shelf is empty" in answer.text
    assert visitor.get("/nowhere").status_code == 404


def test_anybody_may_be_signed_in_as_and_out_again(shop, visitor):
    mali = shop.customer(last_name="Srisuk")

    visitor.sign_in(mali)
    account = visitor.get("/account").text
    visitor.post("/account/logout")

    assert "Hello, Mali" in account
    assert visitor.get("/account").url.endswith("/account/login")


def test_the_list_finds_people_and_shows_demo_customers_first(shop, visitor):
    shop.customer("Zoe", "zoe@example.com", tags=("demo",))
    for number in range(3):
        shop.customer(f"Customer{number}", f"c{number}@example.com")

    names = re.findall(r"<b>(\w+)</b>\s*<small>", visitor.get("/account/login").text)
    found = visitor.get("/account/login?q=customer2").text

    assert names[0] == "Zoe"
    assert "c2@example.com" in found
    assert "zoe@example.com" not in found.split("<ul")[1]


def test_a_new_account_is_signed_in_at_once(shop, visitor):
    form = {"first_name": "Nok", "last_name": "", "email": "Nok@Example.com", "return_to": "/cart"}

    answer = visitor.post("/account/register", data=form)

    assert answer.url.endswith("/cart")
    assert shop.services.store.customers.by_email("nok@example.com") is not None
    assert "Hello, Nok" in visitor.get("/account").text


def test_what_is_missing_for_an_account_is_said_next_to_the_field(shop, visitor):
    shop.customer()

    empty = visitor.post("/account/register", data={"first_name": "", "email": "no"})
    taken = visitor.post("/account/register", data={"first_name": "M", "email": "mali@example.com"})

    assert empty.status_code == 422
    assert "Enter a first name." in empty.text
    assert "Enter an email address" in empty.text
    assert taken.status_code == 422
    assert "There is an account with this email already." in taken.text


def test_signing_in_never_leads_to_another_site(shop, visitor):
    mali = shop.customer()
    form = {"customer": mali.id, "return_to": "https://evil.example/"}

    answer = visitor.post("/account/login", data=form, allow_redirects=False)

    assert answer.headers["Location"] == "/account"


def test_the_bar_changes_look_corners_and_shopper(shop, visitor):
    mali = shop.customer()
    form = {"customer": mali.id, "look": "dark", "corners": "0", "locale": "en", "back": "/cart"}

    answer = visitor.post("/devstore/bar", data=form)

    assert answer.url.endswith("/cart")
    assert 'data-look="dark"' in answer.text
    assert "--radius: 0px" in answer.text
    assert ">Mali<" in answer.text


def test_the_bar_lets_time_pass(shop, visitor):
    visitor.post("/devstore/bar", data={"advance_days": "14", "back": "/"})

    assert shop.services.store.clock.offset_seconds() == 14 * 86_400


def test_inside_the_phone_preview_there_is_no_second_bar(visitor):
    inside = visitor.get("/", headers={"Sec-Fetch-Dest": "iframe"}).text
    preview = visitor.get("/devstore/phone?path=/cart").text

    assert "dev-bar" not in inside
    assert 'src="/cart"' in preview
    assert "dev-bar" in preview


def test_a_tampered_cookie_is_somebody_unknown(shop, visitor):
    visitor.session.cookies.set("devstore_shopper", "eyJjdXN0b21lcl9pZCI6MX0.forged")

    assert visitor.get("/account").url.endswith("/account/login")


def test_the_bar_changes_the_weather_for_webhooks(shop, visitor):
    answer = visitor.post("/devstore/bar", data={"weather": "late", "back": "/"})
    visitor.post("/devstore/bar", data={"weather": "no such weather"})

    assert shop.services.store.database.setting("weather") == "late"
    assert re.search(r'<option value="late"\s+selected', answer.text)


def test_those_with_the_most_orders_are_offered_before_the_newest(shop, visitor):
    regular = shop.customer()
    for number in range(30):
        shop.customer(f"New{number}", f"new{number}@example.com")
    line = CartLine(shop.variant("jasmine-tea"), 1)
    shop.services.store.orders.place(regular.id, [line])

    names = re.findall(r"<b>(\w+)</b>\s*<small>", visitor.get("/account/login").text)

    assert names[:2] == ["Mali", "New29"]
    assert len(names) == 24
