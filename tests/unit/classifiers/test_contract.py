"""What every registered classifier keeps. Detoxify's run on tiny checkpoints."""

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import pytest
from werkzeug.serving import make_server

from classifiers import registry
from classifiers.entry import MakeEntry
from classifiers.interface import Classifier
from moderation.model.classifier_options import ClassifierOptions
from moderation.model.comments import MAX_TEXT_LENGTH
from moderation.model.languages import NAMES
from tests.answering import answering

TEXTS = [
    "You are an idiot.",
    "y o u are an id*ot",
    "",
    "Thank you, the bridge is closed.",
    "the bridge " * 400,
    "?",
    "What time does the council meet? I would like to bring my neighbour along.",
]
EXAMPLE = "words"
"""What CONTRIBUTING.md shows: a classifier is one file and one line."""
LONGEST_VERSION = 100
"""What the tables hold."""
CONTRIBUTING = Path(__file__).parents[3] / "CONTRIBUTING.md"
REMOTE = CONTRIBUTING.parent / "docs" / "classifiers" / "remote.md"
TOKEN = "a-token-of-the-tests"  # noqa: S105
IN_ONE_PIECE = {EXAMPLE, "remote"}
"""Those that do all their work at once."""
HOSTILE = {
    "empty": "",
    "blank": " \t\n\r\u00a0\u2028\u3000",
    "one word": "idiot" * 1000,
    "huge": ("you are the bridge " * 1053)[:MAX_TEXT_LENGTH],
    "emoji": "🤬👨‍👩‍👧‍👦🏳️‍🌈" * 20,
    "right to left": "\u202eأنت أحمق\u202c וגם טיפש",
    "no Latin letter": "你好世界" * 100 + "안녕하세요 " * 100,
    "NUL": "you\0are\0an idiot\0",
    "lone surrogate": "you \ud83e are \udd2c\ud83e an idiot \ud800",
    "stacked accents": "i" + "\u0301" * 5000 + "diot",
    "control tokens": "[CLS] [SEP] [PAD] [MASK] [UNK] <s> </s> <pad> <mask> <unk> ##a ▁",
    "not characters": "\uffff\ufffe\ufdd0\U0010ffff\ufeff\ufffd",
}


def marks_of(name: str) -> Sequence[pytest.MarkDecorator]:
    if name == "remote":
        return [pytest.mark.enable_socket]
    return [pytest.mark.detoxify] if "detoxify" in name else []


@pytest.fixture(
    scope="module",
    params=[
        *(pytest.param(name, marks=marks_of(name)) for name in registry.names()),
        EXAMPLE,
    ],
)
def named(request: pytest.FixtureRequest) -> Iterator[tuple[str, ClassifierOptions]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "ENTRIES", {**registry.ENTRIES, **documented()})
        yield request.param, options_of(request)


def documented() -> dict[str, MakeEntry]:
    """Return the line of the registry that CONTRIBUTING.md shows, with the file it shows."""
    file, line = re.findall(r"```python\n(.*?)```", CONTRIBUTING.read_text(), re.DOTALL)
    module = ModuleType(EXAMPLE)
    exec(file, module.__dict__)  # noqa: S102 - our own documentation
    found: dict[str, MakeEntry] = eval(f"{{{line}}}", {EXAMPLE: module})  # noqa: S307
    return found


def options_of(request: pytest.FixtureRequest) -> ClassifierOptions:
    if "detoxify" in request.param:
        fetched: ClassifierOptions = request.getfixturevalue("fetched")(request.param)
        return fetched
    if request.param == "remote":
        url: str = request.getfixturevalue("documented_server")
        return ClassifierOptions(remote_url=url, remote_token=TOKEN)
    return ClassifierOptions(ensemble=("compact", EXAMPLE))


