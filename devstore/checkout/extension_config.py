"""What the checkout extension's TOML says: where it stands and which metafields it reads."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from devstore.services import Services

EXTENSION = "checkout-points"
CHECKOUT_PLAN = "Plus"
THANK_YOU = "purchase.thank-you."


@dataclass(frozen=True)
class ExtensionConfig:
    """The parts of shopify.extension.toml that the checkout acts on."""

    name: str
    targets: tuple[str, ...] = ()
    metafields: tuple[tuple[str, str], ...] = ()
    network_access: bool = False


def extension_folder(services: Services) -> Path:
    """Return the folder of the checkout extension."""
    return services.settings.extensions / EXTENSION


def script_path(services: Services) -> Path:
    """Return where the built extension is."""
    return extension_folder(services) / "dist" / "checkout.js"


def read_config(folder: Path) -> ExtensionConfig:
    """Return what the TOML in `folder` says; without one the extension stands nowhere."""
    path = folder / "shopify.extension.toml"
    if not path.is_file():
        return ExtensionConfig("")
    extension = tomllib.loads(path.read_text(encoding="utf-8"))["extensions"][0]
    return ExtensionConfig(
        name=extension["name"],
        targets=tuple(place["target"] for place in extension.get("targeting", [])),
        metafields=tuple(
            (each["namespace"], each["key"]) for each in extension.get("metafields", [])
        ),
        network_access=extension.get("capabilities", {}).get("network_access", False),
    )


def shown_targets(services: Services) -> tuple[str, ...]:
    """Return the targets that this shop's plan shows: those of the checkout itself need Plus."""
    if not script_path(services).is_file():
        return ()
    targets = read_config(extension_folder(services)).targets
    if services.store.shop.plan == CHECKOUT_PLAN:
        return targets
    return tuple(target for target in targets if target.startswith(THANK_YOU))
