"""The joining of ES modules into one script."""

import pytest

from devstore.frame.bundle import bundle


@pytest.fixture
def modules(tmp_path):
    (tmp_path / "one.js").write_text("export const one = 1;\n")
    (tmp_path / "two.js").write_text('import { one } from "./one.js";\nexport function two() {}\n')
    main = tmp_path / "main.js"
    main.write_text(
        'import {\n  one,\n} from "./one.js";\nimport { two } from "./two.js";\n\ntwo(one);\n'
    )
    return main


def test_modules_stand_before_those_that_import_them(modules):
    script = bundle(modules)

    assert script.index("const one") < script.index("function two") < script.index("two(one)")


def test_a_module_imported_twice_stands_once(modules):
    assert bundle(modules).count("const one = 1;") == 1


def test_nothing_is_left_of_imports_and_exports(modules):
    script = bundle(modules)

    assert "import" not in script
    assert "export" not in script
