"""The fields of a reward type's configuration, and how what was entered is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.domain.errors import LoyaltyError

FieldKind = Literal["money", "percentage", "whole_number", "points", "days", "text", "variants"]

MOST_MONEY_MINOR = 10**12
MOST_VARIANTS = 50
MOST_TEXT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardField:
    """One field of a reward's settings form.

    Numbers are whole: minor units, basis points, points or days. `text` is a line of text,
    `variants` a list of the ids of product variants.
    """

    name: str
    kind: FieldKind
    required: bool
    most: int = MOST_MONEY_MINOR
    """The largest number, the longest text, or the most variants."""


class InvalidReward(LoyaltyError):
    """The reward's configuration cannot be accepted."""

    def __init__(self, field_errors: Mapping[str, str]) -> None:
        super().__init__()
        self.field_errors = dict(field_errors)
        """By field name: required, not_positive, negative, too_large, too_many, not_a_number,
        not_text, unknown, and what a type itself finds wrong."""


MINIMUM_SUBTOTAL = RewardField(name="minimum_subtotal_minor", kind="money", required=False)


def read_fields(fields: tuple[RewardField, ...], config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of `config` as they are kept, or raise InvalidReward with every fault.

    Required numbers must be above 0; what is left out counts as 0, "" or no variants.
    """
    values: dict[str, Any] = {}
    known = {field.name for field in fields}
    errors = {name: "unknown" for name in config if name not in known}
    for field in fields:
        try:
            values[field.name] = _read(field, config.get(field.name))
        except _Fault as fault:
            errors[field.name] = fault.code
    if errors:
        raise InvalidReward(errors)
    return values


class _Fault(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _read(field: RewardField, value: object) -> Any:  # noqa: ANN401 - as its kind has it
    if value is None or value in ("", [], ()):
        if field.required:
            raise _Fault("required")
        return {"text": "", "variants": ()}.get(field.kind, 0)
    if field.kind == "text":
        return _text(field, value)
    if field.kind == "variants":
        return _variants(field, value)
    return _number(field, value)


def _number(field: RewardField, value: object) -> int:
    number = _whole(value)
    if number > field.most:
        raise _Fault("too_large")
    if field.required and number <= 0:
        raise _Fault("not_positive")
    if number < 0:
        raise _Fault("negative")
    return number


def _text(field: RewardField, value: object) -> str:
    if not isinstance(value, str):
        raise _Fault("not_text")
    text = value.strip()
    if field.required and not text:
        raise _Fault("required")
    if len(text) > field.most:
        raise _Fault("too_large")
    return text


def _variants(field: RewardField, value: object) -> tuple[int, ...]:
    if not isinstance(value, list | tuple):
        raise _Fault("unknown")
    ids = tuple(dict.fromkeys(_whole(each) for each in value))
    if len(ids) > field.most:
        raise _Fault("too_many")
    if any(each <= 0 for each in ids):
        raise _Fault("not_positive")
    return ids


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Fault("not_a_number")
    return value
