"""How much a site's head helps a community whose norms differ, simulated; see docs/learning.md.

`python -m tests.quality.community`: fans who swear at each other as friends, and bullies whom their
moderators reject. Scores are those of the compact classifier. Moderators see what its thresholds
flag and a tenth of the rest, and err in three of a hundred. In the newest fifth a share of comments
(`--new`) is made from sentences that no earlier one was made from: what helps there was not learnt
by heart.
"""

import argparse
import json
import random
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from classifiers import registry
from classifiers.compact.training.own_texts import TEXTS, own_examples
from classifiers.head.training import score_all, train
from classifiers.interface import Classifier
from moderation.cli.learn import report
from moderation.model.classification import Facts
from moderation.model.decisions import Action
from moderation.model.head_trials import line_for, scored, trial_of
from moderation.model.ids import CommentId
from moderation.model.learning import Judged, parted
from moderation.model.policy import first_policy
from moderation.model.verdicts import decide

SAMPLES = Path("tests/samples/community")
MIX = {"friendly": 0.35, "hostile": 0.2, "plain": 0.45}
"""Kinds of comments, and their shares."""

KEPT_SHARE = 4
"""One template in so many is used in the newest fifth alone."""

BULLIES = ("insults.txt", "insults_beside_groups.txt", "threats.txt", "identity_attacks.txt")
"""Of the texts that the classifier is trained on: half of what is hostile is of these."""
OF_EACH = 500

SEEN_SHARE = 0.1
ERRORS = 0.03
BATCH = 64


def main() -> None:
    """Simulate it, and say what a head would change."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--comments", type=int, default=8_000)
    options.add_argument("--new", type=float, default=0.5, help="share in the newest fifth")
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    classifier = registry.load("compact")
    policy = first_policy(classifier.version, classifier.labels)
    source = random.Random(given.seed)  # noqa: S311 - nothing secret
    written = list(_written(given.comments, given.new, source))
    judged = [
        one
        for one in _judged(classifier, written, source)
        if decide(one.facts, policy).action is not Action.APPROVE or source.random() < SEEN_SHARE
    ]
    parts = parted(judged)
    weights = train(parts)
    between, newest = (
        scored(part, score_all(weights, part)) for part in (parts.between, parts.newest)
    )
    trial = trial_of(newest, policy, line_for(between, policy))
    say = f"{len(written):,} comments, {len(judged):,} decisions, {classifier.version}"
    for line in (say, *report(trial), trial.finding.value):
        print(line)  # noqa: T201 - what it is for


def _written(many: int, new: float, source: random.Random) -> Iterator[tuple[str, bool]]:
    """Yield texts in the order of time, and whether moderators would reject each."""
    words = json.loads((SAMPLES / "words.json").read_text())
    templates = {kind: (SAMPLES / f"{kind}.txt").read_text().splitlines() for kind in MIX}
    bullies = {kept: list(_bullies(kept=kept)) for kept in (True, False)}
    for number in range(many):
        is_new = number >= many * 0.8 and source.random() < new
        [kind] = source.choices(list(MIX), list(MIX.values()))
        if kind == "hostile" and source.random() < 0.5:
            yield source.choice(bullies[is_new]), True
            continue
        fitting = [one for one in templates[kind] if _is_kept(one) == is_new]
        filling = {name: source.choice(several) for name, several in words.items()}
        yield source.choice(fitting).format(**filling), kind == "hostile"


def _is_kept(template: str) -> bool:
    return zlib.crc32(template.encode()) % KEPT_SHARE == 0


def _bullies(*, kept: bool) -> Iterator[str]:
    names = sorted(file.name for file in TEXTS.iterdir() if file.name.endswith(".txt"))
    for number, example in enumerate(own_examples(OF_EACH, 1, kept=kept)):
        if names[number // OF_EACH] in BULLIES:
            yield example.text


def _judged(
    classifier: Classifier, written: list[tuple[str, bool]], source: random.Random
) -> Iterator[Judged]:
    began = datetime(2026, 1, 1, tzinfo=UTC)
    for start in range(0, len(written), BATCH):
        batch = written[start : start + BATCH]
        scores = classifier.classify([text for text, _ in batch])
        for at, ((text, unwanted), found) in enumerate(zip(batch, scores, strict=True), start):
            yield Judged(
                comment_id=CommentId(UUID(int=at)),
                revision=1,
                rejected=unwanted != (source.random() < ERRORS),
                facts=Facts(classifier.version, found),
                written_at=began + timedelta(minutes=at),
                text=text,
            )


if __name__ == "__main__":
    main()
