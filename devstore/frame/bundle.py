"""ES modules joined into the one classic script that a page of the app asks for."""

import re
from pathlib import Path

_IMPORT = re.compile(r'^import\s+\{[^}]*\}\s+from\s+"(\./[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|let|class|function))", re.MULTILINE)


def bundle(entry: Path) -> str:
    """Return `entry` and all it imports as one script whose names stay its own.

    Modules come before those that import them, each once. Names at the top level must differ between modules, because the
    modules share one scope.
    """
    parts: list[str] = []
    _visit(entry.resolve(), set(), parts)
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "\n})();\n"


def _visit(module: Path, seen: set[Path], parts: list[str]) -> None:
    if module in seen:
        return
    seen.add(module)
    source = module.read_text(encoding="utf-8")
    for name in _IMPORT.findall(source):
        _visit((module.parent / name).resolve(), seen, parts)
    parts.append(_EXPORT.sub("", _IMPORT.sub("", source)))
