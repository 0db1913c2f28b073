"""`copydesk perspective record`: a file of scores that Perspective gave."""

import gzip
import json
from pathlib import Path

import pytest

from moderation.model.perspective import Attribute
from moderation.runtime import Runtime
from moderation.services.comparing import compare
from moderation.services.sites import add_site
from tests.commands import Copydesk
from tests.factories import CLASSIFIER, classify_all, submit

ANSWER = {
    "external_id": "c2",
    "attributeScores": {
        "TOXICITY": {"summaryScore": {"value": 0.2, "type": "PROBABILITY"}},
        "SPAM": {"summaryScore": {"value": 0.9, "type": "PROBABILITY"}},
    },
    "languages": ["en"],
}


@pytest.fixture(autouse=True)
def _two_comments(cli_runtime: Runtime) -> None:
    site_id = add_site(cli_runtime, "agora", CLASSIFIER).id
    for external_id in ("c1", "c2"):
        submit(cli_runtime, site_id, external_id)
    classify_all(cli_runtime)


def line(external_id: object, **scores: object) -> str:
    return json.dumps({"external_id": external_id, "perspective_scores": scores})


def test_both_forms_of_a_line_are_recorded(
    copydesk: Copydesk, cli_runtime: Runtime, tmp_path: Path
) -> None:
    file = tmp_path / "scores.jsonl.gz"
    file.write_bytes(
        gzip.compress(f"{line('c1', TOXICITY=0.93)}\n\n{json.dumps(ANSWER)}\n".encode())
    )
    done = copydesk("perspective", "record", "agora", str(file))
    assert (done.status, done.err) == (0, "")
    assert done.out.split("\n")[0].split() == ["2", "recorded"]
    assert "No label of ours stands for SPAM" in done.out
    [toxicity] = compare(cli_runtime, "agora", CLASSIFIER).pairs
    assert (toxicity.attribute, toxicity.old) == (Attribute.TOXICITY, (0.2, 0.93))


def test_what_cannot_be_used_is_counted_by_its_reason(copydesk: Copydesk, tmp_path: Path) -> None:
    lines = [
        line("c1", TOXICITY=0.5),
        line("nowhere", TOXICITY=0.5),
        line("elsewhere", TOXICITY=0.5),
        line("c1", TOXICITY=5),
        line("c1", SPAM=0.5),
        line(7, TOXICITY=0.5),
        '{"external_id": "c1", "attributeScores": {"THREAT": 0.4}}',
        "canary",
    ]
    file = tmp_path / "scores.jsonl"
    file.write_text("\n".join(lines))
    done = copydesk("perspective", "record", "agora", str(file))
    assert done.status == 1
    counted = {
        " ".join(words): count for count, *words in map(str.split, done.out.strip().splitlines())
    }
    assert counted == {
        "recorded": "1",
        "skipped: the site has no such comment": "2",
        "skipped: it has no score from 0 to 1 for TOXICITY": "1",
        "skipped: it has no score that could be compared": "1",
        "skipped: it has no external_id": "1",
        "skipped: it has no score from 0 to 1 for THREAT": "1",
        "skipped: it is not JSON in UTF-8": "1",
    }
    assert "line 2 was skipped: the site has no such comment" in done.err
    assert "canary" not in done.out + done.err


def test_another_kind_of_file_is_refused(copydesk: Copydesk, tmp_path: Path) -> None:
    file = tmp_path / "scores.csv"
    file.write_text("external_id,TOXICITY\nc1,0.5\n")
    refused = copydesk("perspective", "record", "agora", str(file))
    assert (refused.status, refused.out) == (1, "")
    assert "a .jsonl file" in refused.err
