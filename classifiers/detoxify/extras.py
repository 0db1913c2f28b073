"""The packages of the extra `detoxify`, imported when one of them is needed."""

from importlib import import_module
from types import ModuleType

from moderation.model.errors import NotConfigured


def imported(module: str) -> ModuleType:
    """Import a package or a part of one. Raises NotConfigured where it is not installed."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise not_installed(error.name) from error


def not_installed(package: str | None) -> NotConfigured:
    """Return the error that says how to get a package."""
    return NotConfigured(f"{package} is not installed: pip install copydesk[detoxify]")


def quiet_transformers() -> ModuleType:
    """Import transformers, which draws progress bars and reports what it loads if not told."""
    transformers = imported("transformers")
    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
    return transformers
