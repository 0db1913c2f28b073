"""The plain workers with the compact classifier: `celery -A tests.bench.plain_compact worker`."""

from classifiers import registry
from moderation.settings import read_settings
from tests.bench.plain import Classify, make_worker


def load() -> Classify:
    classifier = registry.load("compact")
    return lambda text: classifier.classify([text])[0]


app = make_worker(read_settings(), load, registry.version("compact"))
