"""Assets are served as by a CDN: compressed, and for a year where the address has the version."""

import re

PATH = "/cdn/extensions/points-widget/assets/greeting.js"


def test_the_address_in_the_page_may_be_kept_for_a_year(visitor):
    address = re.search(rf"{PATH}\?v=\w+", visitor.get("/").text)[0]

    answer = visitor.get(address)

    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.text.startswith("document.documentElement")


def test_an_address_without_version_is_asked_for_again(visitor):
    first = visitor.get(PATH)
    second = visitor.get(PATH, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "no-cache"
    assert second.status_code == 304


def test_who_cannot_unpack_gets_it_unpacked(visitor):
    answer = visitor.get(PATH, headers={"Accept-Encoding": "identity"})

    assert "Content-Encoding" not in answer.headers


def test_files_outside_the_folder_are_not_served(visitor):
    assert (
        visitor.get(
            "/cdn/extensions/points-widget/assets/..%2Fblocks%2Fgreeting.liquid"
        ).status_code
        == 404
    )
