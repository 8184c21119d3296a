"""The rules on personal data, for one row at a time: patterns, and what a number must be to be somebody's.

The expressions and lists are the project's own, and so are the packages that know the rules of numbers: phonenumbers
and python-stdnum. What is done with them is written anew.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any

import phonenumbers
from stdnum import iban, luhn
from stdnum.us import ssn

from tests.benchmarks.sides.expressions import Expression

Rule = tuple[str, Callable[[str, str], bool]]
Found = dict[str, Expression]
Check = Callable[[str], bool]

# Five figures close to each other, as every number has that is anybody's; but for one of India's.
_FIGURES = re.compile(r"[0-9](?:[^0-9]{0,3}[0-9]){4}|P[A-Z][0-9]{4}[A-Z]")
_HEXADECIMAL = re.compile(r"[23][0-9A-Fa-f]{3}:")
# Of a text in which the letters of keys are all one letter, so many.
_OF_KEYS = str.maketrans(dict.fromkeys("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-", "w"))
_LONG = "w" * 19
# With fewer figures nothing is a number of the kind.
_FEWEST = {"payment_number": 12, "social_security_number": 9, "phone": 7}
_NO_FIGURES = bytes(set(range(256)) - set(b"0123456789"))
_NOBODYS_KINDS = ("TOLL_FREE", "PREMIUM_RATE", "SHARED_COST", "UAN")
_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)


def privacy(found: Found, limits: dict[str, Any]) -> list[Rule]:
    checks = _Checks(found, limits["private"], limits["regions"])

    def hints(text: str) -> Iterator[str]:
        if "@" in text or _FIGURES.search(text) or _HEXADECIMAL.search(text):
            yield "shape"
        if _LONG in text.translate(_OF_KEYS) or found["private.key"].search(text):
            yield "key"
        if found["private.spelled"].search(text) and found["private.word"].search(text):
            yield "word"

    @lru_cache(maxsize=1)
    def found_kind(prompt: str, answer: str) -> str | None:
        text = prompt + "\n" + answer
        hinted = frozenset(hints(text))
        if not hinted:
            return None
        figures = len(text.encode().translate(None, _NO_FIGURES))
        for kind, number, hint in limits["private"]["detectors"]:
            pattern = found[f"private.{kind}_{number}"]
            if kind not in limits["kinds"] or hint not in hinted or figures < _FEWEST.get(kind, 0):
                continue
            if not pattern.search(text):
                continue
            check = checks.of(kind, number)
            if any(check(place[0]) for place in pattern.finditer(text)):
                return str(kind)
        return None

    return [
        (each, lambda prompt, answer, each=each: found_kind(prompt, answer) == each)
        for each in dict.fromkeys(kind for kind, *_ in limits["private"]["detectors"])
    ]


class _Checks:
    """For each kind, whether what its pattern finds is it."""

    def __init__(self, found: Found, lists: dict[str, Any], regions: list[str]) -> None:
        self._found, self._regions = found, regions
        self._lists = {name: frozenset(some) for name, some in lists["nobodys"].items()}
        self._shapes = [(re.compile(shape), import_module(name)) for shape, name in lists["shapes"]]
        self._named = [import_module(name) for name in lists["named"]]
        kinds = phonenumbers.PhoneNumberType
        self._nobodys = {getattr(kinds, name) for name in _NOBODYS_KINDS}
        self._documentation = ipaddress.ip_network("3fff::/20")

    def of(self, kind: str, number: int) -> Check:
        if kind == "email" and number:
            return self.is_spelled_email
        return getattr(self, f"is_{kind}")  # type: ignore[no-any-return]

    def _has(self, name: str, text: str) -> bool:
        return self._found[f"private.{name}"].search(text) is not None

    def is_secret(self, found: str) -> bool:
        if "PRIVATE KEY" in found:
            return True
        address = self._found["private.in_address"].first(found)
        if address:
            password = address["password"]
            return not self._has("placeholder", found) and len(set(password)) > 4 and password[0] not in "${<["
        match = self._found["private.value"].first(found)
        value = ((match["value"] or match["bare"]) if match else found).rstrip(".,;:!?)")
        if (
            self._has("placeholder", value)
            or len(set(value)) < 6
            or value[0] in "$%"
            or re.search(r"[()\[\]{}]", value)
        ):
            return False
        parts = [value] if match and match["value"] else re.split(r"[-_.=]", value)
        return any(len(set(one)) > 5 and re.search("[A-Za-z]", one) and re.search(r"\d", one) for one in parts)

    def is_email(self, found: str) -> bool:
        address = found.strip(".")
        return not self._has("nobodys_domain", address) and not self._has("no_address", address)

    def is_spelled_email(self, found: str) -> bool:
        parts = self._found["private.parts"].fullmatch(found)
        if parts is None:
            return False
        local = re.sub(r"(?i)\sdot\s", ".", parts["local"])
        domain = self._found["private.dot"].sub(".", parts["domain"])
        meant = parts["at"].strip().lower() not in ("", "at") or parts["said"] is not None
        if not meant and not self._found["private.mailboxes"].match(domain):
            return False
        if local.lower() in self._lists["no_names"] or domain.rpartition(".")[2].lower() not in self._lists["endings"]:
            return False
        return self.is_email(f"{local}@{domain}")

    def is_phone(self, found: str) -> bool:
        number = re.search(r"[+(]?\d.*", found, re.DOTALL)
        if number is None:
            return False
        if "+" in number[0]:
            return self._is_number_of(number[0], None)
        led = number[0].startswith(("0", "(0"))
        return any(
            self._is_number_of(number[0], region)
            for region in self._regions
            if led != (phonenumbers.country_code_for_region(region) == 1)
        )

    def _is_number_of(self, text: str, region: str | None) -> bool:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            return False
        if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) in self._nobodys:
            return False
        national = str(number.national_number)
        made_up = national[3:6] == "555" if number.country_code == 1 else self._found["private.drama"].match(national)
        return not made_up and len(set(national)) > 3 and national not in "1234567890123"

    def is_payment_number(self, found: str) -> bool:
        number = re.sub("[ -]", "", found)
        if number in self._lists["test_numbers"] or len(set(number)) < 4:
            return False
        if number[:2].isalpha():
            return bool(iban.is_valid(number))
        return self._found["private.card"].fullmatch(number) is not None and bool(luhn.is_valid(number))

    def is_social_security_number(self, found: str) -> bool:
        digits = re.sub(r"\D", "", found)[-9:]
        made_up = digits in ("123456789", "078051120", "219099999", "987654321") or len(set(digits)) < 3
        return not made_up and bool(ssn.is_valid(digits))

    def is_ip_address(self, found: str) -> bool:
        place = re.fullmatch(r"[^\w.:]?([0-9A-Fa-f.:]*[0-9A-Fa-f])[^0-9A-Fa-f/]?\s?", found)
        if place is None or place[1] in self._lists["everybodys"]:
            return False
        try:
            address = ipaddress.ip_address(place[1])
        except ValueError:
            return False
        if address.version == 4 and (max(address.packed) < 20 or address.packed[-1] in (0, 255)):
            return False
        return address.is_global and not address.is_multicast and address not in self._documentation

    def is_national_number(self, found: str) -> bool:
        said = self._found["private.said"].match(found)
        first = re.compile(r"[A-Z]{0,2}\d").search(found, said.end() if said else 0)
        if first is None or len(found) > 150:
            return False
        value = found[first.start() :] if said else found
        bare, digits = re.sub("[ .+-]", "", value).upper(), re.sub(r"\D", "", value)
        if bare in self._lists["examples"] or re.fullmatch(r"(?:19|20)\d\d[-. ]\d\d[-. ]\d\d", value):
            return False
        if len(set(digits)) < 4 or digits in "1234567890" * 2 or digits in "9876543210" * 2:
            return False
        if self._found["private.own_numbers"].fullmatch(value):
            return _is_own(bare)
        if said and re.search("(?i)passport|licen[cs]e", said[0]) and re.fullmatch(r"[A-Z]{0,2}\d{7,9}[A-Z]?", bare):
            return True
        modules = [module for shape, module in self._shapes if shape.fullmatch(value)]
        return any(module.is_valid(value) for module in (*modules, *(self._named if said else ())))


def _is_own(value: str) -> bool:
    if not value[1].isdigit():
        return value[:2] not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, value[1:8], strict=True))
    letters = "JZIHGFEDCBA" if value[0] in "ST" else "XWUTRQPNMLK"
    return letters[(total + (4 if value[0] in "TG" else 0)) % 11] == value[8]
