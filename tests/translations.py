"""`python -m tests.translations [CODE]`: bring the words of the pages into the catalogs.

What is new has no translation yet, and what is gone is left out. A code that has no catalog yet,
such as fr, begins one.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from moderation.model.reviews import CAUSES

DESK = Path(__file__).parent.parent / "api" / "dashboard"
CATALOGS = DESK / "translations"

_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
# As in api/dashboard/blueprint.py.
_OPTIONS = {"templates/**.html": {"silent": "false", "trimmed": "true", "newstyle_gettext": "true"}}
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "noted": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def words_of_the_pages() -> Catalog:
    """Return everything that pages say, without translations."""
    found = Catalog(project="Copydesk")
    messages = extract_from_dir(
        DESK, _METHODS, _OPTIONS, keywords=_KEYWORDS, comment_tags=("Translators:",)
    )
    for name, _, message, comments, context in messages:
        found.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    for said in CAUSES.values():
        found.add(said, locations=[("words.py", 0)])
    return found


def read_catalog(path: Path) -> Catalog:
    """Read a catalog; one that is not there yet is empty."""
    if not path.exists():
        return Catalog(locale=path.stem, project="Copydesk")
    with path.open("rb") as written:
        return read_po(written, locale=path.stem)


def bring_up_to_date(path: Path) -> int:
    """Write a catalog anew; return how many of its messages have no translation."""
    catalog = read_catalog(path)
    catalog.update(words_of_the_pages(), no_fuzzy_matching=True, update_creation_date=False)
    with path.open("wb") as written:
        write_po(
            written,
            catalog,
            width=100,
            sort_by_file=True,
            ignore_obsolete=True,
            omit_header=False,
            include_lineno=False,
        )
    return sum(not _is_translated(message.string) for message in catalog if message.id)


def _is_translated(string: str | tuple[str, ...] | list[str]) -> bool:
    return bool(string) if isinstance(string, str) else all(string)


if __name__ == "__main__":
    for code in sys.argv[1:] or [path.stem for path in CATALOGS.glob("*.po")]:
        left = bring_up_to_date(CATALOGS / f"{code}.po")
        print(f"{code}: {left} messages have no translation.")  # noqa: T201 - a command
