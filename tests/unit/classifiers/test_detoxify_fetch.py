"""Fetching from a folder: what is checked, what is refused, and what is left behind."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from classifiers import registry
from classifiers.detoxify.origins import origin_of
from classifiers.detoxify.releases import COMPANIONS, RELEASES
from moderation.model.classifier_options import ClassifierOptions
from moderation.model.errors import NotConfigured
from moderation.model.labels import Label
from tests.checkpoints import fetch, imported

pytestmark = pytest.mark.detoxify

Make = Callable[..., Path]
Checkpoints = Callable[[str], Path]
NAME = "detoxify:original"
ROOT = Path(__file__).parents[3]


@pytest.fixture
def checkpoint(tiny_checkpoint: Checkpoints) -> Path:
    return tiny_checkpoint("original")


def nothing_in(models: Path) -> bool:
    return not models.exists() or not list(models.iterdir())


def test_what_is_published_is_where_detoxify_says() -> None:
    urls = imported("detoxify.detoxify").MODEL_URLS

    assert {model_type: release.url for model_type, release in RELEASES.items()} == urls
    for release in RELEASES.values():
        assert origin_of(release, None).digits == release.checkpoint[-13:-5]


def test_a_fetched_model_is_a_folder_without_pickles(checkpoint: Path, tmp_path: Path) -> None:
    fetch(f"{NAME}@int8", tmp_path, checkpoint)

    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")} == {
        "detoxify-original",
        "detoxify-original/config.json",
        "detoxify-original/manifest.json",
        "detoxify-original/model.safetensors",
        "detoxify-original/tokenizer.json",
        "detoxify-original-int8",
        "detoxify-original-int8/manifest.json",
        "detoxify-original-int8/model.int8.onnx",
        "detoxify-original-int8/tokenizer.json",
    }
    assert all(path.stat().st_mode & 0o444 == 0o444 for path in tmp_path.rglob("*.*"))
    assert checkpoint.is_file()


def test_a_whole_digest_is_recorded_for_each_source(checkpoint: Path, tmp_path: Path) -> None:
    fetch(NAME, tmp_path, checkpoint)
    manifest = json.loads((tmp_path / "detoxify-original" / "manifest.json").read_text())

    assert set(manifest["sources"]) == {checkpoint.name, *COMPANIONS}
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in manifest["sources"].values())
    assert manifest["sources"][checkpoint.name].startswith(checkpoint.name[-13:-5])


@pytest.mark.parametrize("name", [NAME, f"{NAME}@int8"])
def test_what_is_there_and_whole_is_left_alone(checkpoint: Path, tmp_path: Path, name: str) -> None:
    fetch(name, tmp_path, checkpoint)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}

    # Not even the mirror is looked at.
    fetch(name, tmp_path, "/nowhere")
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_two_fetches_do_not_write_into_one_file(checkpoint: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    first = registry.fetch("detoxify:original", ClassifierOptions(models), str(checkpoint))
    next(first)
    with pytest.raises(NotConfigured, match="another fetch is at work"):
        fetch("detoxify:original@int8", models, checkpoint)
    assert not list(first)
    assert registry.version("detoxify:original", ClassifierOptions(models))


def test_what_is_damaged_is_fetched_anew(checkpoint: Path, tmp_path: Path) -> None:
    options = fetch(NAME, tmp_path, checkpoint)
    before = registry.version(NAME, options)
    (tmp_path / "detoxify-original" / "model.safetensors").write_bytes(b"rust")

    assert registry.load(NAME, fetch(NAME, tmp_path, checkpoint)).version == before


def test_another_checkpoint_than_at_the_first_fetch_is_refused(
    make_checkpoint: Make, checkpoint: Path, tmp_path: Path
) -> None:
    fetch(NAME, tmp_path, checkpoint)
    weights = tmp_path / "detoxify-original" / "model.safetensors"
    weights.write_bytes(b"rust")
    other = make_checkpoint("original", names=["toxic"])

    with pytest.raises(NotConfigured, match="is another file than at the first fetch"):
        fetch(NAME, tmp_path, other)
    assert weights.read_bytes() == b"rust"


def test_a_folder_with_the_published_names_is_a_mirror(checkpoint: Path, tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    for file in (*COMPANIONS, checkpoint.name):
        (mirror / file).write_bytes((checkpoint.parent / file).read_bytes())
    published = mirror / RELEASES["original"].checkpoint
    (mirror / checkpoint.name).rename(published)

    # Only the digest gives it away: this is not what Detoxify published.
    with pytest.raises(NotConfigured, match=r"c1212f89\.ckpt is damaged or another file"):
        fetch(NAME, tmp_path / "models", mirror)
    assert nothing_in(tmp_path / "models")
    assert published.is_file()


@pytest.mark.parametrize("missing", COMPANIONS)
def test_a_missing_companion_is_named(make_checkpoint: Make, tmp_path: Path, missing: str) -> None:
    incomplete = make_checkpoint("original")
    (incomplete.parent / missing).unlink()

    with pytest.raises(NotConfigured, match=rf"cannot copy .*{missing}: No such file"):
        fetch(NAME, tmp_path, incomplete)
    assert nothing_in(tmp_path)


def test_a_missing_checkpoint_is_named(checkpoint: Path, tmp_path: Path) -> None:
    absent = checkpoint.with_name("tiny-00000000.ckpt")

    with pytest.raises(NotConfigured, match=r"cannot read .*tiny-00000000\.ckpt: No such file"):
        fetch(NAME, tmp_path, absent)
    assert nothing_in(tmp_path)


@pytest.mark.parametrize(
    "given",
    [
        "https://mirror.example/%2e%2e%2fetc-12345678.ckpt",
        "https://mirror.example/..-12345678.ckpt",
        "https://mirror.example/a\\..\\b-12345678.ckpt",
        "https://mirror.example/.hidden-12345678.ckpt",
        "https://mirror.example/weights.ckpt",
        "/srv/models/weights.ckpt",
    ],
)
def test_a_name_that_leads_elsewhere_or_says_no_digest_is_refused(given: str) -> None:
    with pytest.raises(NotConfigured, match="is no name of a checkpoint"):
        origin_of(RELEASES["original"], given)


@pytest.mark.parametrize(
    "given",
    [
        "ftp://mirror.example/models",
        "file:///etc",
        "https://",
        "https://user:word@mirror.example/models",
        "https://mirror.example:port/models",
        "https://[mirror/models",
        "https://mirror.example/models?token=1",
        "https://mirror.example/models#here",
        "https://mirror.exämple/models",
    ],
)
def test_what_is_no_address_to_fetch_from_is_refused(given: str) -> None:
    with pytest.raises(NotConfigured, match="is no folder and no address"):
        origin_of(RELEASES["original"], given)


def test_names_in_a_manifest_are_no_paths(checkpoint: Path, tmp_path: Path) -> None:
    options = fetch(NAME, tmp_path, checkpoint)
    path = tmp_path / "detoxify-original" / "manifest.json"
    fields = json.loads(path.read_text())
    fields["files"]["../../secret"] = "0" * 64
    path.write_text(json.dumps(fields))

    assert registry.load(NAME, options).classify(["you"])


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"classifier": 1, "labels": 2, "files": 3, "sources": 4}']
)
def test_a_manifest_that_cannot_be_read_is_told(tmp_path: Path, content: str) -> None:
    folder = tmp_path / "detoxify-original"
    folder.mkdir()
    (folder / "manifest.json").write_text(content)

    with pytest.raises(NotConfigured, match=r"cannot read .*manifest\.json"):
        registry.version(NAME, ClassifierOptions(tmp_path))


def test_the_folder_of_another_model_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    options = fetch(NAME, tmp_path, checkpoint)
    (tmp_path / "detoxify-original").rename(tmp_path / "detoxify-unbiased")

    with pytest.raises(NotConfigured, match="holds detoxify:original, not detoxify:unbiased"):
        registry.version("detoxify:unbiased", options)


class RunsCode:
    """What an attacker puts into a pickle."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return os.mkdir, (self.folder,)


