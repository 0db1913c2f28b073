"""A comparison with Perspective from pairs to what is printed and written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from classifiers.evaluation.translating import LabelTranslation, translate_label
from classifiers.evaluation.translation_report import TranslationReport, render
from moderation.cli import screen
from moderation.cli.score_output import OutputFormat
from moderation.cli.translation_output import print_translation
from moderation.model.errors import InvalidInput, NotFound
from moderation.model.perspective import USUAL_THRESHOLDS, Attribute
from moderation.services.carrying import ENOUGH
from moderation.services.comparing import MOST, Comparison, Pairs


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the operator asked for; `moderation.cli.perspective_compare` describes each."""

    site: str
    thresholds: tuple[str, ...]
    seed: int
    html: Path | None
    output: OutputFormat


def report(wanted: Wanted, found: Comparison) -> None:
    """Translate, print, and write the page if wanted. Raises InvalidInput, NotFound."""
    given = _thresholds(wanted.thresholds)
    if wanted.html is not None and not wanted.html.parent.is_dir():
        raise InvalidInput(f"There is no folder {wanted.html.parent}.")
    _check(wanted.site, given, found)
    made = TranslationReport(
        file=f"Perspective, at {wanted.site}",
        scored_by=found.classifier,
        made_at=datetime.now(UTC),
        seed=wanted.seed,
        skipped=None,
        results=[_translated(pairs, given, wanted.seed) for pairs in found.pairs],
        notes=list(_notes(found)),
    )
    print_translation(made, wanted.output)
    if wanted.html is not None:
        wanted.html.write_text(render(made), encoding="utf-8")
        if wanted.output is OutputFormat.TABLE:
            screen.say(f"The report is in {wanted.html}")


def _thresholds(given: Sequence[str]) -> dict[Attribute, list[float]]:
    found: dict[Attribute, list[float]] = {}
    for words in given:
        name, _, number = words.partition("=")
        try:
            attribute, score = Attribute(name.strip().upper()), float(number)
        except ValueError:
            raise InvalidInput(
                "--threshold is ATTRIBUTE=SCORE, as in TOXICITY=0.8; attributes are "
                f"{', '.join(Attribute)}."
            ) from None
        if not 0 <= score <= 1:
            raise InvalidInput("A threshold is a score from 0 to 1.")
        found.setdefault(attribute, []).append(score)
    return found


def _check(site: str, given: Mapping[Attribute, object], found: Comparison) -> None:
    """Raise NotFound where there is nothing to compare."""
    have = {pairs.attribute for pairs in found.pairs}
    if not have:
        raise NotFound(
            f"No comment of {site} has scores by Perspective and by {found.classifier}. "
            "docs/migrating-from-perspective.md says how to get some."
        )
    if missing := [attribute for attribute in given if attribute not in have]:
        raise NotFound(f"No comment has scores by both for {', '.join(missing)}.")


def _translated(
    pairs: Pairs, given: Mapping[Attribute, Sequence[float]], seed: int
) -> LabelTranslation:
    thresholds = sorted(set(given.get(pairs.attribute, USUAL_THRESHOLDS)))
    both = np.array(pairs.old), np.array(pairs.new)
    return translate_label(pairs.label, pairs.attribute, both, thresholds, seed)


def _notes(found: Comparison) -> Iterator[str]:
    """Say what these comments cannot tell."""
    for pairs in found.pairs:
        if len(pairs.old) < ENOUGH:
            yield (
                f"{pairs.attribute}: only {len(pairs.old):,} comments have both scores. On fewer "
                f"than {ENOUGH}, chance says as much as they do."
            )
    for attribute in found.unscored:
        yield f"{attribute}: {found.classifier} does not score {attribute.label}."
    most = max(len(pairs.old) for pairs in found.pairs)
    if most == MOST:
        yield f"Only the newest {MOST:,} comments were compared."
    elif most < found.texts:
        yield (
            f"{found.texts - most:,} of {found.texts:,} comments with scores by Perspective have "
            f"none by {found.classifier} that count."
        )
