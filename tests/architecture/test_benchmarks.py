"""Every benchmark is registered, and the page about them has a place for each."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.bench import __main__ as bench
from tests.bench import docs
from tests.bench.__main__ import BENCHES
from tests.bench.circumstances import Circumstances
from tests.bench.options import Options
from tests.bench.record import read_record
from tests.bench.results import Result, Target, read, write

ROOT = Path(__file__).parents[2]
OTHERS = (docs.MACHINE, docs.PLANS_OF_PAGES)
HERE = Circumstances(5, short=False, commit="0b64970", machine=("2 cores",))
FILES = sorted((ROOT / "tests" / "bench").glob("[!_]*.py"))


def has_run(path: Path) -> bool:
    body = ast.parse(path.read_text()).body
    functions = [node for node in body if isinstance(node, ast.FunctionDef) and node.name == "run"]
    return any([arg.arg for arg in node.args.args] == ["options"] for node in functions)


def test_every_file_that_measures_is_registered_under_its_name() -> None:
    assert set(BENCHES) == {path.stem for path in FILES if has_run(path)}


@pytest.mark.parametrize("name", [*BENCHES, *OTHERS])
def test_the_page_has_a_place_for_each_table(name: str) -> None:
    page = (ROOT / docs.PAGE).read_text()
    assert "a new table" in docs.replace(page, name, "a new table")


def test_the_page_speaks_of_nothing_that_is_not_measured() -> None:
    page = (ROOT / docs.PAGE).read_text()
    marked = {line[5:-4] for line in page.splitlines() if line.startswith("<!-- /")}
    assert {name.removeprefix("/") for name in marked} == {*BENCHES, *OTHERS}


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
        "| measure | value | target | met | runs |",
        "| --- | --- | --- | --- | --- |",
        "| undecided | 0.0 | ≤ 0 | yes | 1 |",
    ]


def test_measuring_one_benchmark_anew_keeps_the_others_rows(tmp_path: Path) -> None:
    record = read_record(tmp_path / "bench.json")
    for name in ("drain", "live"):
        record.begin(name)
        record.add(Result(name, "comments", 100, "1/s", 5))
        record.finish(name, HERE)
    again = read_record(tmp_path / "bench.json")
    again.begin("drain")
    left = read_record(tmp_path / "bench.json")
    assert left.finished == {"live": HERE}
    assert left.results == [Result("live", "comments", 100, "1/s", 5)]


@pytest.mark.parametrize("other", [{"runs": 3}, {"commit": "375d8b0"}, {"machine": ("8 cores",)}])
def test_resuming_measures_anew_what_was_measured_otherwise(
    other: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert measured_on_resuming(HERE, tmp_path, monkeypatch) == []
    assert measured_on_resuming(replace(HERE, **other), tmp_path, monkeypatch) == ["size"]


def measured_on_resuming(
    before: Circumstances, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    record = read_record(folder / "bench.json")
    record.finish("size", before)
    measured: list[str] = []
    monkeypatch.setattr(bench, "circumstances", lambda _: HERE)
    monkeypatch.setattr(bench, "measure", lambda name, *_: measured.append(name))
    bench.measure_all(["size"], Options(5, short=False), read_record(record.path), resume=True)
    return measured


def test_a_benchmark_that_breaks_off_leaves_a_row_and_is_not_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(_options: Options) -> Iterator[Result]:
        yield Result("size", "files", 1, "", 1)
        raise TimeoutError("not within 60 s")

    monkeypatch.setitem(BENCHES, "size", run)
    record = read_record(tmp_path / "bench.json")
    bench.measure("size", Options(1, short=True), record, HERE)
    kept = read_record(tmp_path / "bench.json")
    assert [row.measure for row in kept.results] == ["files", "broke off"]
    assert kept.results[-1].met is False
    assert not kept.finished


def test_the_page_names_each_machine_with_what_was_measured_there() -> None:
    there = replace(HERE, machine=("8 cores",))
    lines = "\n".join(docs.machine({"drain": HERE, "live": there}))
    assert lines.index("`drain`") < lines.index("2 cores") < lines.index("`live`")
    assert "`drain`" not in "\n".join(docs.machine({"drain": HERE}))
