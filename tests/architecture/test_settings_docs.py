"""What an operator can set, call or write into a file is described where they look for it."""

import re
from pathlib import Path

import pytest

from moderation.embedded.programs import programs
from moderation.services.import_fields import FIELDS
from moderation.settings import PREFIX, Settings

DOCS = Path(__file__).parents[2] / "docs"
OPERATIONS = (DOCS / "operations.md").read_text()
IMPORTING = (DOCS / "importing.md").read_text()
SETTINGS = Settings(secret_key="s" * 40)  # type: ignore[arg-type]


def row(variable: str) -> list[str]:
    """Return the cells of a variable's row in the table of settings."""
    (line,) = re.findall(rf"^\| `{variable}` \|.*$", OPERATIONS, re.MULTILINE)
    cells = line.strip("|").split(" | ")
    return [cell.strip() for cell in cells]


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_has_a_row_that_says_what_it_does(field: str) -> None:
    _name, default, meaning = row(PREFIX + field.upper())
    assert len(meaning) > 20
    built_in = Settings.model_fields[field].default
    if isinstance(built_in, bool | int):
        assert default == f"`{str(built_in).lower()}`"


def test_no_row_describes_a_setting_that_is_gone() -> None:
    described = re.findall(rf"^\| `{PREFIX}(\w+)` \|", OPERATIONS, re.MULTILINE)
    assert sorted(name.lower() for name in described) == sorted(Settings.model_fields)


def test_every_program_and_its_log_are_described() -> None:
    for program in programs(SETTINGS):
        assert f"| {program.name} |" in OPERATIONS
        assert f"`var/log/{program.name}.log`" in OPERATIONS


def test_every_field_of_an_import_is_described() -> None:
    described = re.findall(r"^\| (`.*?) \|", IMPORTING, re.MULTILINE)
    names = {name for cell in described for name in re.findall(r"`(\w+)`", cell)}
    assert names == set(FIELDS)
