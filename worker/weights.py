"""The settings and the classifiers of one process: all that judging needs.

The weights are loaded before a process forks, so that its children share their memory and the
successor of one that died works at once; nothing is computed with them there, for the threads of a
tensor library do not survive a fork.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Lock

import structlog

from classifiers import languages, registry
from classifiers.interface import Classifier
from moderation.model.errors import NotConfigured
from moderation.settings import Settings, read_settings

log = structlog.get_logger()

_LOADING = Lock()


@cache
def settings() -> Settings:
    """Return the settings of this process."""
    return read_settings()


@cache
def weights() -> Classifier:
    """Load the classifier, and what tells languages; connects to nothing. Raises NotConfigured."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        # Mostly unpacking, for which it needs no other thread to wait: a worker starts sooner.
        told = beside.submit(languages.load)
        loaded = registry.load(settings().classifier, settings().classifier_options())
    told.result()
    return loaded


def other_classifier() -> Classifier | None:
    """Load the classifier for other languages, at its first use: it is large, and many need none.

    None where there is none or it does not load; what was routed to it is left to people then.
    Several threads may ask at once.
    """
    with _LOADING:
        return _other_classifier()


@cache
def _other_classifier() -> Classifier | None:
    name = settings().other_classifier
    return None if name is None else _loaded_late(name)


@cache
def classifier_of(version: str) -> Classifier | None:
    """Load the one of this version beside that of this process, at its first use.

    None where there is none, or it does not load.
    """
    names = (settings().next_classifier, settings().other_classifier)
    name = next((name for name in names if name and _version_of(name) == version), None)
    loaded = None if name is None else _loaded_late(name)
    # Its files may have been fetched anew since.
    return loaded if loaded is not None and loaded.version == version else None


@cache
def _loaded_late(name: str) -> Classifier | None:
    try:
        return registry.load(name, settings().classifier_options())
    except Exception as error:  # noqa: BLE001 - it must not be tried again at every comment
        reason = str(error) if isinstance(error, NotConfigured) else type(error).__name__
        log.error("classifier_failed", classifier=name, reason=reason)  # noqa: TRY400 - the reason says it all
        return None


def _version_of(name: str) -> str | None:
    try:
        return registry.version(name, settings().classifier_options())
    except NotConfigured as error:
        log.warning("classifier_not_ready", classifier=name, reason=str(error))
        return None
