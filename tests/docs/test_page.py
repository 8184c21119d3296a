"""A page that promises what does not happen is found out."""

import pytest

from tests.docs.page import blocks, try_out


@pytest.fixture
def tried(tmp_path):
    """Writes a page, tries it out in an empty folder, and returns the folder."""

    def write(content):
        written = tmp_path / "page.md"
        written.write_text(content)
        try_out(blocks(written), tmp_path)
        return tmp_path

    return write


def test_files_are_written_and_commands_find_them(tried):
    content = '```yaml title="new/a.yaml"\nkey: 1\n```\n\n```bash\ncat new/a.yaml\n```\n\n```text\nkey: …\n```\n'
    assert (tried(content) / "new/a.yaml").read_text() == "key: 1\n"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("```bash\necho one; echo two\n```\n\n```text\ntwo\none\n```\n", r"page.md:5: not printed: one"),
        ("```bash\necho one\nfalse\n```\n", r"page.md:1: exit code 1\none"),
        ("```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n", r"page.md:5: not printed: 3"),
    ],
)
def test_a_broken_promise_names_its_line(tried, content, complaint):
    with pytest.raises(AssertionError, match=complaint):
        tried(content)


def test_what_is_only_shown_is_not_run(tried):
    tried("```console\nfalse\n```\n\n```yaml\nno: file\n```\n")
