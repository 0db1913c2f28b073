"""Clocks that differ between processes, and clocks that jump, change nothing."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from signal import SIGCONT, SIGKILL, SIGSTOP

import pytest

from tests.installation import Installation, installation, wait_until
from tests.servers import scratch_database

PROGRAMS = ("web", "classify", "retry", "deliveries", "beat")
SOON = 120.0
"""Less than any skew and jump here: who waits for a clock to catch up is too late."""


@pytest.fixture(scope="session")
def clock_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile what tells a process another time of day."""
    # libfaketime would do, but its 0.9.10 breaks `time.sleep` where only the time of day is faked.
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("needs a C compiler")
    library = tmp_path_factory.mktemp("clock") / "clock.so"
    command = [compiler, "-shared", "-fPIC", "-Wall", "-Werror", "-o", str(library)]
    subprocess.run([*command, str(Path(__file__).parent / "clock.c")], check=True)  # noqa: S603 - our own command
    return library


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(
    request: pytest.FixtureRequest, tmp_path: Path, clock_library: Path
) -> Iterator[Installation]:
    """Yield an installation whose programs read their clock through `clock_file`."""
    if request.param == "sqlite":
        with installation(tmp_path) as made:
            yield _with_clocks(made, clock_library)
        return
    server = request.getfixturevalue("postgresql_server")
    with scratch_database(server) as url, installation(tmp_path, url) as made:
        yield _with_clocks(made, clock_library)


def _with_clocks(desk: Installation, clock_library: Path) -> Installation:
    for name in PROGRAMS:
        set_clock(desk, name, 0)
        desk.variables[name] = {
            "LD_PRELOAD": str(clock_library),
            "TEST_CLOCK": str(clock_file(desk, name)),
        }
    return desk


def clock_file(desk: Installation, name: str) -> Path:
    return desk.folder / f"clock-{name}"


def set_clock(desk: Installation, name: str, seconds: int) -> None:
    """Set a program's clock so far ahead of this machine's (behind it, if negative)."""
    new = clock_file(desk, f"{name}-new")
    new.write_text(str(seconds))
    new.rename(clock_file(desk, name))


def post(desk: Installation, count: int, prefix: str) -> None:
    comments = [
        {"external_id": f"{prefix}{number}", "text": f"Comment number {number}. " * 8}
        for number in range(count)
    ]
    assert desk.post("/v1/comments/batch", {"comments": comments}).status == 200


def freeze_with_jobs_in_hand(desk: Installation) -> None:
    """Stop the classify workers between a claim and its recording."""
    for turn in range(30):
        post(desk, 100, f"frozen-{turn}-")
        desk.kill("classify", SIGSTOP)
        if desk.mid_batch():
            return
        desk.kill("classify", SIGCONT)
    raise AssertionError("no batch was hit")


def assert_each_decided_once(desk: Installation) -> None:
    wait_until(desk.all_decided, SOON)
    rows = desk.rows(
        "SELECT count(d.id) FROM comments c LEFT JOIN decisions d ON d.comment_id = c.id "
        "GROUP BY c.id"
    )
    assert {row[0] for row in rows} == {1}
    assert not desk.rows("SELECT 1 FROM classifications WHERE failure IS NOT NULL LIMIT 1")


@pytest.mark.parametrize(
    "skews",
    [
        {"web": -150, "deliveries": 150, "retry": 150},
        {"web": 150, "deliveries": -150, "retry": -150},
    ],
    ids=["who-looks-after-the-others-is-ahead", "who-looks-after-the-others-is-behind"],
)
def test_clocks_that_are_apart_change_nothing(desk: Installation, skews: dict[str, int]) -> None:
    for name, seconds in skews.items():
        set_clock(desk, name, seconds)
    desk.start()
    desk.ready()
    freeze_with_jobs_in_hand(desk)
    # Long enough for whoever believes that these leases ran out, and shorter than they last.
    time.sleep(2.5)
    assert desk.rows("SELECT max(attempts) FROM jobs") == [(1,)]
    desk.kill("classify", SIGCONT)
    assert_each_decided_once(desk)
    # What Redis lost is found by its age, and not when a clock has caught up.
    desk.kill("classify")
    post(desk, 50, "lost")
    desk.kill("valkey")
    desk.start("valkey", "classify")
    assert_each_decided_once(desk)


def test_jumping_clocks_hold_nothing_up(desk: Installation) -> None:
    desk.start()
    desk.ready()
    for jump in (-300, 3300, -300):
        freeze_with_jobs_in_hand(desk)
        for child in desk.children("classify"):
            os.kill(child, SIGKILL)
        desk.kill("classify")
        post(desk, 50, f"lost-{jump}-{time.monotonic()}-")
        desk.kill("valkey")
        for name in PROGRAMS:
            set_clock(desk, name, jump)
        desk.start("valkey", "classify")
        assert_each_decided_once(desk)
