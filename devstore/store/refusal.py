"""What Shopify refuses to do with money that is given away."""


class MoneyRefused(ValueError):
    """A gift card or credit that can't be; carries the field, code and words of the user error."""

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.code = code
        self.message = message
