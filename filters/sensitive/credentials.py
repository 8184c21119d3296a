"""Passwords, keys and tokens in a text: what they look like, and which of them are only examples of themselves."""

from __future__ import annotations

import re

from sayso.filters.text.patterns import any_of

# What the issuers begin their keys with, as they tell scanners of repositories.
_BEGINNINGS = (
    *("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),  # GitHub
    *("glpat-", "glptt-", "gldt-", "glrt-", "glcbt-", "glft-", "glimt-", "gloas-", "glsoat-", "glagent-"),  # GitLab
    *("sk_live_", "rk_live_", "pk_live_", "whsec_"),  # Stripe
    *("xoxa-", "xoxb-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xapp-"),  # Slack
    *("hf_", "api_org_", "gsk_", "r8_", "xai-", "pplx-", "nvapi-"),  # models: Hugging Face, Groq, Replicate, xAI, …
    *("AIza", "GOCSPX-", "ya29."),  # Google
    *("npm_", "pypi-Ag", "rubygems_", "dckr_pat_", "CLOJARS_", "AKCp", "sbp_"),  # packages, images, Supabase
    *("dop_v1_", "doo_v1_", "dor_v1_", "dapi", "HRKU-AA", "fo1_", "pscale_tkn_", "pscale_pw_", "pscale_oauth_"),
    *("shpat_", "shpca_", "shppa_", "shpss_", "sq0atp-", "sq0csp-", "shippo_live_", "EZAK", "FLWSECK-"),  # shops
    *("glsa_", "glc_", "NRAK-", "NRJS-", "dt0c01.", "sntrys_", "sntryu_", "PMAK-", "phc_"),  # what watches, or tests
    *("lin_api_", "ntn_", "ATATT3", "figd_", "pul-", "pnu_", "hvs.", "hvb.", "dp.pt.", "dp.st.", "ops_eyJ"),
    *("xkeysib-", "SG.", "LTAI", "AQVN", "EAAM", "EAAC", "p8e-", "tfp_", "fio-u-", "rdme_", "duffel_live_"),
    *("AGE-SECRET-KEY-1", "sk-"),  # age; OpenAI, Anthropic
)
_ISSUED = (
    rf"\b(?:{'|'.join(map(re.escape, _BEGINNINGS))})[\w.=-]{{16,}}",
    r"\b(?:AKIA|ASIA|ABIA|ACCA|A3T[0-9A-Z])[0-9A-Z]{16}\b",  # Amazon
    r"\bxox[abeoprs]-[\w-]{10,}",
    r"hooks\.slack\.com/services/T\w+/B\w+/\w+|discord(?:app)?\.com/api/webhooks/\d+/[\w-]{20,}",
    r"\b(?:[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{27,}|\d{8,10}:AA[\w-]{33})",  # Discord, Telegram
    r"\bkey-[0-9a-f]{32}\b|\b[0-9a-f]{32}-us\d{1,2}\b|\b(?:SK|AC)[0-9a-f]{32}\b",  # Mailgun, Mailchimp, Twilio
    r"\b\w{3}\dQ~[\w~.-]{31,34}|(?:AccountKey|SharedAccessKey)=[\w+/]{40,}",  # Azure
    r"\b\w{14}\.atlasv1\.[\w=-]{60,}",  # Terraform
    r"-----BEGIN (?:[A-Z]+ ){0,2}PRIVATE KEY(?: BLOCK)?-----",
    r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",  # JSON Web Token
    r"(?i:\bbearer\s+)[\w.~+/-]{20,}",
    # A password in an address.
    r"\b[a-z][a-z0-9+]{1,15}://[^\s/:@'\"<>]{1,60}:[^\s/:@'\"<>]{6,80}@\w",
)
_LABELLED = (
    r"(?i:\b(?:password|passwd|pwd|passphrase|passcode)(?:['\"]?\s*[:=]|\s+is:?)\s*)['\"`]?[^\s'\"`<>]{6,}",
    r"(?i:\b(?:api|secret|access|private|auth)[ _-]?(?:key|token)(?:['\"]?\s*[:=]|\s+is:?)\s*)['\"`]?[^\s'\"`<>]{16,}",
)
SECRET = any_of(*_ISSUED, *_LABELLED)

# A part of every one of them; cheap to look for. Nearly all are longer than words are.
SECRET_HINT = any_of(
    r"[\w.-]{19}|xox[a-s]-|slack\.com/s|/api/webhooks|PRIVATE KEY|//[^\s/:@]+:[^\s/:@]+@|(?i:bearer\s+[\w.~+/-]{9})",
    r"(?i:passw(?:or)?d|pwd|passphrase|passcode|[_ -]key|apikey|[_ -]token|authtoken|secretkey)(?:['\"]?\s*[:=]|\s+is)",
)

_PLACEHOLDER = re.compile(
    r"example|your|my[_-]|xxx|\*\*\*|\.\.\.|placeholder|dummy|test|sample|change_?me|redacted|insert"
    r"|1234|abcd|passw|p@ss|secret|hunter2|token_here|key_here"
    # The token that the specification's best-known demonstration page shows.
    r"|sflkxwrjsmekkf2qt4fwpmejf36pok6yjv_adqssw5c",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(r"://[^\s/:@]{1,60}:(?P<password>[^\s/:@]{6,80})@")
_VALUE = re.compile(r"(?:[:=]|\sis:?)\s*['\"`]?(?P<value>[^\s'\"`<>]+)$|(?:bearer\s+|^)(?P<bare>\S+)$", re.IGNORECASE)


def is_secret(found: str) -> bool:
    """Whether what SECRET matches is a secret that somebody uses, not a placeholder, a word or a call of code."""
    if "PRIVATE KEY" in found:
        return True
    if address := _IN_ADDRESS.search(found):
        return (
            not _PLACEHOLDER.search(found)
            and len(set(address["password"])) > 4
            and address["password"][0] not in "${<["
        )
    match = _VALUE.search(found)
    value = ((match["value"] or match["bare"]) if match else found).rstrip(".,;:!?)")
    if _PLACEHOLDER.search(value) or len(set(value)) < 6 or re.search(r"^[$%]|[()\[\]{}]", value):
        return False
    # Words with dashes between them are a name, whatever it begins with.
    parts = [value] if match and match["value"] else re.split(r"[-_.=]", value)
    return any(len(set(part)) > 5 and re.search(r"[A-Za-z]", part) and re.search(r"\d", part) for part in parts)
