"""Every benchmark is registered, and the page about them has a place for each."""

import ast
from pathlib import Path

import pytest

from tests.bench import docs
from tests.bench.__main__ import BENCHES
from tests.bench.results import Result, Target, read, write

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "tests" / "bench").glob("[!_]*.py"))


def has_run(path: Path) -> bool:
    body = ast.parse(path.read_text()).body
    functions = [node for node in body if isinstance(node, ast.FunctionDef) and node.name == "run"]
    return any([arg.arg for arg in node.args.args] == ["options"] for node in functions)


def test_every_file_that_measures_is_registered_under_its_name() -> None:
    assert set(BENCHES) == {path.stem for path in FILES if has_run(path)}


@pytest.mark.parametrize("name", [*BENCHES, docs.MACHINE])
def test_the_page_has_a_place_for_each_table(name: str) -> None:
    page = (ROOT / docs.PAGE).read_text()
    assert "a new table" in docs.replace(page, name, "a new table")


def test_the_page_speaks_of_nothing_that_is_not_measured() -> None:
    page = (ROOT / docs.PAGE).read_text()
    marked = {line[5:-4] for line in page.splitlines() if line.startswith("<!-- /")}
    assert {name.removeprefix("/") for name in marked} == {*BENCHES, docs.MACHINE}


def test_rows_are_read_as_they_were_written(tmp_path: Path) -> None:
    rows = [
        Result("intake", "requests", 900.5, "1/s", 5, "no-op", 3000.0, 0.3, Target(at_least=0.3)),
        Result("memory", "all", 400, "MB", 5, note="USS 300 MB"),
    ]
    write(rows, tmp_path / "rows.json")
    assert read(tmp_path / "rows.json") == rows


def test_a_table_leaves_out_columns_that_nobody_fills() -> None:
    rows = [Result("outage", "undecided", 0, "", 1, target=Target(at_most=0))]
    assert list(docs.table(rows)) == [
        "| measure | value | target | met |",
        "| --- | --- | --- | --- |",
        "| undecided | 0.0 | ≤ 0 | yes |",
    ]
