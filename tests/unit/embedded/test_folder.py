import stat
from pathlib import Path

import pytest

from moderation.embedded import folder as folders
from moderation.embedded.errors import CannotStart
from moderation.embedded.folder import (
    forget_address,
    keep_address,
    keep_secret_key,
    open_folder,
)


def test_a_new_folder_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    with open_folder(tmp_path / "deep" / "var") as made:
        for path in (made.path, made.logs, made.valkey):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_the_secret_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    key = tmp_path / "secret_key"
    with open_folder(tmp_path) as made:
        keep_secret_key(made)
        first = key.read_text()
        keep_secret_key(made)
    assert key.read_text() == first
    assert len(first.strip()) >= 64
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_an_operator_s_own_secret_key_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPYDESK_SECRET_KEY", "their own")
    with open_folder(tmp_path) as made:
        keep_secret_key(made)
    assert not (tmp_path / "secret_key").exists()


def test_a_second_run_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with (
        open_folder(tmp_path),
        pytest.raises(CannotStart, match=r"runs on .* already.*process \d+"),
        open_folder(tmp_path),
    ):
        pass
    with open_folder(tmp_path):
        pass


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    with (
        pytest.raises(CannotStart, match=r"var/ cannot be written .* COPYDESK_VAR"),
        open_folder(tmp_path / "var"),
    ):
        pass


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MIN_FREE_MEGABYTES", 10**12)
    with pytest.raises(CannotStart, match=r"is full: \d+ MB are free"), open_folder(tmp_path):
        pass


def test_the_address_is_told_and_forgotten(tmp_path: Path) -> None:
    with open_folder(tmp_path) as made:
        keep_address(made, "http://127.0.0.1:8081")
        assert (tmp_path / "public_url").read_text() == "http://127.0.0.1:8081\n"
        forget_address(made)
        forget_address(made)
    assert not (tmp_path / "public_url").exists()
