"""Who may import whom: the contracts hold, and each of them would notice its violation."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]
PACKAGES = ("api", "worker", "classifiers", "moderation")
CONTRACTS = ROOT / "pyproject.toml"

LAYERS = "Every arrow points down"
LOADING = "Only the worker and the command line load a classifier"
SEEING = "A classifier sees text and labels, never our storage or our queue"
UNPICKLING = "What judges comments reads no checkpoint and unpickles nothing"
SQL = "Only storage knows SQLAlchemy"
RE2 = "Only word matching knows RE2"
WEB = "Only the web knows Flask"
CELERY = "Only the broker and the worker know Celery"
VIEWS = "Views call services, never tables"
APART = "The public API, the dashboard and drop-in endpoints do not know each other"

VIOLATIONS = [
    (LAYERS, "moderation/services/planted.py", "moderation.cli"),
    (LAYERS, "moderation/runtime.py", "moderation.services.intake"),
    (LAYERS, "moderation/model/planted.py", "moderation.environment"),
    (LAYERS, "moderation/health.py", "moderation.settings"),
    (LAYERS, "moderation/services/planted.py", "moderation.judging"),
    (LOADING, "api/planted.py", "classifiers.registry"),
    (LOADING, "moderation/judging.py", "classifiers.registry"),
    (LOADING, "moderation/progress.py", "onnxruntime"),
    (LOADING, "moderation/embedded/watch.py", "classifiers.registry"),
    (SEEING, "classifiers/planted.py", "moderation.storage.comments"),
    (SEEING, "classifiers/planted.py", "moderation.settings"),
    (SEEING, "classifiers/planted.py", "moderation.telemetry"),
    (SEEING, "classifiers/planted.py", "moderation.runtime"),
    (SEEING, "classifiers/compact/planted.py", "moderation"),
    (SEEING, "classifiers/planted.py", "redis"),
    (UNPICKLING, "classifiers/detoxify/exact.py", "classifiers.detoxify.checkpoints"),
    (UNPICKLING, "classifiers/detoxify/int8.py", "pickle"),
    (UNPICKLING, "classifiers/registry.py", "detoxify"),
    (UNPICKLING, "worker/planted.py", "joblib"),
    (SQL, "api/planted.py", "sqlalchemy"),
    (SQL, "moderation/judging.py", "sqlalchemy"),
    (SQL, "moderation/health.py", "sqlalchemy"),
    (SQL, "moderation/planted.py", "alembic"),
    (RE2, "moderation/services/planted.py", "re2"),
    (WEB, "moderation/planted.py", "flask"),
    (WEB, "worker/planted.py", "werkzeug"),
    (CELERY, "moderation/judging.py", "celery"),
    (CELERY, "moderation/progress.py", "celery"),
    (CELERY, "moderation/environment.py", "kombu"),
    (CELERY, "api/planted.py", "celery"),
    (VIEWS, "api/v1/planted.py", "moderation.storage.comments"),
    (APART, "api/v1/planted.py", "api.dashboard.words"),
    (APART, "api/compat/planted.py", "api.v1.parsing"),
]

STANDARD_LIBRARY_ONLY = [
    *(ROOT / "moderation" / "model").rglob("*.py"),
    # What a probe reads every few seconds.
    *(ROOT / "moderation" / f"{name}.py" for name in ("health", "progress", "environment")),
]


def test_every_import_points_down() -> None:
    assert lint_imports(config_filename=str(CONTRACTS), no_cache=True) == 0


def test_every_contract_is_tried() -> None:
    contracts = tomllib.loads(CONTRACTS.read_text())["tool"]["importlinter"]["contracts"]
    names = [contract["name"] for contract in contracts]
    assert names == list(dict.fromkeys(contract for contract, _, _ in VIOLATIONS))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Plant all violations in a copy of the packages; return what import-linter says of it."""
    place = tmp_path_factory.mktemp("planted")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, place / package, ignore=all_but_python)
    shutil.copy(CONTRACTS, place)
    for _, path, imported in VIOLATIONS:
        with (place / path).open("a") as file:
            file.write(f"\nimport {imported}\n")
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(("contract", "path", "imported"), VIOLATIONS)
def test_a_planted_violation_is_found(report: str, contract: str, path: str, imported: str) -> None:
    importer = path.removesuffix(".py").replace("/", ".")
    assert f"{contract} BROKEN" in report
    assert re.search(rf"{re.escape(importer)} -> {re.escape(imported)} \(", part(report, contract))


@pytest.mark.parametrize("path", STANDARD_LIBRARY_ONLY, ids=lambda path: path.name)
def test_the_model_and_the_probes_need_nothing_but_the_standard_library(path: Path) -> None:
    ours = {"moderation.model", "moderation.progress", "moderation.environment"}
    foreign = [
        name
        for name in imports(ast.parse(path.read_text()))
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not any(name == one or name.startswith(f"{one}.") for one in ours)
    ]
    assert foreign == []


@pytest.mark.parametrize("line", ["import numpy as np", "from structlog.typing import EventDict"])
def test_another_library_would_be_noticed(line: str) -> None:
    [name] = imports(ast.parse(line))
    assert name.partition(".")[0] not in sys.stdlib_module_names


def imports(tree: ast.Module) -> Iterator[str]:
    """Yield the modules that are imported anywhere in a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."


def part(report: str, contract: str) -> str:
    """Return what the report says of one broken contract."""
    _, _, broken = report.partition("Broken contracts")
    pieces = re.split(r"^(.+)\n-+\n", broken, flags=re.MULTILINE)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True)).get(contract, "")


def all_but_python(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if not (Path(folder, name).is_dir() or name.endswith(".py"))}
