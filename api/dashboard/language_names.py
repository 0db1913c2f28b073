"""What languages of comments are called in the language of the page."""

from babel import Locale

from api.dashboard.languages import OURS, gettext, language, noted
from moderation.model.languages import NAMES, UNDETERMINED, name_of

# What the model says where it can name none, for the catalogs.
noted("not one that we can name")

_CODES = {name_of(code): code for code in (*NAMES, UNDETERMINED)}


def language_name(code: str) -> str:
    """Say a language's name."""
    if code == UNDETERMINED:
        return gettext(name_of(code))
    if language() == OURS:
        return name_of(code)
    return str(Locale.parse(language()).languages.get(code, name_of(code)))


def name_from_english(name: str) -> str:
    """Say the name of a language that is given in English."""
    return language_name(_CODES.get(name, name))