def test_a_checkpoint_that_runs_code_is_refused_before_it_does(
    make_checkpoint: Make, tmp_path: Path
) -> None:
    hostile = make_checkpoint("original", content=RunsCode(tmp_path / "pwned"))

    with pytest.raises(NotConfigured, match="no file of weights alone"):
        fetch(NAME, tmp_path / "models", hostile)
    assert not (tmp_path / "pwned").exists()
    assert nothing_in(tmp_path / "models")


@pytest.mark.parametrize(
    ("spoiled", "complaint"),
    [
        ({"content": {"weights": 1}}, "no checkpoint of Detoxify"),
        ({"content": [1, 2]}, "no checkpoint of Detoxify"),
        ({"names": ["toxic", "sarcasm"]}, "scores 'sarcasm', which is no label of ours"),
        ({"model_name": "AlbertForSequenceClassification"}, "not the BertForSequence"),
        ({"model_name": "GPT2Model"}, "not the BertForSequence"),
        ({"weights": lambda all_of: dict([*all_of.items()][:-1])}, "lacks 1 weights"),
        ({"weights": lambda _: {}}, r"lacks \d+ weights"),
    ],
)
def test_a_checkpoint_that_would_answer_wrongly_is_refused(
    make_checkpoint: Make, tmp_path: Path, spoiled: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(NotConfigured, match=complaint):
        fetch(NAME, tmp_path, make_checkpoint("original", **spoiled))
    assert nothing_in(tmp_path)


def test_the_tokenizer_of_another_model_is_told(
    make_checkpoint: Make, tiny_checkpoint: Checkpoints, tmp_path: Path
) -> None:
    checkpoint = make_checkpoint("original")
    other = tiny_checkpoint("unbiased").with_name("tokenizer.json")
    (checkpoint.parent / "tokenizer.json").write_bytes(other.read_bytes())

    with pytest.raises(NotConfigured, match=r"the tokenizer beside .* is another model's"):
        fetch(NAME, tmp_path, checkpoint)


def test_a_conversion_that_scores_otherwise_is_not_put_in_place(
    torch: ModuleType, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    safetensors = imported("safetensors.torch")
    save = safetensors.save_file

    def spoil(weights: dict[str, Any], *arguments: Any, **options: Any) -> None:  # noqa: ANN401
        save(weights | {"classifier.bias": torch.ones(6)}, *arguments, **options)

    monkeypatch.setattr(safetensors, "save_file", spoil)
    with pytest.raises(NotConfigured, match="does not score as Detoxify does"):
        fetch(NAME, tmp_path, checkpoint)
    assert nothing_in(tmp_path)


def test_the_name_of_a_hub_model_in_the_checkpoint_is_not_looked_up(
    make_checkpoint: Make, tmp_path: Path
) -> None:
    options = fetch(NAME, tmp_path, make_checkpoint("original", hub_name="bert-base-uncased"))

    assert registry.load(NAME, options).classify(["you"])


def test_outputs_without_a_name_are_left_out(make_checkpoint: Make, tmp_path: Path) -> None:
    options = fetch(NAME, tmp_path, make_checkpoint("original", names=["toxic", "insult", "male"]))

    assert registry.load(NAME, options).labels == {Label.TOXICITY, Label.INSULT}


@pytest.mark.parametrize("package", ["torch", "safetensors.torch", "detoxify.detoxify", "onnx"])
def test_a_missing_package_is_told_before_anything_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(NotConfigured, match=rf"{package} is not installed: pip install copydesk\["):
        fetch(f"{NAME}@int8", tmp_path, None)
    assert nothing_in(tmp_path)


WATCHED = """
import sys
from pathlib import Path
from classifiers import registry
from moderation.model.classifier_options import ClassifierOptions

asked = []
sys.addaudithook(lambda event, _: asked.append(event) if event.startswith("socket.") else None)
_, models, checkpoint = sys.argv
for _ in registry.fetch("detoxify:original", ClassifierOptions(Path(models)), checkpoint):
    pass
print(sorted(set(asked) & {"socket.connect", "socket.getaddrinfo", "socket.sendto"}))
"""


def test_fetching_from_a_folder_asks_no_network(
    checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It would make transformers itself keep from asking.
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-W", "ignore", "-c", WATCHED, str(tmp_path), str(checkpoint)],
        capture_output=True,
        check=True,
        timeout=120,
        text=True,
    )

    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_one_file_alone_reads_pickles() -> None:
    readers = {
        str(path.relative_to(ROOT))
        for package in ("api", "classifiers", "moderation", "worker")
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"import (pickle|joblib)|torch\.(load|hub)\b", path.read_text())
        # Reads its own checkpoints, on the machine that trains.
        and "training" not in path.parts
    }

    assert readers == {"classifiers/detoxify/checkpoints.py"}
