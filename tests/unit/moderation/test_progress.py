"""Marks of progress, and what a probe reads in them."""

import os
import time
from pathlib import Path

from moderation.progress import DEFAULT_PATIENCE, Mark, excuse, known, look, touched


def age(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_a_mark_says_how_long_it_is_good_and_whose_it_is(tmp_path: Path) -> None:
    Mark(tmp_path, "classify").begin(53)
    progress = look(tmp_path, "classify")
    assert (progress.patience, progress.pid) == (53, os.getpid())
    assert progress.is_recent
    assert known(tmp_path) == ["classify"]


def test_a_mark_grows_old_until_it_is_touched(tmp_path: Path) -> None:
    mark = Mark(tmp_path, "retry")
    mark.begin(53)
    age(tmp_path / "progress" / "retry", 54)
    assert not look(tmp_path, "retry").is_recent
    before = touched(tmp_path, "retry")
    mark.touch()
    assert look(tmp_path, "retry").is_recent
    assert touched(tmp_path, "retry") != before


def test_a_mark_that_somebody_removed_comes_back(tmp_path: Path) -> None:
    mark = Mark(tmp_path, "retry")
    mark.begin(53)
    (tmp_path / "progress" / "retry").unlink()
    mark.touch()
    assert look(tmp_path, "retry").patience == 53


def test_an_excuse_counts_like_progress(tmp_path: Path) -> None:
    Mark(tmp_path, "beat").begin(60)
    age(tmp_path / "progress" / "beat", 100)
    assert excuse(tmp_path, "beat")
    assert look(tmp_path, "beat").is_recent
    assert known(tmp_path) == ["beat"]


def test_where_nothing_was_left_the_age_is_infinite(tmp_path: Path) -> None:
    progress = look(tmp_path, "beat")
    assert (progress.age, progress.patience) == (float("inf"), DEFAULT_PATIENCE)
    assert progress.pid is None
    assert not progress.is_recent


def test_a_mark_from_before_the_clock_was_set_back_says_nothing(tmp_path: Path) -> None:
    Mark(tmp_path, "beat").begin(60)
    age(tmp_path / "progress" / "beat", -3600)
    assert look(tmp_path, "beat").age == float("inf")


def test_a_folder_that_cannot_be_written_stops_no_worker(tmp_path: Path) -> None:
    (tmp_path / "progress").write_text("not a folder")
    mark = Mark(tmp_path, "beat")
    assert not mark.begin(60)
    mark.touch()
    assert not excuse(tmp_path, "beat")
    assert look(tmp_path, "beat").pid is None
