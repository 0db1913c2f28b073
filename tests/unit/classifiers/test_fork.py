"""The pool of a worker forks after the weights are loaded: a classifier must survive that."""

import json
import subprocess
import sys

import pytest

SCRIPT = """
import json, os, sys
from pathlib import Path
from classifiers import registry
from moderation.model.classifier_options import ClassifierOptions

name, models = json.loads(sys.argv[1])
loaded = registry.load(name, ClassifierOptions(Path(models)))
reading, writing = os.pipe()
if not os.fork():
    [scores] = loaded.classify(["You are an idiot."])
    os.write(writing, json.dumps(scores).encode())
    os._exit(0)
os.wait()
[scores] = loaded.classify(["You are an idiot."])
print(json.dumps([json.loads(os.read(reading, 10_000)), scores]))
"""


@pytest.mark.parametrize(
    "name",
    [
        "compact",
        pytest.param("detoxify:original", marks=pytest.mark.detoxify),
        pytest.param("detoxify:original@int8", marks=pytest.mark.detoxify),
    ],
)
def test_a_child_scores_with_the_weights_that_its_parent_loaded(
    request: pytest.FixtureRequest, name: str
) -> None:
    arguments = [name, ""]
    if name.startswith("detoxify"):
        arguments = [name, str(request.getfixturevalue("fetched")(name).models)]
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-W", "ignore", "-c", SCRIPT, json.dumps(arguments)],
        capture_output=True,
        check=True,
        timeout=120,
    )
    in_child, in_parent = json.loads(done.stdout)
    assert in_child == pytest.approx(in_parent)
    assert in_child
