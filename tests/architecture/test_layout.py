"""The shape of the source tree: sizes and names."""

import ast
import re
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from moderation.storage.tables import MODULES

ROOT = Path(__file__).parents[2]
PACKAGES = ("api", "worker", "classifiers", "moderation")
SOURCES = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
TESTS = list((ROOT / "tests").rglob("*.py"))
MAX_LINES = 250
MAX_TEST_LINES = 400
MAX_FUNCTION_LINES = 40
VAGUE = {"utils.py", "helpers.py", "common.py", "constants.py", "misc.py", "base.py"}
SYNONYMS = re.compile(r"\b(tenant|tenants|reviewer|reviewers)\b", re.IGNORECASE)


def of_migration(path: Path) -> bool:
    return "migrations" in path.parts


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_file_fits_on_a_few_screens(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MAX_LINES or of_migration(path)


@pytest.mark.parametrize("path", TESTS, ids=name)
def test_a_test_file_can_be_read_in_one_go(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MAX_TEST_LINES


def test_a_function_fits_on_one_screen() -> None:
    long = [
        f"{name(path)}:{node.name}"
        for path in SOURCES
        if not of_migration(path)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        and (node.end_lineno or 0) - node.lineno >= MAX_FUNCTION_LINES
    ]
    assert long == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [name(path) for path in SOURCES if path.name in VAGUE] == []


def test_one_word_is_used_for_one_thing() -> None:
    assert [name(path) for path in SOURCES if SYNONYMS.search(path.read_text())] == []


def test_only_settings_read_the_environment() -> None:
    # What probes need, without what the settings import.
    allowed = {"moderation/settings.py", "moderation/environment.py"}
    readers = {
        name(path)
        for path in SOURCES
        if re.search(r"os\.(environ|getenv)", path.read_text())
        and not name(path).startswith("moderation/embedded")
    }
    assert readers <= allowed


def test_the_generic_package_names_belong_to_this_distribution_alone() -> None:
    owners = packages_distributions()
    assert {package: set(owners.get(package, [])) for package in PACKAGES} == {
        package: {"copydesk"} for package in PACKAGES
    }


def test_pages_never_switch_escaping_off() -> None:
    unsafe = re.compile(r"\|\s*safe\b|Markup\(|innerHTML|insertAdjacentHTML|hx-on|autoescape false")
    pages = [
        path
        for folder in ("api", "classifiers/evaluation")
        for suffix in ("py", "html", "js", "xml", "svg")
        for path in (ROOT / folder).rglob(f"*.{suffix}")
        if "vendor" not in path.parts
    ]
    assert [name(path) for path in pages if unsafe.search(path.read_text())] == []


def test_all_tables_are_listed_in_one_place() -> None:
    storage = ROOT / "moderation" / "storage"
    with_tables = {
        path.stem for path in storage.glob("*.py") if re.search(r"= Table\(", path.read_text())
    }
    listed = {module.__name__.rpartition(".")[2] for module in MODULES}
    assert listed == with_tables


def test_all_decision_records_are_listed_in_their_order() -> None:
    folder = ROOT / "docs" / "adr"
    listed = re.findall(
        r"^\| \[\d{4}\]\((.+?)\) \|", (folder / "README.md").read_text(), re.MULTILINE
    )
    assert listed == sorted(path.name for path in folder.glob("0*.md"))
