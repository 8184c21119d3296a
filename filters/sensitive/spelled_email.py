"""E-mail addresses as they are said, or hidden from collectors: "john at gmail dot com", "john [at] web.de"."""

from __future__ import annotations

import re

from sayso.filters.text.patterns import any_of

_SAID = r"\b(?:e-?mail|mail|address|contact|reach|write to)\b"
_LOCAL = r"[\w.+-]{1,40}(?:\sdot\s[\w-]{1,30}){0,3}"
_AT = r"\s?[(\[{<]\s?at\s?[)\]}>]\s?|\sat\s"
_DOT = r"\s?[(\[{<]\s?dot\s?[)\]}>]\s?|\sdot\s|\."
_DOMAIN = rf"[A-Za-z0-9-]{{1,40}}(?:(?:{_DOT})[A-Za-z]{{2,20}}){{1,3}}"

# The word for it may stand before.
SPELLED_EMAIL = rf"(?i:(?:{_SAID}[^\n@]{{0,40}}?[\s:])?\b{_LOCAL}(?:{_AT}){_DOMAIN}\b)"
# A part of every one of them, and the words in it: these are found the fastest.
SPELLED_EMAIL_HINT = any_of(
    r"(?i:[(\[{<]\s?at\s?[)\]}>]|\sat\s[\w-]{1,40}(?:\s?[(\[{<]\s?dot|\sdot\s)|\sat\s[\w-]{1,40}\.[a-z])"
)
SPELLED_EMAIL_WORDS = (
    *("mail", " dot ", "[dot", "(dot", "dot]", "dot)", "{dot", "<dot", "[at", "(at", "{at", "<at", "[ at", "( at"),
    *("yahoo", "outlook", "icloud", "proton"),
)

_PARTS = re.compile(
    rf"(?P<said>{_SAID}.{{0,41}}[\s:])?(?P<local>{_LOCAL})(?P<at>{_AT})(?P<domain>{_DOMAIN})",
    re.IGNORECASE | re.DOTALL,
)
_MAILBOXES = re.compile(
    r"(?:gmail|googlemail|yahoo|hotmail|outlook|icloud|protonmail|proton|fastmail)\.", re.IGNORECASE
)
_ENDINGS = """
com org net edu gov io ai dev me info app uk us de fr es it nl ca au in ch at se no dk fi pl pt ie be eu jp kr cn br mx
za nz ru cz ro tr
"""
# What stands before "at" and the name of a page.
_NO_NAMES = """
look looking available find found us me it go shop shopping work works working online sign up visit log in check store
buy bought here page website site account hosted over out listed posted read more and or is are them him her job team
company one this that
"""


def written_address(found: str) -> str | None:
    """The address that is meant by what SPELLED_EMAIL matches; None for "look at amazon dot com"."""
    parts = _PARTS.fullmatch(found)
    if parts is None:
        return None
    local = re.sub(r"\sdot\s", ".", parts["local"], flags=re.IGNORECASE)
    domain = re.sub(_DOT, ".", parts["domain"], flags=re.IGNORECASE)
    meant = not parts["at"].isspace() and parts["at"].strip().lower() != "at"
    meant = meant or bool(_MAILBOXES.match(domain)) or parts["said"] is not None
    if not meant or local.lower() in _NO_NAMES.split() or domain.rpartition(".")[2].lower() not in _ENDINGS.split():
        return None
    return f"{local}@{domain}"
