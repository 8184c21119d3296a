"""Times of day and lengths of time."""

from __future__ import annotations

import re

from sayso.stages.screen.normalization.named_numbers import in_pairs
from sayso.stages.screen.normalization.numbers import cardinal, ordinal, pair, spell
from sayso.stages.screen.normalization.rewriting import rule, speaks_of, text_after, text_before

_HALF = r"(?: ?([AaPp])\.? ?[Mm]\b(?:\.(?= [a-z]| [A-Z]{2,}\b|[,;?!]))?)"
_HOUR = r"(2[0-4]|1\d|0?\d)"
_DASH = r" ?(?:[-–]|to) ?"
_BOOKS = (
    "Genesis|Exodus|Leviticus|Numbers|Deuteronomy|Joshua|Judges|Ruth|Samuel|Kings|Chronicles|Ezra|Nehemiah|Esther|Job|"
    "Psalms?|Proverbs|Ecclesiastes|Song of Solomon|"
    "Isaiah|Jeremiah|Lamentations|Ezekiel|Daniel|Hosea|Joel|Amos|Obadiah|Jonah|Micah|"
    "Nahum|Habakkuk|Zephaniah|Haggai|Zechariah|Malachi|Matthew|Mark|Luke|John|Acts|Romans|Corinthians|Galatians|Ephesians|"
    "Philippians|Colossians|Thessalonians|Timothy|Titus|Philemon|Hebrews|James|Peter|Jude|Revelation|"
    "Song of Songs|Quran|Qur'an|Surahs?|Sura|Koran|Gita|Bible|Torah|[Vv]erses?|Ayah|Ayat"
    r"|Surah [A-Z][\w'-]+|(?:Gen|Exod?|Lev|Deut|Ps|Prov|Isa|Jer|Ezek|Dan|Matt?|Mk|Lk|Jn"
    r"|Rom|Cor|Gal|Eph|Phil|Col|Thess|Tim|Heb|Jas|Pet|Rev)\.?"
)
_BOOK = re.compile(rf"\b(?:{_BOOKS}),? (?:\d{{1,3}}:\d{{1,3}}(?:[-–]\d{{1,3}})?[,;] )*$")

_has_ratios = speaks_of(r"(?i)\b(?:ratios?|odds|aspect|scale|dilution|proportions?|NPK|fertilizers?)\b")
_has_formula = speaks_of(r"(?i)=|\b(?:simplify|solve|expand|factor|evaluate)\b")
_tells_time = speaks_of(r"\d ?[AaPp]\.?[Mm]\b|\d ?[ap] ?(?:-|to) ?\d|\b(?:open|meet|shift|party|schedule)\b")


def _time(hour: str, minute: str | None, half: str | None) -> str:
    """ "7:30 pm" → "seven thirty PM"; midnight is twelve AM where it is written as zero."""
    number = int(hour)
    if number == 0 and minute and len(hour) == 2:
        half = half or "a"
    end = f" {half.upper()}M" if half else ""
    said = "twelve" if number == 0 and half else cardinal(str(number))
    if minute is None:
        return said + end
    if minute == "00":
        return (
            f"{said}{end}"
            if end
            else f"{said} o'clock"
            if 0 < number <= 12
            else f"{said} {'hundred' if number else 'zero'}"
        )
    return f"{said} {pair(minute)}{end}"


@rule(r"(?<![\w:.])(\d{1,3}):(\d{1,3})(?:[-–](\d{1,3}))?(?![\d:])")
def verse(match: re.Match[str]) -> str | None:
    """Chapter and verse after the name of a book: "Psalm 91:2"."""
    if not _BOOK.search(text_before(match)):
        return None
    chapter, first, last = match.groups()
    first = in_pairs(first) if len(first) > 2 else cardinal(first)  # "two two hundred" is hard to follow
    return f"{cardinal(chapter)} {first}" + (f" to {cardinal(last)}" if last else "")


@rule(rf"(?<![\d:.,$]){_HOUR}:([0-5]\d){_HALF}?{_DASH}{_HOUR}:([0-5]\d){_HALF}?(?![\d:])")
def clock_range(match: re.Match[str]) -> str:
    """ "2:15-3:45pm", "9:00am-5:30pm"."""
    hour, minute, half, last_hour, last_minute, last_half = match.groups()
    first = _time(hour, None if minute == "00" and int(hour) < 13 else minute, half)
    return f"{first} to {_time(last_hour, last_minute, last_half)}"


@rule(r"(?<![\d:.])(\d{1,2}):([0-5]\d):([0-5]\d)(?:\.\d+)?(?![\d:])(?! ?[AaPp]\.?[Mm])")
def duration(match: re.Match[str]) -> str | None:
    """Hours, minutes and seconds; on the clock where a time of day is told."""
    hours, minutes, seconds = (int(part) for part in match.groups())
    if _has_ratios(match.string):
        return None
    if re.search(r"(?i)\b(?:at|since|until|by|clock (?:said|says|shows?|reads?)) $", text_before(match)) and hours < 24:
        return f"{_time(match[1], match[2], None)} and {_counted(seconds, 'second')}" if seconds else None
    parts = [
        _counted(count, unit) for count, unit in ((hours, "hour"), (minutes, "minute"), (seconds, "second")) if count
    ]
    if len(parts) == 3:
        return f"{parts[0]}, {parts[1]}, and {parts[2]}"
    return " and ".join(parts) or "zero seconds"


def _counted(count: int, unit: str) -> str:
    return f"{cardinal(str(count))} {unit}{'' if count == 1 else 's'}"


