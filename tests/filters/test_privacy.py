"""What gives somebody away, and what only looks like it."""

from __future__ import annotations

import polars as pl
import pytest

from sayso.filters.judging import first_reason
from sayso.filters.privacy import Privacy
from sayso.filters.sensitive.personal_data import KINDS, suspected
from tests.filters.rows import rows_of

HITS = {
    "email": ["ann.lee+news@mail.gov.uk", "Mail BOB_99@Gmail.com.", "mailto:a.b@uni-bonn.de?subject=x"],
    "phone": [
        "+1 (202) 456-1111",
        "tel: +442072193000",
        "+49 30 18681-0 is the ministry",
        "1-202-456-1111",
        "(202)456-1111",
        "202.456.1111",
        "020 7219 3000",
        "My phone number is 2024561111.",
    ],
    "payment_number": ["4539148803436467", "4539-1488-0343-6467", "3714 496353 98456", "GB98MIDL07009312345678"],
    "social_security_number": ["SSN 536-22-8726"],
    "ip_address": ["from 81.2.69.142.", "http://81.2.69.142:8080/x", "2a00:1450:4001:081b:0000:0000:0000:200e"],
    "secret": [
        "ghp_Zk3vN8rT1wQ6yB4mX9cL2pF7dH5jS0aKeUgV",
        "glpat-Zk3vN8rT1wQ6yB4mX9cL",
        "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "xoxb-204857163920-Zk3vN8rT1wQ6",
        "AIzaSyD9vK3xQ7nB2mR8tL5wZ1cF6hJ4pG0sYuE",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI5ODMifQ.Zk3vN8rT1wQ6yB4mX9cL2p",
        "API key: 9f86d081884c7d659a2feaa0c55ad015",
        "My password is tr0ub4dor.",
        "-----BEGIN PRIVATE KEY-----",
    ],
}
NEAR_MISSES = [
    "decorate with @app.route and a@b",
    "npm i lodash@4.17.21 logo@2x.png",
    "you@gmail.com or info@company.com",
    "In 2019 555-0199 was rung, and so was (415) 555-2671.",
    "1234567890 people",
    "123-456-7890",
    "+1+2+3+4+5+6+7+8",
    "between 1990-2000 and 2001-2010",
    "1 000 000 000 dollars, or 12 345 678 901",
    "2020-12-31 23:59:59",
    "01-02-2020",
    "0.123 456 789",
    "1939 1945 1956 1957",
    "4539 1488 0343 6468",
    "3.141592653589793238",
    "978-3-16-148410-0, 9780143126560",
    "GB98MIDL07009312345679",
    "000-12-3456, 666-12-3456, 123-45-6789",
    "10.0.0.7, 172.16.3.4, 192.168.0.1, 127.0.0.1, 224.0.0.1",
    "version 81.2.69.142, section 3.2.1.4, 81.2.69.0/24",
    "the password: correcthorse",
    'password = get_password(user1)\ntoken = os.environ["TOKEN1"]',
    "sk-your-own-key-0123456789abcdef",
    "AKIAIOSFODNN7EXAMPLE",
    "Authorization: Bearer YOUR_ACCESS_TOKEN_HERE_123",
]


def reason_of(text: str, privacy: Privacy) -> str | None:
    found: str | None = first_reason(rows_of([text]), [privacy])["reason"].item()
    return found


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in HITS.items() for text in texts])
def test_found_in_the_prompt_and_in_the_answer(kind: str, text: str) -> None:
    assert first_reason(rows_of([text, "Who?"], ["Me.", text]), [Privacy()])["reason"].to_list() == [kind, kind]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert reason_of(text, Privacy()) is None


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in HITS.items() for text in texts])
def test_what_a_pattern_finds_is_suspected_first(kind: str, text: str) -> None:
    texts = pl.Series([text])
    hints = [detector.hint for detector in KINDS[kind] if texts.str.contains(detector.pattern).item()]
    assert hints and any(suspected(texts)[hint].item() for hint in hints)


def test_a_recipe_may_allow_a_kind_which_is_measured_all_the_same() -> None:
    lenient = Privacy(kinds=("secret",))
    judged = first_reason(rows_of(["Write to ann.lee@mail.gov.uk, please."]), [lenient])
    assert judged.select("reason", "privacy.email").row(0) == (None, True)


def test_numbers_without_a_country_code_are_those_of_the_regions() -> None:
    assert reason_of("Ruf 030 186810 an", Privacy()) is None
    assert reason_of("Ruf 030 186810 an", Privacy(regions=("DE",))) == "phone"


def test_the_found_text_is_not_stored() -> None:
    judged = first_reason(rows_of(["My password is tr0ub4dor."]), [Privacy()])
    assert "tr0ub4dor" not in str(judged.rows())
