"""What a UI extension's TOML says: where it stands and which metafields it reads."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from devstore.services import Services


@dataclass(frozen=True)
class ExtensionConfig:
    """The parts of shopify.extension.toml that Shopify acts on."""

    name: str
    targets: tuple[str, ...] = ()
    metafields: tuple[tuple[str, str], ...] = ()
    network_access: bool = False


@dataclass(frozen=True)
class UiExtension:
    """One UI extension of the app, as the build leaves it."""

    folder: Path
    script: Path

    @property
    def is_built(self) -> bool:
        """Tell whether there is something to run."""
        return self.script.is_file()

    @property
    def config(self) -> ExtensionConfig:
        """Return what its TOML says now."""
        return read_config(self.folder)

    @property
    def locales(self) -> Path:
        """Return the folder of its texts."""
        return self.folder / "locales"


def ui_extension(services: Services, handle: str, script: str) -> UiExtension:
    """Return the extension in the folder `handle`, which the build makes `script` of."""
    folder = services.settings.extensions / handle
    return UiExtension(folder, folder / "dist" / script)


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
