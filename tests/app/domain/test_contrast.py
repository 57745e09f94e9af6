import pytest

from app.domain.contrast import BLACK, WHITE, text_on


@pytest.mark.parametrize(
    ("colour", "text"),
    [
        ("#1f5f4a", WHITE),
        ("#000000", WHITE),
        ("#ffffff", BLACK),
        ("#ffd400", BLACK),
        ("#c0392b", WHITE),
    ],
)
def test_text_on_a_brand_colour_is_the_one_that_reads_better(colour, text):
    assert text_on(colour) == text
