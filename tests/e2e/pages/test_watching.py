"""The watch that every page stands under sees what it is there for."""

from pathlib import Path

import pytest
from flask import Flask, Response
from jinja2 import ChoiceLoader, DictLoader

import api.dashboard
from moderation.runtime import Runtime
from moderation.services.sites import find_site
from tests.e2e.pages.accessibility import barriers, put_axe_into
from tests.e2e.pages.conftest import Open
from tests.e2e.pages.serving import Change, Served, served
from tests.factories import submit

pytestmark = pytest.mark.browser

MACROS = "dashboard/show.html"


def write_raw(app: Flask) -> None:
    """Break the one macro that writes what strangers wrote."""
    whole = (Path(api.dashboard.__file__).parent / "templates" / MACROS).read_text()
    broken = whole.replace("{{ piece.text }}", "{{ piece.text | safe }}")
    assert broken != whole
    ours = app.jinja_env.loader
    assert ours
    app.jinja_env.loader = ChoiceLoader([DictLoader({MACROS: broken}), ours])


def without_policy(app: Flask) -> None:
    def strip(response: Response) -> Response:
        del response.headers["Content-Security-Policy"]
        return response

    # The functions run from the last to the first.
    app.after_request_funcs[None].insert(0, strip)


WRITTEN_RAW = {
    "<script>canary()</script>": "the policy refused script-src",
    "<img src=/nothing onerror=canary()>": "the policy refused script-src-attr",
    "<img src=//evil.example/pixel.gif>": "the policy refused img-src",
    "<style>*{display:none}</style>": "the policy refused style-src",
    "<iframe src=/queue></iframe>": "the policy refused frame-src",
    "<b>bold</b>": "there is the element b",
    "<span onclick=canary()>": "span has the attribute onclick",
}
RUNS = {
    "<img src=/nothing onerror=canary()>": "a script called canary()",
    "<svg onload=alert(1)>": "a script called alert()",
    "<script>nowhere()</script>": "uncaught: ",
    "<img src=//evil.example/pixel.gif>": "it asked for http://evil.example/pixel.gif",
    "<meta http-equiv=refresh content='0;url=//evil.example/'>": "it asked for http://evil.example/",
    "fine": "it came without the content security policy",
}


def test_text_that_is_written_raw_is_seen_although_the_policy_stops_it(
    runtime: Runtime, look_at: Open
) -> None:
    assert_seen(runtime, look_at, WRITTEN_RAW, write_raw)


def test_what_the_policy_would_have_stopped_is_seen_without_it(
    runtime: Runtime, look_at: Open
) -> None:
    assert_seen(runtime, look_at, RUNS, write_raw, without_policy)


def assert_seen(
    runtime: Runtime, look_at: Open, expected: dict[str, str], *changes: Change
) -> None:
    site_id = find_site(runtime, "agora").id
    with served(runtime, *changes) as site:
        for number, (text, complaint) in enumerate(expected.items()):
            # Each in a browser of its own: some lead away.
            looker = look_at(site)
            comment_id = submit(runtime, site_id, f"c{number}", text=text).comment_id
            looker.page.goto(f"{site.base_url}/comments/{comment_id}")
            seen = looker.watch.inspect(looker.page)
            assert any(complaint in said for said in seen), (text, seen)


def test_a_barrier_is_seen(desk: Served, look_at: Open) -> None:
    page = look_at(desk, signed_in=False).page
    page.goto(f"{desk.base_url}/sign-in")
    put_axe_into(page)
    page.evaluate("document.documentElement.removeAttribute('lang')")
    page.evaluate("document.querySelector('.hint').style.color = '#bbb'")
    page.evaluate(
        "document.querySelector('label').replaceWith(document.querySelector('[type=email]'))"
    )
    found = " ".join(barriers(page))
    for rule in ("html-has-lang", "color-contrast", "label"):
        assert f"{rule}: " in found
