"""What looks at texts to say them: its patterns, by module, and the texts that would cost it the most."""

from __future__ import annotations

from tests.hostile.worst_texts import Text

_MODULE = "stages.screen.normalization"
# By module and function or constant; how many patterns it has where there are several.
_OF_WORDS = {
    "names": (
        *(
            "doctor_or_saint 7",
            "street 4",
            "ranked_street",
            "title 2",
            "initials",
            "blood_type",
            "small_initials",
            "grade 2",
            "hashtag 2",
        ),
        *(
            "side 4",
            "state 3",
        ),
    ),
    "romans": (
        *(
            "world_war",
            "counted 3",
            "ruler 3",
            "century",
            "long_numeral",
            "numeral_after_name 3",
        ),
        *(
            "one_of_series 2",
            "short_numeral",
            "listed 4",
        ),
        *("numeral_after_letters 2",),
    ),
    "slashes": (
        *(
            "short_form 2",
            "with_joined",
            "rate 2",
            "letters",
            "compound",
            "protocol",
        ),
        *("small_letters",),
    ),
    "weekdays": (*("days", "day_before_date", "day_of_week 5", "day_without_stop 2"),),
    "words": (
        *(
            "anywhere 2",
            "abbreviation 6",
            "number_sign 3",
            "against",
            "circa",
            "keys 2",
        ),
        *(
            "any_file",
            "file_ending 2",
            "letters_of_product",
        ),
    ),
    "rewriting": (
        *(
            "rule",
            "speaks_of",
            "between",
            "describes_a_thing 2",
            "rewriter",
            "_alternatives",
        ),
        *("_any_form",),
    ),
}
_OF_NUMBERS = {
    "codes": (
        *(
            "idiom 2",
            "attack",
            "emergency 2",
            "international 3",
            "telephone 2",
            "local_telephone 2",
        ),
        *(
            "trunk_telephone 2",
            "security_number",
            "machine",
            "timestamp",
            "version",
            "_AFTER_STATE",
        ),
        *(
            "spelled 3",
            "house",
            "option 2",
            "command 2",
            "digits_of_code",
        ),
        *(
            "bits 2",
            "book_number 3",
            "ten_code 2",
            "signal",
        ),
    ),
    "dates": (
        *(
            "_BEFORE_DATES",
            "_with_year",
            "year_first",
            "numeric",
            "month_and_day 5",
            "month_first 3",
        ),
        *(
            "days_of_two_months",
            "day_first 3",
            "month_and_year",
            "months",
            "until 2",
        ),
        *("days_by_number",),
    ),
    "fractions": (
        *(
            "rule_of_two",
            "meter 2",
            "shares 2",
            "pressure",
            "mixed_number 2",
            "ranked_fraction",
        ),
        *(
            "score 2",
            "fraction 7",
            "division 3",
            "count_per",
            "over_letter",
            "unclear",
        ),
    ),
    "temperatures": (
        "_NAMED_BEFORE",
        "converted_temperature",
        "kelvin",
        "temperature 2",
    ),
    "measures": (
        *(
            "percentage",
            "height",
            "side",
            "measured_fraction",
            "measure 2",
            "inches_of_fraction",
        ),
        *(
            "feet_by_feet",
            "feet 3",
            "age 2",
            "years_old 2",
            "_is_product",
            "consumption",
            "_rates",
        ),
        *(
            "_quotation_marks",
            "inches",
            "scaled_count",
        ),
        *(
            "scaled_last",
            "scaled_range",
            "scaled",
        ),
    ),
    "money": (
        *(
            "amount 4",
            "trailing_sign",
            "trailing_code",
            "leading_code",
            "comma_amount",
            "pence 2",
        ),
        *("named_amount",),
    ),
    "named_numbers": (
        *(
            "_NAMES_WHAT_FOLLOWS",
            "named 2",
            "named_by_four 2",
            "model 2",
            "airline 2",
            "screen",
        ),
        *(
            "lines_of_screen",
            "version",
            "version_of 2",
            "chemical 2",
            "house_with_letter",
        ),
    ),
    "numbers": (
        *(
            "misplaced_comma",
            "rank 2",
            "many",
            "many_named",
        ),
        *(
            "numbered",
            "rough 2",
            "negative 2",
            "joining 2",
            "enumerated 3",
            "_is_plain_year",
        ),
        *("plain",),
        *(
            "parted",
            "joined_list 2",
            "digits_with_s 4",
        ),
    ),
    "plain_numbers": (
        *(
            "few",
            "joined",
            "ranks",
            "_NAMES",
            "large",
            "hundreds",
            "percents",
        ),
        *("dollars",),
    ),
    "powers": (*("times_power_of_ten", "scientific", "power 2"),),
    "ranges": (
        *(
            "chain 2",
            "span 4",
            "ratio_of_many",
            "ratio",
            "size 2",
            "multiple 2",
        ),
        *("letter_range 2",),
        *("multiplier 2",),
    ),
    "sums": (
        *(
            "_PIECE",
            "_AFTER_IS",
            "_AFTER_DOES",
            "_QUOTED",
            "_ORDER",
            "_QUESTION",
        ),
        *(
            "_DASHES_ALONE",
            "_DEFINED",
            "is_asked_for 2",
            "formula 3",
            "_piece",
            "_is_sum",
            "_is_difference 2",
        ),
        *(
            "_is_difference_of_letters 6",
            "factorial",
            "logarithm",
            "bound 3",
        ),
        *(
            "_AFTER_FOR",
            "times_between_words 2",
        ),
    ),
    "times": (
        *(
            "_BOOK",
            "verse",
            "clock_range",
            "duration 2",
            "hours_and_minutes",
            "clock_with_half",
        ),
        *(
            "clock 2",
            "hour",
            "clock_to_hour",
            "military 2",
            "first_or_second_book",
        ),
        *(
            "split_seconds",
            "bare_half 4",
            "range_with_bare_half",
        ),
    ),
    "units": (*("unit",),),
    "units_alone": (*("unit_alone 4", "rate_alone"),),
    "years": (
        *(
            "_COUNTS",
            "_RECKONED",
            "decade",
            "season",
            "quarter",
            "years",
        ),
        *(
            "bare_year 4",
            "era_year",
            "either_year",
            "far_year 2",
            "early_year 3",
            "quarter_first 2",
        ),
        *(
            "fiscal_year",
            "short_year 2",
        ),
        *("_LASTS",),
    ),
}
_OF_WRITING = {
    "writing": (
        *(
            "one_line",
            "_where",
            "_plain_characters",
            "_without_controls",
            "_without_line_ends",
            "_separate_sentences",
            "_without_marks",
            "_SLASHED",
        ),
        *(
            "_joined_tokens",
            "_single_blanks",
        ),
        *(
            "_GROUPED",
            "_DECIMAL",
            "_TOLD",
            "_point",
            "_commas",
        ),
    )
}
_OF_SYMBOLS = {"symbols": ("_BEFORE_NAMES", "_NAMES", "say_symbols", "_each")}


