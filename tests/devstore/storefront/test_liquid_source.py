"""What is not Liquid comes out of a Liquid file before it is parsed."""

from devstore.storefront.liquid_source import setting_defaults, split_source


def test_schema_script_and_style_are_cut_out():
    source = split_source(
        'before {%- schema -%}{"name": "A"}{%- endschema -%}'
        "{% javascript %}const a = '{{ no }}';{% endjavascript %}"
        "{% stylesheet %}.a{}{% endstylesheet %} after"
    )

    assert source.liquid == "before  after"
    assert source.schema == {"name": "A"}
    assert source.javascript == "const a = '{{ no }}';"
    assert source.stylesheet == ".a{}"


def test_a_file_without_schema_has_no_settings():
    assert setting_defaults(split_source("<p>").schema) == {}


def test_settings_without_a_default_are_none_and_headings_are_no_settings():
    schema = {"settings": [{"id": "a", "default": 1}, {"id": "b"}, {"type": "header"}]}

    assert setting_defaults(schema) == {"a": 1, "b": None}
