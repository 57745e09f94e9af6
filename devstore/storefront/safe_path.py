"""Keeps redirects on this site."""


def local_path(asked: str | None, otherwise: str) -> str:
    """Return `asked` if it is a path of this site, else `otherwise`."""
    if asked and asked.startswith("/") and not asked.startswith(("//", "/\\")):
        return asked
    return otherwise