def _numbered(patterns: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """As `source.patterns_and_loops` has them: "street 2" of names → "….names.street", "….names.street#2"."""
    found = []
    for module, functions in patterns.items():
        for function in functions:
            name, _, count = function.partition(" ")
            found += [f"{_MODULE}.{module}.{name}"]
            found += [f"{_MODULE}.{module}.{name}#{place}" for place in range(2, int(count or 1) + 1)]
    return tuple(found)


WORDS, NUMBERS, WRITING, SYMBOLS = map(_numbered, (_OF_WORDS, _OF_NUMBERS, _OF_WRITING, _OF_SYMBOLS))

WORST_WORDS = (
    *(Text("A. ", "", "1"), Text("Ann Dr. "), Text("King Ann I "), Text("St. Ann St "), Text("Fifth Ave. ")),
    *(Text("1 N 1st St "), Text("Mon. Sat. "), Text("A- B+ "), Text("Paris, TX "), Text("MDC "), Text("Act I-I ")),
    *(Text("A/B/"), Text("km / hour/"), Text("min. 5 p. ")),
    *(
        Text("V, VI and ", "", "a"),
        Text("Ctrl-", "", "!"),
        Text("a.b."),
        Text("Mon, "),
        Text("O- blood "),
        Text("= mx"),
    ),
    *(Text("Jan-", "", "x"), Text("a.txt"), Text("a v. B "), Text("X X V ")),
)
WORST_NUMBERS = (
    *(Text("a $1 "), Text("1 - 2 "), Text("1 x 2 "), Text('5" and '), Text("1", "", "a"), Text(",111", "1", "a")),
    # Sums that come to none: each would start again at each of its operands.
    *(
        Text("x - 1"),
        Text("a-a-"),
        Text("1-2-"),
        Text("F-15"),
        Text("2(x+"),
        Text("√"),
        Text("x(", "x"),
        Text("1 ", "x"),
    ),
    # Dates, times and years that go on.
    *(Text("2024-01-"), Text("May 5 - May "), Text("1990s-"), Text("Psalm 1:2, "), Text("9 am to ")),
    # Amounts and what they are paid or counted for.
    *(Text("$5/a/"), Text("5 - 6 km/"), Text("5%-"), Text("1/2/"), Text("8/10 rated ")),
    # Codes after a word that says so, a long way back.
    *(Text("call 555-123 "), Text("1.1.", "", "a"), Text(" --a-b", "x"), Text("code a123 "), Text("'8")),
    # What numbers name, and formulas of letters and digits.
    *(Text("Room 101-102"), Text("H2", "", "x"), Text("+1 ", "", "a"), Text("1.000", "", "a"), Text("v1.", "", "a")),
    *(Text("1920x", "", "a"), Text("50 F to "), Text("5' x "), Text("1,50 "), Text("<5 >6 "), Text("log1 (")),
    *(Text("2m new "), Text("is 1<2 and ", "", "x"), Text("let a=1 and "), Text("1066 or "), Text("rm -a -b ")),
)
