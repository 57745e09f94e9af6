"""The colour of text on a brand colour, by the contrast formula of WCAG 2.2."""

BLACK, WHITE = "#000000", "#ffffff"


def text_on(colour: str) -> str:
    """Return black or white, whichever contrasts more with `colour` (#rrggbb)."""
    light = _luminance_ppm(colour)
    # (1.05) / (L + 0.05) against (L + 0.05) / 0.05, in millionths to stay with integers.
    offset = 50_000
    return WHITE if 1_050_000 * offset > (light + offset) ** 2 else BLACK


def _luminance_ppm(colour: str) -> int:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return (2126 * _linear_ppm(red) + 7152 * _linear_ppm(green) + 722 * _linear_ppm(blue)) // 10_000


def _linear_ppm(channel: int) -> int:
    share = channel / 255
    linear = share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
    return round(linear * 1_000_000)
