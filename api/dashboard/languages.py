"""Languages of the desk: which there are, whose turn it is, and its words for ours."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from babel import Locale
from babel.dates import format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import g, has_request_context, request

from api.dashboard.zones import zone
from moderation.model.errors import ModerationError

FOLDER = Path(__file__).parent / "translations"

OURS = "en"
"""The language that pages are written in, and that a message without translation comes in."""

Named = TypeVar("Named")


@cache
def languages() -> Mapping[str, str]:
    """Return the languages of the desk: their codes and what they call themselves.

    Ours, and one for each catalog in `translations/`.
    """
    codes = [OURS, *sorted(path.stem for path in FOLDER.glob("*.po"))]
    return {
        code: (Locale.parse(code).get_display_name(code) or code).capitalize() for code in codes
    }


def speak(code: str | None) -> None:
    """Answer this request in the language that the person chose, where they chose one."""
    if code in languages():
        g.language = code


def language() -> str:
    """Return the language of this page: that which the person chose, or their browser asks for."""
    if not has_request_context():
        return OURS
    if "language" not in g:
        g.language = request.accept_languages.best_match(languages()) or OURS
    return str(g.language)


def gettext(message: str, /, **values: object) -> str:
    """Return a message in the language of this page, with these values filled in."""
    return _filled(_catalog(language()).gettext(message), values)


def told(error: ModerationError) -> str:
    """Return what an error says in the language of this page, where a catalog knows it.

    A value may be an error too: part of a sentence, of which there may be several.
    """
    return gettext(error.message, **{name: _said(one) for name, one in error.values.items()})


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """Return a message about a number of things in the language of this page."""
    return _filled(_catalog(language()).ngettext(one, many, number), values)


def pgettext(context: str, message: str, /, **values: object) -> str:
    """Return a message that means different things in different places."""
    return _filled(str(_catalog(language()).pgettext(context, message)), values)


def npgettext(context: str, one: str, many: str, number: int, /, **values: object) -> str:
    """Return a message about a number of things that means different things in places."""
    return _filled(_catalog(language()).npgettext(context, one, many, number), values)


def number(value: float, decimals: int = 0) -> str:
    """Write a number as the language of this page does, with so many digits behind the point."""
    # Rounded as everywhere else: Babel rounds 0.325 down.
    return _written(f"{value:.{decimals}f}", decimals, language())


def unrounded(value: float) -> str:
    """Write a number as the language of this page does, with the digits that it has."""
    digits = Decimal(f"{value:g}")
    return number(value, max(0, -int(digits.as_tuple().exponent)))


@lru_cache(4096)
def _written(rounded: str, decimals: int, code: str) -> str:
    # Babel reads the pattern each time; cards show the same few scores hundreds of times.
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    return format_decimal(Decimal(rounded), pattern, code)


def day(moment: datetime) -> str:
    """Write the day of a moment in short, such as "Nov 26", in the viewer's zone."""
    return format_skeleton("MMMd", moment, tzinfo=zone(), locale=language())


def span(low: float, high: float, decimals: int) -> str:
    """Write from which number to which."""
    return gettext("%(low)s to %(high)s", low=number(low, decimals), high=number(high, decimals))


def noted(message: str) -> str:
    """Mark a message for the catalogs that is translated only where it is shown."""
    return message


class Words(Mapping[Named, str]):
    """What a closed set is called, each word in the language of the page that looks it up."""

    def __init__(self, words: Mapping[Named, str]) -> None:
        self._words = words

    def __getitem__(self, named: Named) -> str:
        return gettext(self._words[named])

    def __iter__(self) -> Iterator[Named]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


def _said(value: object) -> object:
    if isinstance(value, ModerationError):
        return told(value)
    return unrounded(value) if isinstance(value, int | float) else value


def _filled(said: str, values: Mapping[str, object]) -> str:
    return said % values if values else said


@cache
def _catalog(code: str) -> NullTranslations:
    """Read a catalog once; some hundredths of a second, at the first page in that language."""
    if code == OURS:
        return NullTranslations()
    with (FOLDER / f"{code}.po").open("rb") as written:
        catalog = read_po(written, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)
