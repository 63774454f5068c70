"""Markup: what readers can write, and that nothing dangerous comes out of anything."""

from __future__ import annotations

import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.adapters.markup import (
    ALLOWED_ATTRIBUTES,
    ALLOWED_TAGS,
    LINK_REL,
    MAX_SOURCE_CHARS,
    clean_text,
    plain_text,
    render,
)


class Outline(HTMLParser):
    """Every tag and attribute of a piece of HTML, how deep it nests, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.depth = self.deepest = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.depth += tag != "br"
        self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.tags.add("!--")

    def handle_decl(self, decl: str) -> None:
        self.tags.add("!")


def assert_harmless(html: str) -> Outline:
    outline = Outline(html)
    assert outline.tags <= ALLOWED_TAGS
    for tag, name, value in outline.attributes:
        if (tag, name) == ("a", "rel"):
            assert value == LINK_REL
        else:
            assert name in ALLOWED_ATTRIBUTES.get(tag, set())
        if name == "href":
            assert value.lower().startswith(("http://", "https://"))
    return outline


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello", "<p>Hello</p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("*so* and **so**", "<p><em>so</em> and <strong>so</strong></p>"),
        ("a `x < y` b", "<p>a <code>x &lt; y</code> b</p>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("1986. Hot.", '<ol start="1986">\n<li>Hot.</li>\n</ol>'),
        ("```\na\n```", "<pre><code>a\n</code></pre>"),
        ("# no heading", "<p># no heading</p>"),
        ("a & b", "<p>a &amp; b</p>"),
        ("AT&amp;T", "<p>AT&amp;amp;T</p>"),
        ("2 < 3 > 1", "<p>2 &lt; 3 &gt; 1</p>"),
        (
            "https://example.org/a?b=1&c=2",
            '<p><a href="https://example.org/a?b=1&amp;c=2" rel="nofollow ugc noopener">'
            "https://example.org/a?b=1&amp;c=2</a></p>",
        ),
        ("example.org me@example.org", "<p>example.org me@example.org</p>"),
        ("", ""),
    ],
)
def test_the_small_markdown_renders_as_expected(text: str, expected: str) -> None:
    assert render(text) == expected


def test_a_named_link_is_shown_as_typed_so_that_its_target_is_seen() -> None:
    html = render("[your bank](https://example.org/steal)")
    assert Outline(html).text == "[your bank](https://example.org/steal)"


def test_an_escaped_direction_override_in_an_address_stays_escaped() -> None:
    assert "\u202e" not in render("https://example.org/%E2%80%AEgnp.exe")


def test_the_first_line_of_a_code_block_is_never_hidden() -> None:
    assert "you fool" in render("```you fool\n```")
    assert "you fool" in plain_text("```you fool\n```")


XSS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.example/a.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=x:alert(alt) onerror=eval(src) alt=1>",
    "<svg onload=alert(1)>",
    "<svg><script>alert&#40;1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mi xlink:href='data:x,<script>alert(1)</script>'>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<a href=# onclick=alert(1) style=position:fixed>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:msgbox)",
    "[x](<javascript:alert(1)>)",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://a.example "onmouseover=alert(1)")',
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](https://a.example/b.png)',
    "<javascript:alert(1)>",
    "<https://a.example/'onmouseover='alert(1)>",
    'https://a.example/"onmouseover="alert(1)',
    "https://a.example/'><script>alert(1)</script>",
    "https://a.example/<img/src=x/onerror=alert(1)>",
    "javascript:alert(1)",
    "javascript://a.example/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "```<script>\nalert(1)\n```",
    '```" onmouseover="alert(1)\nx\n```',
    "`<img src=x onerror=alert(1)>`",
    "**<b onmouseover=alert(1)>x**",
    "*</p><script>alert(1)</script>*",
    "<style>@import'//x.example/a.css';</style>",
    "<link rel=stylesheet href=//x.example/a.css>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=javascript:alert(1)//>",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<xss id=x tabindex=1 onfocus=alert(1)></xss>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\<script>alert(1)\\</script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "\u003cscript\u003ealert(1)\u003c/script\u003e",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "> <script>alert(1)</script>",
    "- <img src=x onerror=alert(1)>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
]


@pytest.mark.parametrize("attack", XSS, ids=range(len(XSS)))
def test_no_known_attack_survives(attack: str) -> None:
    assert_harmless(render(attack))
    assert_harmless(render(clean_text(attack)))


def test_the_list_of_attacks_would_notice_html_that_was_let_through() -> None:
    with pytest.raises(AssertionError):
        assert_harmless("<p onclick='x'>a</p>")
    with pytest.raises(AssertionError):
        assert_harmless("<a href='javascript:x'>a</a>")
    with pytest.raises(AssertionError):
        assert_harmless("<script>x</script>")


SIGNS = "* ** _ ` ``` ~~~ > - + 1. [ ]( ) ! < </ script> javascript: &# ; \\ \" ' = ß e\u0301"
PIECES = [*SIGNS.split(" "), "<img src=x onerror=y>", "https://", "http://a.b/", "> ", "- ", "\t"]
MARKUP_PIECES = st.sampled_from([*PIECES, "\n", "\n\n", "    ", "\u202e", "\x00", "\ud800"])
ANY_TEXT = st.lists(st.one_of(MARKUP_PIECES, st.text(max_size=8)), max_size=40).map("".join)


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT)
def test_no_text_renders_to_a_tag_or_attribute_outside_the_list(text: str) -> None:
    assert_harmless(render(clean_text(text)))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*"abcdefgh>*-+ \n_", "1.", "2)", "  ", "> ", "- "]), max_size=80))
def test_no_letter_is_ever_lost(pieces: list[str]) -> None:
    text = "".join(pieces)
    letters = re.sub("[^a-h]", "", text)
    assert re.sub("[^a-h]", "", Outline(render(text)).text) == letters
    assert re.sub("[^a-h]", "", plain_text(text)) == letters


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT)
def test_cleaned_text_is_stable_and_holds_nothing_invisible_that_misleads(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    cleaned.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", cleaned)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  hello \n", "hello"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\n\n\n\n\n\nb", "a\n\n\nb"),
        ("a\n \n\t\n \n \nb", "a\n\n\nb"),
        ("a\n\nb", "a\n\nb"),
        ("e\u0301", "\u00e9"),
        ("\u202egpj.exe\u202c", "gpj.exe"),
        ("a\x00b\x07c\td", "abc\td"),
        ("a\ud83db", "ab"),
        ("\ufeffa", "a"),
        ("Seán Ó Sé, bhí sé", "Seán Ó Sé, bhí sé"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("می‌خواهم", "می‌خواهم"),
        ("x" + "\u0336" * 500, "x" + "\u0336" * 6),
    ],
)
def test_cleaning_keeps_language_and_drops_tricks(raw: str, cleaned: str) -> None:
    assert clean_text(raw) == cleaned


DEEP = ["> ", ">", "- ", "+ ", "1. ", "7) ", "> - ", "- > ", "\t- ", "    > "]


@pytest.mark.parametrize("sign", DEEP)
def test_a_hundred_levels_on_one_line_stay_shallow_and_keep_the_text(sign: str) -> None:
    outline = assert_harmless(render(sign * 100 + "deep"))
    assert outline.deepest <= 20
    assert outline.text.rstrip().endswith("deep")


def test_a_staircase_of_lists_stays_bounded_and_keeps_every_step() -> None:
    steps = "\n".join(" " * (2 * level) + f"- step{level}" for level in range(200))
    outline = assert_harmless(render(steps))
    assert outline.deepest <= 60
    assert all(f"step{level}" in outline.text for level in range(200))


BOMBS = ["*", "**a ", "*a **b ", "_a*", "[", "[](", "`", "``a`", "<", "&", "\\", "https://", "("]


@pytest.mark.parametrize("piece", [*BOMBS, "https://a.b/(", ">\n", "- a\n", "~~~\n"])
def test_ten_thousand_signs_render_to_a_bounded_size(piece: str) -> None:
    text = (piece * 10_000)[:10_000]
    assert len(render(text)) < 10 * len(text)


def test_a_flood_of_addresses_is_shown_without_links() -> None:
    few, many = "https://a.b/( " * 100, "https://a.b/( " * 101
    assert render(few).count("<a ") == 100
    assert render(many).count("<a ") == 0
    assert Outline(render(many)).text.count("https://a.b/(") == 101
    assert render("https://a.b/").count("<a ") == 1


def test_an_absurdly_long_text_is_shown_as_typed() -> None:
    text = "*x* <b>\n" * (MAX_SOURCE_CHARS // 8 + 1)
    html = render(text)
    assert html.startswith("<p>*x* &lt;b&gt;<br>")
    assert plain_text(text) == text


def test_plain_text_drops_markup_and_marks_what_is_quoted() -> None:
    text = "> *you* said\n> this\n\nNo, **really** `not`:\n- a\n- https://example.org"
    assert plain_text(text) == ("> you said\n> this\nNo, really not:\na\nhttps://example.org")


def test_threads_do_not_mix_up_each_others_links() -> None:
    texts = [f"see https://host{number}.example/{'x' * number} now" for number in range(60)]
    expected = [render(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(10):
            assert list(pool.map(render, texts)) == expected
