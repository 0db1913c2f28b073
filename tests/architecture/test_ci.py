""".ci/run, with every program that it calls replaced: what it makes of their ends."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNTRIED = 75
CALLED = {
    "make": "exit ${MAKE_ENDS:-0}",
    "chromium": "",
    "openssl": "",
    "cc": "",
    "fc-list": "echo NotoSansArabic",
}


def write(path: Path, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def run_ci(place: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    (place / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", place / ".ci" / "run")
    for name, body in CALLED.items():
        write(place / "bin" / name, body)
    write(place / "tests" / "compose" / "run", "exit ${COMPOSE_ENDS:-0}")
    path = f"{place / 'bin'}:{os.environ['PATH']}"
    return subprocess.run(  # noqa: S603 - a copy of our own command
        [place / ".ci" / "run"],
        env={"PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("compose", "ci"), [(0, 0), (1, 1), (UNTRIED, 0), (130, 130)])
def test_a_missing_container_engine_is_said_and_a_failure_with_one_fails(
    tmp_path: Path, compose: int, ci: int
) -> None:
    done = run_ci(tmp_path, COMPOSE_ENDS=str(compose))
    assert done.returncode == ci, done.stderr
    assert ("checked as text alone" in done.stdout) is (compose == UNTRIED)


def test_a_starter_of_containers_that_fails_is_a_missing_engine(tmp_path: Path) -> None:
    done = run_ci(tmp_path, COMPOSE_ENDS="75", COPYDESK_CONTAINERS="false")
    assert done.returncode == 0
    assert "checked as text alone" in done.stdout


def test_what_make_finds_wrong_fails_before_any_container(tmp_path: Path) -> None:
    done = run_ci(tmp_path, MAKE_ENDS="2", COMPOSE_ENDS="75")
    assert done.returncode == 2
    assert done.stdout == ""
