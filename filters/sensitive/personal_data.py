"""Personal data in a text: for each kind, where it may stand (a pattern) and whether it is it (a check)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import phonenumbers
import polars as pl
from stdnum import iban, luhn
from stdnum.us import ssn

from sayso.filters.sensitive.credentials import SECRET, SECRET_HINT, is_secret
from sayso.filters.sensitive.national_numbers import NAMED_NUMBER, NUMBER_SHAPES, SHAPED_NUMBER, is_national_number
from sayso.filters.sensitive.spelled_email import (
    SPELLED_EMAIL,
    SPELLED_EMAIL_HINT,
    SPELLED_EMAIL_WORDS,
    written_address,
)
from sayso.filters.text.patterns import any_of, contains_where

# RFC 2606 reserves the first of these; the others are what people write when they mean "some address". Only the last
# one or two labels of a domain are looked at: a domain may have any number of them.
_NOBODYS_DOMAIN = re.compile(
    r"^(?:you|your\w*|user(?:name)?|someone|somebody|name|e?mail|example)@|\.(?:example|test|invalid|localhost|local)$"
    r"|[@.](?:example\d?\.(?:(?:co|com|org|net|ac|gov|edu|me)\.)?\w+"
    r"|(?:your|my|the|some|abc|xyz|acme)?(?:-?(?:domain|company|email|e-mail|mail|website|site|business|organi[sz]ation"
    r"|school|university|store|shop))(?:name)?\.(?:com|org|net|edu|(?:co|org|ac|com)\.[a-z]{2})"
    r"|(?:abc|xyz|acme|test|sample|foo|bar)\w*\.(?:(?:co|org|com)\.)?\w+)$",
    re.IGNORECASE,
)
# "@" also stands in names of files (logo@2x.png), of packages and of machines.
_NO_ADDRESS = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|css|js|ts|py|html?|json|xml)$|^git@", re.IGNORECASE)

# Numbers that Ofcom sets aside for drama.
_DRAMA = re.compile(r"^(?:7700900|2079460|1632960|1134960|1214960|1614960|1314960|1414960)")
_OF_NOBODY = {
    phonenumbers.PhoneNumberType.TOLL_FREE,
    phonenumbers.PhoneNumberType.PREMIUM_RATE,
    phonenumbers.PhoneNumberType.SHARED_COST,
    phonenumbers.PhoneNumberType.UAN,
}

# What the issuers and their documentation give out to try forms with.
_TEST_NUMBERS = {
    *("4111111111111111", "4242424242424242", "4012888888881881", "4000056655665556", "5555555555554444"),
    *("5105105105105100", "5200828282828210", "378282246310005", "371449635398431", "6011111111111117"),
    *("6011000990139424", "30569309025904", "3530111333300000", "4222222222222"),
    *("GB29NWBK60161331926819", "GB82WEST12345698765432", "GB33BUKB20201555555555", "DE89370400440532013000"),
    *("FR1420041010050500013M02606", "NL91ABNA0417164300"),
}
_CARD = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|6(?:011|5\d\d|4[4-9]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}"
)
# Resolvers that everybody uses, and the address of those who need one.
_EVERYBODYS = {
    *("2001:4860:4860::8888", "2001:4860:4860::8844", "2606:4700:4700::1111", "2606:4700:4700::1001", "2620:fe::fe"),
    *(
        "8.8.8.8",
        "8.8.4.4",
        "9.9.9.9",
        "149.112.112.112",
        "208.67.222.222",
        "208.67.220.220",
        "123.45.67.89",
        "1.1.1.1",
        "1.0.0.1",
    ),
}


_DOCUMENTATION = ipaddress.ip_network("3fff::/20")


Hint = Literal["shape", "key", "word"]


@dataclass(frozen=True)
class Detector:
    """`pattern` (of Rust's engine) finds what may be it, a little context included; `holds` says whether it is.

    `hint` says what a text must have for the pattern to be asked.
    """

    pattern: str
    holds: Callable[[str, tuple[str, ...]], bool]
    hint: Hint = "shape"


def _is_email(found: str, regions: tuple[str, ...]) -> bool:
    address = found.strip(".")
    return not _NOBODYS_DOMAIN.search(address) and not _NO_ADDRESS.search(address)


def _is_spelled_email(found: str, regions: tuple[str, ...]) -> bool:
    address = written_address(found)
    return address is not None and _is_email(address, regions)


def _is_phone(found: str, regions: tuple[str, ...]) -> bool:
    number = re.search(r"[+(]?\d.*", found, re.DOTALL)
    if number is None:
        return False
    if "+" in number[0]:
        return _is_number_of(number[0], None)
    # North America writes no leading 0, others do: without it 123 456 7891 would be a number in Britain.
    led = number[0].startswith(("0", "(0"))
    at_home = [region for region in regions if led != (phonenumbers.country_code_for_region(region) == 1)]
    return any(_is_number_of(number[0], region) for region in at_home)


def _is_number_of(text: str, region: str | None) -> bool:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return False
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) in _OF_NOBODY:
        return False
    national = str(number.national_number)
    fictional = national[3:6] == "555" if number.country_code == 1 else bool(_DRAMA.match(national))
    return not fictional and len(set(national)) > 3 and national not in "1234567890123"


def _is_payment_number(found: str, regions: tuple[str, ...]) -> bool:
    number = re.sub(r"[ -]", "", found)
    if number in _TEST_NUMBERS or len(set(number)) < 4:
        return False
    if number[:2].isalpha():
        return bool(iban.is_valid(number))
    return bool(_CARD.fullmatch(number)) and bool(luhn.is_valid(number))


def _is_social_security_number(found: str, regions: tuple[str, ...]) -> bool:
    digits = re.sub(r"\D", "", found)[-9:]
    return (
        digits not in {"123456789", "078051120", "219099999", "987654321"}
        and len(set(digits)) > 2
        and bool(ssn.is_valid(digits))
    )


def _is_ip_address(found: str, regions: tuple[str, ...]) -> bool:
    place = re.fullmatch(r"[^\w.:]?([0-9A-Fa-f.:]*[0-9A-Fa-f])[^0-9A-Fa-f/]?\s?", found)
    if place is None or place[1] in _EVERYBODYS:
        return False
    try:
        address = ipaddress.ip_address(place[1])
    except ValueError:
        return False
    # Four small numbers are a version or a section.
    if address.version == 4 and (max(address.packed) < 20 or address.packed[-1] in (0, 255)):
        return False
    return address.is_global and not address.is_multicast and address not in _DOCUMENTATION


def _is_secret(found: str, regions: tuple[str, ...]) -> bool:
    return is_secret(found)


def _is_national_number(found: str, regions: tuple[str, ...]) -> bool:
    return is_national_number(found)


KINDS: dict[str, tuple[Detector, ...]] = {
    "secret": (Detector(SECRET, _is_secret, "key"),),
    "payment_number": (
        Detector(
            any_of(
                r"\b(?:\d{4}[ -]){3}\d{4}\b|\b3[47]\d{2}[ -]\d{6}[ -]\d{5}\b|\b\d{13,19}\b",
                r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b",
            ),
            _is_payment_number,
        ),
    ),
    "social_security_number": (
        # With blanks it is three numbers in a row, unless it is the whole of it.
        Detector(
            any_of(r"\b\d{3}-\d{2}-\d{4}\b|(?:^|[^\d,;+*/=-] )\d{3} \d{2} \d{4}(?:[^\w ,;+*/=-]|$)"),
            _is_social_security_number,
        ),
        Detector(
            any_of(r"(?i:\b(?:ssn|social security)\b)[^0-9\n]{0,30}\d{3}[ -]?\d{2}[ -]?\d{4}\b"),
            _is_social_security_number,
        ),
    ),
    "national_number": (
        Detector(SHAPED_NUMBER, _is_national_number),
        Detector(NAMED_NUMBER, _is_national_number),
    ),
    "email": (
        Detector(any_of(r"[\w.+%-]*\w@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}\b"), _is_email),
        Detector(any_of(SPELLED_EMAIL), _is_spelled_email, "word"),
    ),
    "phone": (
        Detector(
            any_of(
                r"(?:^|[^\w)])\+\d{1,3}[ .()/-]{0,3}(?:\d[ .()/-]{0,2}){6,12}\d\b",
                r"(?:^|[^\w+.,$€£-])(?:1[ .-])?(?:\(\d{3}\)[ .-]?|\d{3}[ .-])\d{3}[ .-]\d{4}\b",
                r"(?:^|[^\w+.,$€£-])(?:\(0\d{1,4}\) ?|0\d{1,4}[ -])\d{2,6}(?:[ -]\d{2,4}){0,3}\b",
                # Digits without a gap are a number like any other, unless somebody says what they are.
                r"(?i:\b(?:(?:tele|cell|mobile )?phone|tel|mobile|call|fax|whatsapp|text|sms)\b)"
                r"[^0-9\n+]{0,25}\d{10,11}\b",
            ),
            _is_phone,
        ),
    ),
    "ip_address": (
        Detector(
            any_of(
                r"(?i:\b(?:v|version|release|section|build) ?)?(?:^|[^\w.-])"
                r"(?:\d{1,3}\.){3}\d{1,3}(?:[^\w.-]|\.\s|\.?$)",
                # What is given out so far begins with 2, or soon 3; C++ has names with "::".
                r"(?:^|[^\w.:])[23][0-9A-Fa-f]{3}:(?:[0-9A-Fa-f]{0,4}:){1,6}[0-9A-Fa-f]{0,4}",
            ),
            _is_ip_address,
        ),
    ),
}

# What a text must have to hold any of it, by hint: cheap passes over all texts; the patterns above see what is left.
_SHAPES = any_of(
    r"\w@[\w-]+\.[A-Za-z]|\+\d{2}|\d{3}\)?[ .-]?\d{3}[ .-]\d{4}|\b0\d{1,4}[ )-]{1,2}\d{2}|\d{3}[ -]\d\d[ -]\d{4}",
    r"\d\.\d{1,3}\.\d{1,3}\.\d|[23][0-9A-Fa-f]{3}:[0-9A-Fa-f]{0,4}:|\d{10}|\d{4}[ -]\d{4}[ -]\d{4}",
    r"\d[ -]\d{6}[ -]\d{5}|[A-Z]{2}\d{2} ?[A-Z0-9]{4} ?[A-Z0-9]{4}",
    NUMBER_SHAPES,
)


def suspected(texts: pl.Series) -> dict[Hint, pl.Series]:
    """For each hint, which of these texts have it, a Boolean; null for null."""
    text = pl.col("text")
    words = text.str.contains_any(list(SPELLED_EMAIL_WORDS), ascii_case_insensitive=True)
    found = texts.to_frame("text").select(
        shape=text.str.contains(_SHAPES),
        key=text.str.contains(SECRET_HINT),
        word=contains_where(words, text, SPELLED_EMAIL_HINT),
    )
    return {hint: found[hint] for hint in get_args(Hint)}
