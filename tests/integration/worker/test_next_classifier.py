"""The next classifier beside the present one: which worker process has it, and for what."""

from collections.abc import Iterator

import pytest

from classifiers import registry
from moderation.runtime import Runtime
from moderation.settings import Settings
from moderation.storage import classifier_versions
from worker import process, weights
from worker.timing import slowest

COMPACT = registry.version("compact")


@pytest.fixture(autouse=True)
def _nothing_loaded() -> Iterator[None]:
    yield
    process.classifier_of.cache_clear()
    weights.classifier_of.cache_clear()


@pytest.fixture(autouse=True)
def _here(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "judging", lambda: runtime)


def configure(monkeypatch: pytest.MonkeyPatch, settings: Settings, **names: str) -> None:
    changed = settings.model_copy(update=names)
    monkeypatch.setattr(weights, "settings", lambda: changed)


def versions(runtime: Runtime) -> list[tuple[str, bool]]:
    """Return which versions were seen, and whether each has decided."""
    table = classifier_versions.classifier_versions
    with runtime.reading() as connection:
        rows = connection.execute(table.select())
        return [(row.version, row.started_at is not None) for row in rows]


@pytest.mark.parametrize("beside", ["next_classifier", "other_classifier"])
def test_a_worker_has_the_versions_beside_its_own(
    runtime: Runtime, settings: Settings, monkeypatch: pytest.MonkeyPatch, beside: str
) -> None:
    configure(monkeypatch, settings, classifier="detoxify:original", **{beside: "compact"})
    found = process.classifier_of(COMPACT)
    assert found is not None
    assert found.version == COMPACT
    assert process.classifier_of("compact@older") is None
    assert versions(runtime) == [(COMPACT, False)]


def test_a_next_classifier_without_its_model_is_none(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, settings, next_classifier="detoxify:original")
    assert process.classifier_of("detoxify:original@0123456789ab") is None


def test_a_model_that_was_fetched_anew_meanwhile_is_not_taken_for_the_old_one(
    runtime: Runtime, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(monkeypatch, settings, next_classifier="compact")
    with monkeypatch.context() as before:
        before.setattr(weights, "_version_of", lambda _name: "compact@older")
        assert process.classifier_of("compact@older") is None
    assert versions(runtime) == []


def test_leases_last_as_long_as_the_slowest_of_all_needs(settings: Settings) -> None:
    beside = settings.model_copy(update={"next_classifier": "detoxify:original"})
    assert slowest(settings).time_limit < slowest(beside).time_limit
