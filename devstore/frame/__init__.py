"""The admin frame: the app in an iframe, with stand-ins for App Bridge and Polaris."""

from devstore.frame.routes import blueprint

__all__ = ["blueprint"]
