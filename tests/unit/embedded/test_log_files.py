from pathlib import Path

import pytest

from moderation.embedded import log_files
from moderation.embedded.log_files import last_lines, rotate, trim


def test_the_last_run_s_log_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    rotate(log)
    for run in ("first", "second", "third"):
        log.write_text(run)
        rotate(log)
    assert not log.exists()
    assert (tmp_path / "web.log.1").read_text() == "third"


def test_a_long_log_is_put_aside_while_its_program_writes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_files, "MAX_BYTES", 10)
    log = tmp_path / "web.log"
    with log.open("ab", buffering=0) as program:
        program.write(b"short")
        trim(log)
        assert log.read_bytes() == b"short"
        program.write(b" and then too long")
        trim(log)
        program.write(b"afterwards")
    assert log.read_bytes() == b"afterwards"
    assert (tmp_path / "web.log.1").read_bytes() == b"short and then too long"


def test_the_end_of_a_log_is_shown_whatever_it_holds(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    assert last_lines(log, 2) == []
    log.write_bytes(b"one\ntwo\n\xff three\n")
    assert last_lines(log, 2) == ["two", "\N{REPLACEMENT CHARACTER} three"]
