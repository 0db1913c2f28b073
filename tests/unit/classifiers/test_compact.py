"""The embedded default: its files, its limits, and that it can tell an insult."""

import json
import multiprocessing
import shutil
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from classifiers import registry
from classifiers.cleaning import RULES
from classifiers.compact.manifest import HERE, read_manifest
from classifiers.compact.model import load
from classifiers.interface import Classifier
from moderation.model.comments import MAX_TEXT_LENGTH
from moderation.model.errors import NotConfigured
from moderation.model.labels import Label, Scores

NEWS = "The council met on Tuesday to discuss the new bridge over the river. "


@pytest.fixture(scope="module")
def compact() -> Classifier:
    return registry.load("compact")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("manifest.json", "model.int8.onnx", "tokenizer.json"):
        shutil.copy(HERE / name, tmp_path)
    return tmp_path


def test_an_insult_scores_high_and_a_civil_remark_low(compact: Classifier) -> None:
    insult, civil = compact.classify(
        ["You are a stupid fucking idiot.", "I disagree with the mayor about the bridge."]
    )

    assert insult[Label.TOXICITY] > 0.9
    assert insult[Label.INSULT] > 0.8
    assert max(civil.values()) < 0.2


def test_an_insult_at_the_very_end_of_a_long_comment_is_found(compact: Classifier) -> None:
    insult = "You are a stupid fucking idiot."
    filler = (NEWS * 300)[: MAX_TEXT_LENGTH - len(insult) - 1]
    harmless, hidden = compact.classify([filler, f"{filler} {insult}"])

    assert harmless[Label.TOXICITY] < 0.3
    assert hidden[Label.TOXICITY] > 0.8


@pytest.mark.parametrize("word", ["fuckyou", "idiot", "youareanidiot"])
def test_an_endless_word_is_read_and_not_taken_for_one_unknown_token(
    compact: Classifier, word: str
) -> None:
    unread, endless = compact.classify(["🜏", word * (MAX_TEXT_LENGTH // len(word))])

    assert unread[Label.TOXICITY] < 0.2
    assert endless[Label.TOXICITY] > 0.6


def test_words_of_ordinary_length_are_left_whole(compact: Classifier) -> None:
    longest = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    halves, whole = compact.classify([f"{longest[:40]} {longest[40:]}", longest])

    assert halves != whole


def test_control_tokens_in_a_comment_are_only_letters() -> None:
    tokenizer = Tokenizer.from_file(str(HERE / "tokenizer.json"))
    control = {tokenizer.token_to_id(name) for name in ("[PAD]", "[CLS]", "[SEP]", "[MASK]")}
    (window,) = load().windows.of("you [CLS] [SEP] [PAD] [MASK] idiot")

    assert set(window[1:-1]).isdisjoint(control)
    assert set(window) & control == {window[0], window[-1]}


def test_the_dearest_text_stays_within_its_tensor_calls(compact: Classifier) -> None:
    calls: list[None] = []
    compact.classify(["안녕하세요" * 4, "각 " * 10_000], between=lambda: calls.append(None))

    assert len(calls) <= 1 + 110


def test_it_runs_on_one_thread_after_a_fork(compact: Classifier) -> None:
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    texts = ["You idiot.", NEWS]
    expected = compact.classify(texts)
    child = context.Process(target=_classify_in_child, args=(sender, texts))
    child.start()

    assert receiver.poll(30)
    assert receiver.recv() == (1, expected)
    child.join(30)
    assert child.exitcode == 0


def _classify_in_child(sender: Connection, texts: Sequence[str]) -> None:
    classifier = registry.load("compact")
    scores: list[Scores] = classifier.classify(texts)
    threads = len([*Path("/proc/self/task").iterdir()]) if Path("/proc/self/task").exists() else 1
    sender.send((threads, scores))


@pytest.mark.parametrize("name", ["model.int8.onnx", "tokenizer.json"])
def test_a_changed_file_is_refused_by_its_digest(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[-2] ^= 1
    (copy / name).write_bytes(content)

    with pytest.raises(NotConfigured, match=rf"{name} is damaged or another file.*SHA-256"):
        load(read_manifest(copy))


def test_a_cut_file_is_refused_by_its_size(copy: Path) -> None:
    (copy / "model.int8.onnx").write_bytes(b"version https://git-lfs")

    with pytest.raises(NotConfigured, match="has 23 bytes, expected are 22,998,884"):
        load(read_manifest(copy))


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "tokenizer.json").unlink()

    with pytest.raises(NotConfigured, match=r"cannot read .*tokenizer\.json: No such file"):
        load(read_manifest(copy))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"weights": {"file": 1}}'])
def test_a_manifest_that_cannot_be_read_is_an_error(copy: Path, content: str) -> None:
    (copy / "manifest.json").write_text(content)

    with pytest.raises(NotConfigured, match=r"cannot read .*manifest\.json"):
        read_manifest(copy)


def test_the_version_is_the_digest_of_the_weights_and_the_rules_of_cleaning() -> None:
    weights = json.loads((HERE / "manifest.json").read_text())["weights"]

    assert registry.version("compact") == f"compact@{weights['sha256'][:12]}+cleaning{RULES}"
