"""Pages of the catalogue: products with their tags and the collections these put them in."""

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue

from devstore.frame.shell import render_page
from devstore.services import Services
from devstore.store.collections import COLLECTIONS
from devstore.store.products import Product


def add_product_pages(pages: Blueprint, services: Services) -> None:
    """Add the list of products and the page of one to the back office."""
    products = services.store.products

    @pages.get("/admin/products")
    def product_list() -> ResponseReturnValue:
        return render_page(services, "back_office/products.html", products=products.all())

    @pages.get("/admin/products/<int:product_id>")
    def show_product(product_id: int) -> ResponseReturnValue:
        return render_page(
            services,
            "back_office/product.html",
            product=_find(services, product_id),
            collections=COLLECTIONS,
            done="Tags saved." if "saved" in request.args else None,
        )

    @pages.post("/admin/products/<int:product_id>")
    def save_tags(product_id: int) -> ResponseReturnValue:
        product = _find(services, product_id)
        words = request.form.get("tags", "").split(",")
        products.set_tags(product.id, [word.strip() for word in words if word.strip()])
        return redirect(f"/admin/products/{product_id}?saved", 303)


def _find(services: Services, product_id: int) -> Product:
    product = services.store.products.get(product_id)
    return product if product is not None else abort(404)
