"""Feeds as Atom documents (RFC 4287).

Titles and texts are plain text: a reader shows what stands there and interprets nothing of it.
"""

from datetime import datetime

# Only writes: what it reads is nobody's document.
from xml.etree import ElementTree as ET

from moderation.model.plain import plain
from moderation.model.reviews import in_words
from moderation.services.notifications import Feed
from moderation.services.waiting_list import WaitingComment

NAMESPACE = "http://www.w3.org/2005/Atom"
MOST_TITLE = 300


def document(feed: Feed, base_url: str) -> bytes:
    """Return a feed, in the order of the queue; readers may sort it by the time."""
    root = ET.Element("feed", xmlns=NAMESPACE)
    changed = max((one.opened_at for one in feed.waiting), default=feed.made_at)
    _add(root, "id", feed.user.id.urn)
    _add(root, "title", plain(f"Comments that wait for {feed.user.name}", MOST_TITLE))
    _add(root, "updated", _moment(changed))
    ET.SubElement(root, "link", rel="alternate", type="text/html", href=f"{base_url}/queue")
    _add(ET.SubElement(root, "author"), "name", "Copydesk")
    for one in feed.waiting:
        _add_entry(root, one, base_url)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add_entry(root: ET.Element, one: WaitingComment, base_url: str) -> None:
    entry = ET.SubElement(root, "entry")
    # That of the review: a comment that waits again is news.
    _add(entry, "id", one.review_id.urn)
    _add(entry, "title", plain(f"{one.site}: {in_words(one.causes)}", MOST_TITLE))
    _add(entry, "updated", _moment(one.opened_at))
    address = f"{base_url}/comments/{one.comment_id}"
    ET.SubElement(entry, "link", rel="alternate", type="text/html", href=address)
    if one.text is not None:
        _add(entry, "content", one.text, type="text")


def _add(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = text


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
