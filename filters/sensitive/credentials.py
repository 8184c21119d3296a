"""Passwords, keys and tokens in a text: what they look like, and which of them are only examples of themselves."""

from __future__ import annotations

import re

from sayso.filters.text.patterns import any_of

# The issuers' own prefixes, as they document them for scanners.
_ISSUED = (
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",  # Amazon
    r"\bgh[pousr]_[0-9A-Za-z]{30,}|\bgithub_pat_\w{22,}|\bglpat-[\w-]{20,}",  # GitHub, GitLab
    r"\bsk-[\w-]{20,}|\b[sr]k_live_[0-9A-Za-z]{16,}",  # OpenAI, Anthropic; Stripe
    r"\bxox[abeoprs]-[\w-]{10,}|hooks\.slack\.com/services/T\w+/B\w+/\w+",  # Slack
    r"\bAIza[\w-]{35}|\bGOCSPX-[\w-]{20,}",  # Google
    r"\bhf_[0-9A-Za-z]{30,}|\bnpm_[0-9A-Za-z]{36}|\bpypi-Ag[\w-]{30,}",  # Hugging Face, npm, PyPI
    r"\bSG\.[\w-]{16,}\.[\w-]{16,}",  # SendGrid
    r"-----BEGIN (?:[A-Z]+ ){0,2}PRIVATE KEY(?: BLOCK)?-----",
    r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",  # JSON Web Token
    r"(?i:\bbearer\s+)[\w.~+/-]{20,}",
)
_LABELLED = (
    r"(?i:\b(?:password|passwd|pwd|passphrase|passcode)(?:['\"]?\s*[:=]|\s+is:?)\s*)['\"`]?[^\s'\"`<>]{6,}",
    r"(?i:\b(?:api|secret|access|private|auth)[ _-]?(?:key|token)(?:['\"]?\s*[:=]|\s+is:?)\s*)['\"`]?[^\s'\"`<>]{16,}",
)
SECRET = any_of(*_ISSUED, *_LABELLED)

# A part of every one of them; cheap to look for.
SECRET_HINT = any_of(
    r"AKIA|ASIA|gh[pousr]_|github_pat|glpat-|sk-[\w-]{9}|k_live_|xox[a-s]-|slack\.com/s|AIza|GOCSPX|hf_[\w]{9}|npm_[\w]{9}",
    r"pypi-Ag|SG\.\w|PRIVATE KEY|eyJ[\w-]{9}|(?i:bearer\s+[\w.~+/-]{9})",
    r"(?i:passw(?:or)?d|pwd|passphrase|passcode|[_ -]key|apikey|[_ -]token|authtoken|secretkey)(?:['\"]?\s*[:=]|\s+is)",
)

_PLACEHOLDER = re.compile(
    r"example|your|my[_-]|xxx|\*\*\*|\.\.\.|placeholder|dummy|test|sample|change_?me|redacted|insert"
    r"|1234|abcd|passw|p@ss|secret|hunter2|token_here|key_here"
    # The token that the specification's best-known demonstration page shows.
    r"|sflkxwrjsmekkf2qt4fwpmejf36pok6yjv_adqssw5c",
    re.IGNORECASE,
)
_VALUE = re.compile(r"(?:[:=]|\sis:?)\s*['\"`]?(?P<value>[^\s'\"`<>]+)$|(?:bearer\s+|^)(?P<bare>\S+)$", re.IGNORECASE)


def is_secret(found: str) -> bool:
    """Whether what SECRET matches is a secret that somebody uses, not a placeholder, a word or a call of code."""
    if "PRIVATE KEY" in found:
        return True
    match = _VALUE.search(found)
    value = ((match["value"] or match["bare"]) if match else found).rstrip(".,;:!?)")
    if _PLACEHOLDER.search(value) or len(set(value)) < 6 or re.search(r"^[$%]|[()\[\]{}]", value):
        return False
    return bool(re.search(r"[A-Za-z]", value) and re.search(r"\d", value))