@rule(r"(?<![\w.:])(\d{1,3}) ?h(?:rs?|ours?)?,? ?(\d{1,2}) ?m(?:in(?:ute)?s?)?(?:,? ?(\d{1,2}) ?s(?:ec(?:ond)?s?)?)?\b")
def hours_and_minutes(match: re.Match[str]) -> str:
    """ "2h30m"."""
    units = zip(match.groups(), ("hour", "minute", "second"), strict=True)
    return " ".join(_counted(int(count), unit) for count, unit in units if count)


@rule(rf"(?<![\d:.,$]){_HOUR}[:.]([0-5]\d)(?::[0-5]\d)?{_HALF}(?!\w)")
def clock_with_half(match: re.Match[str]) -> str:
    """ "4:15 pm", "4.15 p.m."."""
    return _time(*match.groups())


@rule(r"(?<![\d:.,$])(\d{1,2}):([0-5]\d)\.(\d{1,2})(?![\d:]|\.\d)(?! ?[AaPp]\.?[Mm])")
def split_seconds(match: re.Match[str]) -> str:
    """Minutes and seconds with a fraction: "1:58.3"."""
    return f"{cardinal(str(int(match[1])))} {pair(match[2])} point {spell(match[3])}"


@rule(
    rf"(?<![\d:.,$£€#-])(1[0-2]|0?[1-9])(?::([0-5]\d))?( ?)([ap])"
    rf"(?:{_DASH}(1[0-2]|0?[1-9])(?::([0-5]\d))?([ap]))?(?![\w'’.-]\w|\w)"
)
def bare_half(match: re.Match[str]) -> str | None:
    """A time whose half of the day is one letter: "4 pm to 10p", "9a-5p"."""
    hour, minute, gap, half, last, last_minute, last_half = match.groups()
    before = text_before(match)
    told = (
        (last and half != last_half)
        or minute
        or (_tells_time(match.string) and re.search(r"(?:\b(?:at|by|from|to|until|till|and)|-|–) ?$", before))
    )
    alone = (
        half == "a"
        and re.search(r"(?i)\b(?:at|until|till) $", before)
        and re.match(r"[.,?!]|$| (?:on|and|sharp|we|i|to)\b", text_after(match))
    )
    if gap or _has_formula(match.string) or not (told or alone):
        return None
    return _time(hour, minute, half) + (f" to {_time(last, last_minute, last_half)}" if last else "")


@rule(r"(?<![\d:.,$£€#/-])(1[0-2]|0?[1-9])(?::([0-5]\d))?[-–](1[0-2]|0?[1-9])(?::([0-5]\d))?([ap])(?![\w'’]|\.\w)")
def range_with_bare_half(match: re.Match[str]) -> str | None:
    """ "6-10p"."""
    if _has_formula(match.string):
        return None
    hour, minute, last, last_minute, half = match.groups()
    return f"{_time(hour, minute, None)} to {_time(last, last_minute, half)}"


@rule(rf"(?<![\d:.,$]){_HOUR}:([0-5]\d)(?::[0-5]\d)?(?![\d:])")
def clock(match: re.Match[str]) -> str | None:
    """ "7:30"; "10:20" in a text of ratios is one."""
    if _has_ratios(match.string):
        return None
    if match[2] == "00" and re.match(r" (?:noon|midnight)\b", text_after(match)):
        return _time(match[1], None, None)
    return _time(match[1], match[2], None)


@rule(rf"(?<![\d:.$/-])(?<!\d,)(1[0-2]|0?[1-9])(?:{_HALF}?{_DASH}(1[0-2]|0?[1-9])(?:[:.]([0-5]\d))?)?{_HALF}")
def hour(match: re.Match[str]) -> str:
    first, first_half, last, last_minute, half = match.groups()
    if not last:
        return _time(first, None, half)
    return f"{_time(first, None, first_half)} to {_time(last, last_minute, half)}"


@rule(rf"(?<![\d:.,$/-]){_HOUR}:([0-5]\d){_HALF}?{_DASH}{_HOUR}{_HALF}")
def clock_to_hour(match: re.Match[str]) -> str:
    """ "9:30-11am"."""
    hour, minute, half, last, last_half = match.groups()
    return f"{_time(hour, minute, half)} to {_time(last, None, last_half)}"


@rule(r"(?<![\w.:])([01]\d|2[0-3])([0-5]\d) ?(?:hours|hrs)\b")
def military(match: re.Match[str]) -> str | None:
    """ "1430 hours", in a text of times of day."""
    if not re.search(r"(?i)\b(?:at|by|until|from|to) $", text_before(match)):
        return None
    tens = pair(match[2]) if match[2] != "00" else "hundred"
    return f"{'zero ' if match[1][0] == '0' else ''}{cardinal(str(int(match[1])))} {tens} hours"


@rule(
    r"(?<![\w.,:])([123]) (?=(?:Samuel|Kings|Chronicles|Corinthians|Thessalonians|Timothy|Peter|John|Cor|Tim|Pet)\b)",
    "123",
)
def first_or_second_book(match: re.Match[str]) -> str:
    """Which of several books of a name: "1 Corinthians"."""
    return ordinal(match[1]).capitalize()


FORMS = (
    first_or_second_book,
    verse,
    clock_range,
    clock_to_hour,
    duration,
    hours_and_minutes,
    split_seconds,
    clock_with_half,
    range_with_bare_half,
    bare_half,
    clock,
    hour,
    military,
)
