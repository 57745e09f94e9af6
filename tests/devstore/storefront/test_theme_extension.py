"""The fixture extension, rendered by the running shop on its real pages."""

import json
import re

from devstore.storefront.liquid_filters import json_text
from devstore.storefront.theme_extension import ThemeExtension
from tests.devstore.storefront.shop import write_extensions


def text_of(html, element_id):
    return re.search(rf'id="{element_id}"[^>]*>([^<]*)<', html)[1]


def test_a_signed_in_customer_sees_their_points_and_tier(shop, visitor):
    mali = shop.customer()
    shop.give_points(mali, 1240)
    visitor.sign_in(mali)

    html = visitor.get("/").text

    assert text_of(html, "hello") == "Hello Mali"
    assert text_of(html, "points") == "1240 petals"
    assert text_of(html, "tier") == "Silver"


def test_names_cannot_bring_html_into_the_page(shop, visitor):
    visitor.sign_in(shop.customer(first_name="<script>alert(1)</script>"))

    html = visitor.get("/").text

    assert "<script>alert(1)" not in html


def test_signed_out_the_words_come_from_the_apps_metafield(shop, visitor):
    shop.configure_widget()

    assert text_of(visitor.get("/").text, "join") == "Every ฿25 earns a petal"
    assert text_of(visitor.get("/?locale=th").text, "join") == "ทุก ฿25 ได้หนึ่งกลีบ"


def test_json_in_a_page_cannot_end_its_script_element(shop, visitor):
    shop.configure_widget()

    html = visitor.get("/").text
    written = re.search(r'id="settings">(.*?)</script>', html, re.DOTALL)[1]

    assert json.loads(written)["html"] == "</script><script>alert(1)</script>"
    assert json_text(None) == "null"


def test_the_embed_stands_at_the_end_of_every_page(shop, visitor):
    for path, template in (
        ("/", "index"),
        ("/cart", "cart"),
        ("/account/login", "customers/login"),
    ):
        html = visitor.get(path).text

        assert f'data-template="{template}"' in html
        assert html.index('class="greeting"') > html.index("</footer>")


def test_switching_the_embed_off_takes_it_and_its_scripts_away(shop, visitor):
    visitor.post("/devstore/bar", data={"embed_shown": "1"})
    off = visitor.get("/").text
    visitor.post("/devstore/bar", data={"embed_shown": "1", "embed": "on"})
    on = visitor.get("/").text

    assert "greeting" not in off
    assert "greeting" in on


def test_an_app_block_stands_on_the_templates_it_is_enabled_on(shop, visitor):
    assert "Jasmine green tea · ฿120.00" in visitor.get("/products/jasmine-tea").text
    assert "product-note" not in visitor.get("/cart").text


def test_blocks_know_the_cart(shop, visitor):
    visitor.add("jasmine-tea", 2)

    assert text_of(visitor.get("/").text, "cart-total") == "2 · ฿240"


def test_settings_default_to_the_schema_and_can_be_overridden(shop, visitor):
    default = visitor.get("/").text
    stored = json.dumps({"greeting": {"colour": "#abcdef"}})
    shop.services.store.database.set_setting("block_settings", stored)

    assert ".greeting { color: #123456; }" in default
    assert ".greeting { color: #abcdef; }" in visitor.get("/").text


def test_scripts_and_styles_in_a_block_go_into_the_head_untouched(shop, visitor):
    html = visitor.get("/").text
    head = html[: html.index("</head>")]

    assert 'window.greeted = "{{ not liquid }}";' in head
    assert ".greeting { display: block }" in head


def test_a_mistake_in_liquid_is_shown_as_shopify_shows_it(tmp_path):
    write_extensions(tmp_path)
    block = tmp_path / "points-widget" / "blocks" / "broken.liquid"
    block.write_text('{{ 1 | no_such_filter }}{% schema %}{"target": "body"}{% endschema %}')
    extension = ThemeExtension(tmp_path / "points-widget", "/assets")
    objects = {"request": {"locale": {"iso_code": "en"}}, "shop": {"currency": "THB"}}

    page = extension.render_page("index", objects, embed_enabled=True, overrides={})

    assert "Liquid error (broken): unknown filter" in page.body_end


def test_a_snippet_outside_the_folder_is_not_found(tmp_path):
    write_extensions(tmp_path)
    (tmp_path / "points-widget" / "secret.liquid").write_text("secret")
    block = tmp_path / "points-widget" / "blocks" / "nosy.liquid"
    block.write_text('{% render \'../secret\' %}{% schema %}{"target": "body"}{% endschema %}')
    extension = ThemeExtension(tmp_path / "points-widget", "/assets")
    objects = {"request": {"locale": {"iso_code": "en"}}, "shop": {"currency": "THB"}}

    page = extension.render_page("index", objects, embed_enabled=True, overrides={})

    assert "Liquid error (nosy)" in page.body_end
    assert ">secret" not in page.body_end
