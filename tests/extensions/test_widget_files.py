"""What the widget's files weigh and hold."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.extensions.built import build_extensions, run_node
from tests.extensions.storefront_fake import EXTENSION, Shop, render_widget

PROJECT = Path(__file__).parents[2]
SOURCES = sorted((PROJECT / "extensions/points-widget-source").glob("*.js"))
LAUNCHER_BYTES_MAX = 6 * 1024
SCRIPTS_GZIP_BYTES_MAX = 10 * 1024
STYLES_GZIP_BYTES_MAX = 4 * 1024
UI_EXTENSION_GZIP_BYTES_MAX = 64 * 1024
LOCALES = [
    (EXTENSION / "locales", "en.default.json", "th.json"),
    (EXTENSION / "locales", "en.default.schema.json", "th.schema.json"),
    (PROJECT / "extensions/checkout-points/locales", "en.default.json", "th.json"),
    (PROJECT / "extensions/account-points/locales", "en.default.json", "th.json"),
]


@pytest.fixture(autouse=True, scope="module")
def _built() -> None:
    build_extensions()


def test_launcher_is_under_six_kilobytes_as_served():
    size = (EXTENSION / "assets/rewards-launcher.js").stat().st_size

    assert size <= LAUNCHER_BYTES_MAX


def test_all_scripts_together_are_under_ten_kilobytes_compressed():
    assert _compressed(*(EXTENSION / "assets").glob("*.js")) <= SCRIPTS_GZIP_BYTES_MAX


def test_all_styles_together_are_under_four_kilobytes_compressed():
    styles = [*(EXTENSION / "assets").glob("*.css"), _launcher_style()]

    assert _compressed(*styles) <= STYLES_GZIP_BYTES_MAX


@pytest.mark.parametrize("surface", ["checkout", "account"])
def test_ui_extensions_are_under_shopifys_limit(surface: str):
    script = PROJECT / f"extensions/{surface}-points/dist/{surface}.js"

    assert _compressed(script) <= UI_EXTENSION_GZIP_BYTES_MAX


@pytest.mark.parametrize("surface", ["checkout", "account"])
def test_ui_extensions_ask_for_no_word_that_they_do_not_have(surface: str):
    folder = PROJECT / f"extensions/{surface}-points"
    words = _texts(folder / "locales/en.default.json")
    asked = {
        word
        for source in (folder / "src").glob("*.ts*")
        for word in re.findall(r"\bt\(\s*\"([\w.]+)\"", source.read_text(encoding="utf-8"))
    }

    assert asked
    assert asked <= set(words)


def test_theme_check_finds_nothing():
    done = run_node("extensions/theme-check.mjs")

    assert (done.returncode, done.stderr) == (0, "")


def test_extension_holds_only_the_folders_that_shopify_takes():
    folders = {path.name for path in EXTENSION.iterdir() if path.is_dir()}

    assert folders == {"assets", "blocks", "locales", "snippets"}


@pytest.mark.parametrize(("folder", "default", "other"), LOCALES)
def test_every_language_has_the_same_keys_and_placeholders(folder: Path, default: str, other: str):
    assert _placeholders(folder / other) == _placeholders(folder / default)


@pytest.mark.parametrize("key", ["panel.close", "cart.undo", "history.receipt"])
def test_thai_is_not_english(key: str):
    english = _placeholders(EXTENSION / "locales/en.default.json")
    texts = [_texts(EXTENSION / "locales" / name) for name in ("en.default.json", "th.json")]

    assert key in english
    assert texts[0][key] != texts[1][key]


def test_every_word_the_scripts_ask_for_is_passed_by_liquid():
    passed = set(_config(Shop(), "en")["words"])
    asked = {
        name
        for source in SOURCES
        for name in re.findall(r"\bwords\.([a-z_]+)", source.read_text(encoding="utf-8"))
    } - {"replace", "split"}

    assert asked <= passed
    assert passed - asked <= {"rewards", "earn", "history", "on_cart", "waiting", "later", "ready"}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_no_script_writes_markup(source: Path):
    text = source.read_text(encoding="utf-8")

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|setHTML", text)


@pytest.mark.parametrize(
    ("points", "shown"),
    [
        (1, ">1<"),
        (999, ">999<"),
        (1_000, ">1,000<"),
        (1_050_007, ">1,050,007<"),
        (0, ">Petals Club<"),
    ],
)
def test_launcher_shows_the_balance_grouped_or_the_club(points: int, shown: str):
    assert shown in re.sub(r"\s*([<>])\s*", r"\1", render_widget(Shop(points=points), "en"))


def test_launcher_names_one_petal_in_the_singular():
    assert 'aria-label="Petals Club: 1 petal"' in render_widget(Shop(points=1), "en")


def test_names_reach_the_scripts_as_they_are():
    config = _config(Shop(first_name="Ö'Brien </script><b>"), "en")

    assert config["name"] == "Ö'Brien </script><b>"


def test_thai_pages_get_thai_words_and_names():
    config = _config(Shop(), "th")

    assert config["balance"] == {"text": "1,240", "unit": "กลีบ"}
    assert config["words"]["redeem"] == "แลก"


def test_guests_get_the_words_for_joining_and_no_balance_of_anyone():
    config = _config(Shop(signed_in=False), "en")

    assert config["signed_in"] is False
    assert config["join"]["headline"] == "Every ฿25 earns a petal"
    assert config["tier"] is None
    assert config["name"] is None


def _config(shop: Shop, locale: str) -> dict[str, Any]:
    html = render_widget(shop, locale)
    found = re.search(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found
    config: dict[str, Any] = json.loads(found[1])
    return config


def _compressed(*files: Path) -> int:
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)


def _launcher_style() -> Path:
    return EXTENSION / "snippets/rewards-launcher-style.liquid"


def _texts(file: Path) -> dict[str, str]:
    return dict(_flat(json.loads(file.read_text(encoding="utf-8"))))


def _placeholders(file: Path) -> dict[str, list[str]]:
    return {key: sorted(re.findall(r"{{\s*(\w+)\s*}}", text)) for key, text in _texts(file).items()}


def _flat(texts: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for key, text in texts.items():
        name = f"{prefix}{key}"
        flat.extend(_flat(text, f"{name}.") if isinstance(text, dict) else [(name, text)])
    return flat
