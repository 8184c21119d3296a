"""Whatever a source is called, a page shows its name and nothing else."""

import re

import pytest
from markdown_it import MarkdownIt

from sayso.stages.publish.markdown import as_text

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
BREAK = "<!-- -->"
HOSTILE = [
    "[free money](https://evil.example)",
    "![pixel](https://evil.example/pixel.png)",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "**bold** and *lean* and __bold__ and _lean_ and ***both***",
    "`code` and ``more ` code``",
    "a | b | c",
    "a \\| b \\",
    "~~struck~~",
    "&lt;b&gt; &amp; &copy; &#60;",
    "https://evil.example/?a=b",
    "WWW.evil.example and www.evil.example",
    "me@evil.example",
    "mailto:me@evil.example",
    "[ref][x] [x]: https://evil.example",
    "<https://evil.example>",
    "# Heading",
    "- item",
    "+ item",
    "12. item",
    "3) item",
    "===",
    "---",
    "> quoted",
    "$x^2$",
    "[^1]",
    "- [ ] task",
    "\\[x](y)",
    "\\<b>",
    "snake_case_name and C++ and Apache-2.0 and (c) 2024!",
    "Zażółć «gęślą» jaźń",
    "a--> <!-- b -->",
]


def shown(page):
    """The texts that a page shows, and what kinds of things it has."""
    texts, kinds = [], set()
    for block in READER.parse(page):
        kinds.add(block.type)
        if block.type == "inline":
            texts.append("".join(each.content for each in block.children if each.content != BREAK))
            kinds |= {each.type for each in block.children if each.content != BREAK}
    return texts, kinds


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_shown_as_it_is_in_a_heading_a_list_and_a_table(text):
    given = as_text(text)
    assert "\n" not in given
    assert not re.search(r"(?i)https?://|www\.|\w@\w|mailto:\w", given)
    texts, kinds = shown(f"# {given}\n")
    assert (texts, kinds - {"text", "inline"}) == ([text], {"heading_open", "heading_close"})
    texts, kinds = shown(f"- {given}: words\n")
    assert texts == [f"{text}: words"]
    assert kinds <= {"bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close", "inline", "text"} | {
        "paragraph_open",
        "paragraph_close",
    }
    texts, kinds = shown(f"| a | b |\n| --- | --- |\n| {given} | end |\n")
    assert texts == ["a", "b", text, "end"]
    assert {kind for kind in kinds if not kind.startswith(("table", "thead", "tbody", "tr", "th", "td"))} == {
        "inline",
        "text",
    }


def test_lines_controls_and_turns_of_writing_become_blanks():
    assert as_text("a\n\n# b\t\x1b[2J\u202ec\u2028d") == "a # b \\[2J c d"