@pytest.fixture(scope="module")
def documented_server() -> Iterator[str]:
    """Run the server that docs/classifiers/remote.md shows; yield its address."""
    (code,) = re.findall(r"```python\n(.*?)```", REMOTE.read_text(), re.DOTALL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORES_TOKEN", TOKEN)
        module = ModuleType("scores")
        exec(code, module.__dict__)  # noqa: S102 - our own documentation
    server = make_server("127.0.0.1", 0, module.__dict__["app"], threaded=True)
    with answering(server):
        yield f"http://127.0.0.1:{server.port}/"


@pytest.fixture(scope="module")
def classifier(named: tuple[str, ClassifierOptions]) -> Classifier:
    return registry.load(*named)


def test_no_texts_have_no_scores(classifier: Classifier) -> None:
    assert classifier.classify([]) == []


def test_one_text_has_a_list_of_one(classifier: Classifier) -> None:
    scores = classifier.classify(["You are an idiot."])

    assert isinstance(scores, list)
    assert [set(one) for one in scores] == [set(classifier.labels)]


def test_many_texts_are_scored_in_their_order(classifier: Classifier) -> None:
    forth = classifier.classify(TEXTS)
    back = classifier.classify(TEXTS[::-1])

    assert len(forth) == len(TEXTS)
    assert forth == back[::-1]
    assert forth[0] != forth[3]


def test_a_score_does_not_depend_on_its_companions(classifier: Classifier) -> None:
    alone = [classifier.classify([text])[0] for text in TEXTS]

    assert classifier.classify(TEXTS) == alone
    assert classifier.classify(TEXTS + TEXTS) == alone + alone


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_any_text_is_scored_for_every_label(classifier: Classifier, text: str) -> None:
    (scores,) = classifier.classify([text])

    assert set(scores) == classifier.labels
    assert all(type(score) is float and math.isfinite(score) for score in scores.values())
    assert all(0.0 <= score <= 1.0 for score in scores.values())


def test_it_says_which_texts_it_can_read(classifier: Classifier) -> None:
    assert classifier.can_read("You are an idiot.")
    assert classifier.can_read("naïve café, 100 % 🎉")
    assert classifier.can_read("")
    assert classifier.can_read(r":( ¯\_(ツ)_/¯")
    assert not classifier.can_read("你好世界你是傻瓜")
    assert not classifier.can_read("أنت أحمق")
    assert not classifier.can_read("तुम मूर्ख हो")


def test_the_end_of_a_long_text_is_read(classifier: Classifier) -> None:
    filler = "the bridge is closed. " * 300
    endings = [f"{word} " * (1200 // len(word)) for word in ("idiot", "thank", "a", "?")]
    scores = classifier.classify([filler, *(filler + end for end in endings)])

    assert any(one != scores[0] for one in scores[1:])


def test_it_says_that_it_lives_after_each_piece_of_work(
    named: tuple[str, ClassifierOptions], classifier: Classifier
) -> None:
    beats: list[None] = []
    classifier.classify(["short", "the bridge " * 3000], between=lambda: beats.append(None))

    assert len(beats) > (0 if named[0] in IN_ONE_PIECE else 5)


def test_what_is_raised_between_pieces_ends_the_work(classifier: Classifier) -> None:
    with pytest.raises(TimeoutError):
        classifier.classify(["short"], between=_lease_lost)


def test_the_version_is_known_before_loading_and_stays(
    named: tuple[str, ClassifierOptions], classifier: Classifier
) -> None:
    announced = registry.version(*named)

    assert classifier.version == announced == registry.load(*named).version
    assert announced.startswith(f"{named[0]}@")
    assert len(announced) <= LONGEST_VERSION


def test_a_label_is_announced(classifier: Classifier) -> None:
    assert classifier.labels
    assert isinstance(classifier.labels, frozenset)


def test_the_registry_knows_labels_and_languages_without_loading(
    named: tuple[str, ClassifierOptions], classifier: Classifier
) -> None:
    entry = registry.entry(*named)
    entry.check()
    assert entry.labels() == classifier.labels
    assert entry.languages() == classifier.languages
    assert "en" in classifier.languages <= frozenset(NAMES)


def test_it_says_what_a_batch_may_cost(named: tuple[str, ClassifierOptions]) -> None:
    entry = registry.entry(*named)
    assert entry.time_limit > 0
    assert entry.batch_characters >= MAX_TEXT_LENGTH


def _lease_lost() -> None:
    raise TimeoutError
