"""A classifier judges comments and tells nobody about it."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOAD = "from classifiers import registry; registry.load('compact').classify(['Good morning.'])"


def test_a_loaded_classifier_leaves_no_notes_on_the_machine(tmp_path: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"
    }
    subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", LOAD],
        env=environment | {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")},
        cwd=ROOT,
        check=True,
    )
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
