"""`copydesk perspective compare`: from pairs to thresholds and a report."""

import csv
import io
import json
import re
from pathlib import Path
from random import Random

import pytest

from moderation.model.ids import SiteId
from moderation.model.labels import Label
from moderation.model.perspective import Attribute
from moderation.runtime import Runtime
from moderation.services.sites import add_site
from tests.commands import Copydesk
from tests.factories import CIVIL, CLASSIFIER, classify_all, submit

COMPARE = ("perspective", "compare", "agora")
CANARY = "what Alice wrote"


@pytest.fixture
def site_id(cli_runtime: Runtime) -> SiteId:
    return add_site(cli_runtime, "agora", CLASSIFIER).id


def score(runtime: Runtime, site_id: SiteId, number: int) -> None:
    """Let both score comments: Perspective from 0 to 1, ours about half of it."""
    lot = Random(7)  # noqa: S311 - no secret
    for at in range(number):
        old = at / number
        given = {Attribute.TOXICITY: old, Attribute.THREAT: 0.1, Attribute.SEXUALLY_EXPLICIT: 0.1}
        submit(runtime, site_id, f"c{at}", text=CANARY, perspective_scores=given)
        classify_all(runtime, CIVIL | {Label.TOXICITY: (old + lot.random() / 10) / 2.2})


def test_a_table_says_what_stands_for_a_threshold_and_what_the_sample_cannot_tell(
    copydesk: Copydesk, cli_runtime: Runtime, site_id: SiteId
) -> None:
    score(cli_runtime, site_id, 120)
    done = copydesk(*COMPARE, "--threshold", "TOXICITY=0.5")
    assert (done.status, done.err) == (0, "")
    assert f"toxicity: from TOXICITY to {CLASSIFIER}" in done.out
    assert re.search(r"120 comments, rank correlation 0\.99\d \(0\.99\d to 0\.99\d\)", done.out)
    row = r"^ *0\.5 +60 \(50 %\) +0\.2\d\d \(0\.2\d\d to 0\.[23]\d\d\) +60 +\d+"
    assert re.search(row, done.out, re.MULTILINE)
    assert "TOXICITY: only 120 comments have both scores" in done.out
    assert f"SEXUALLY_EXPLICIT: {CLASSIFIER} does not score sexual_explicit" in done.out
    # Of THREAT nothing was asked: some usual thresholds, which flag too few to say.
    assert "are flagged for threat at 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95" in done.out
    assert CANARY not in done.out


def test_programs_get_lines_and_people_a_page(
    copydesk: Copydesk, cli_runtime: Runtime, site_id: SiteId, tmp_path: Path
) -> None:
    score(cli_runtime, site_id, 20)
    page = tmp_path / "report.html"
    words = (*COMPARE, "--threshold", "TOXICITY=.5", "--threshold", "TOXICITY=.9")
    done = copydesk(*words, "--format", "jsonl", "--html", str(page))
    rows = [json.loads(line) for line in done.out.splitlines()]
    toxicity = [row for row in rows if row["from"] == "TOXICITY"]
    assert [(row["old_threshold"], row["flagged"]) for row in toxicity] == [(0.5, 10), (0.9, 2)]
    assert (toxicity[0]["same_share_flagged"], toxicity[0]["few"]) == (10, True)
    written = page.read_text()
    assert written.count('role="img"') == 4
    assert "only 20 comments have both scores" in written
    assert "Lines skipped" not in written
    assert CANARY not in written
    printed = copydesk(*words, "--format", "csv").out
    assert len(list(csv.DictReader(io.StringIO(printed)))) == len(rows)


def test_without_pairs_it_says_how_to_get_some(
    copydesk: Copydesk, cli_runtime: Runtime, site_id: SiteId
) -> None:
    submit(cli_runtime, site_id, "c1")
    classify_all(cli_runtime)
    refused = copydesk(*COMPARE)
    assert (refused.status, refused.out) == (1, "")
    assert "No comment of agora has scores by Perspective and by" in refused.err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--threshold", "0.8"), "--threshold is ATTRIBUTE=SCORE"),
        (("--threshold", "SPAM=0.8"), "--threshold is ATTRIBUTE=SCORE"),
        (("--threshold", "TOXICITY=80"), "a score from 0 to 1"),
        (("--threshold", "TOXICITY=nan"), "a score from 0 to 1"),
        (("--threshold", "INSULT=0.8"), "scores by both for INSULT"),
        (("--classifier", "compact@0"), "no scores by compact@0"),
        (("--html", "nowhere/report.html"), "no folder nowhere"),
    ],
)
def test_what_cannot_be_compared_is_one_line(
    copydesk: Copydesk,
    cli_runtime: Runtime,
    site_id: SiteId,
    words: tuple[str, ...],
    complaint: str,
) -> None:
    score(cli_runtime, site_id, 2)
    refused = copydesk(*COMPARE, *words)
    assert (refused.status, refused.out) == (1, "")
    assert complaint in refused.err
