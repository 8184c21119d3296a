"""Amounts of money, whose sign stands before or behind, with scales, ranges and what they are paid for."""

from __future__ import annotations

import re

from sayso.stages.screen.normalization.numbers import NUMBER, cardinal, number
from sayso.stages.screen.normalization.rewriting import DIGITS, describes_a_thing, rule, text_after, text_before
from sayso.stages.screen.normalization.units import per

# One, several, and a hundredth: one and several.
_CURRENCIES = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "R$": ("real", "reais", "centavo", "centavos"),
    "€": ("euro", "euros", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "¥": ("yen", "yen", "", ""),
    "₹": ("rupee", "rupees", "paisa", "paise"),
    "Rs.": ("rupee", "rupees", "paisa", "paise"),
    "Rs": ("rupee", "rupees", "paisa", "paise"),
    "₩": ("won", "won", "", ""),
    "₽": ("ruble", "rubles", "kopeck", "kopecks"),
    "₺": ("lira", "lira", "", ""),
    "₪": ("shekel", "shekels", "", ""),
    "₱": ("peso", "pesos", "centavo", "centavos"),
    "₦": ("naira", "naira", "", ""),
    "₿": ("bitcoin", "bitcoins", "", ""),
    "฿": ("baht", "baht", "", ""),
    "¢": ("cent", "cents", "", ""),
}
_COUNTRIES = {
    "US": "US",
    "USD": "US",
    "CA": "Canadian",
    "C": "Canadian",
    "CAD": "Canadian",
    "AU": "Australian",
    "A": "Australian",
    "AUD": "Australian",
    "NZ": "New Zealand",
    "HK": "Hong Kong",
    "S": "Singapore",
}
_CODES = {
    "USD": ("US dollar", "US dollars"),
    "EUR": ("euro", "euros"),
    "GBP": ("British pound", "British pounds"),
    "JPY": ("Japanese yen", "Japanese yen"),
    "INR": ("Indian rupee", "Indian rupees"),
    "CAD": ("Canadian dollar", "Canadian dollars"),
    "AUD": ("Australian dollar", "Australian dollars"),
    "NZD": ("New Zealand dollar", "New Zealand dollars"),
    "CHF": ("Swiss franc", "Swiss francs"),
    "CNY": ("Chinese yuan", "Chinese yuan"),
    "RMB": ("Chinese yuan", "Chinese yuan"),
    "MXN": ("Mexican peso", "Mexican pesos"),
    "BTC": ("bitcoin", "bitcoins"),
    "SEK": ("Swedish krona", "Swedish kronor"),
    "NOK": ("Norwegian krone", "Norwegian kroner"),
    "DKK": ("Danish krone", "Danish kroner"),
    "PLN": ("Polish zloty", "Polish zloty"),
    "CZK": ("Czech koruna", "Czech koruna"),
    "HUF": ("Hungarian forint", "Hungarian forints"),
    "RUB": ("Russian ruble", "Russian rubles"),
    "BRL": ("Brazilian real", "Brazilian reais"),
    "ZAR": ("South African rand", "South African rand"),
    "SGD": ("Singapore dollar", "Singapore dollars"),
    "HKD": ("Hong Kong dollar", "Hong Kong dollars"),
    "KRW": ("Korean won", "Korean won"),
    "THB": ("Thai baht", "Thai baht"),
    "PHP": ("Philippine peso", "Philippine pesos"),
    "IDR": ("Indonesian rupiah", "Indonesian rupiah"),
    "MYR": ("Malaysian ringgit", "Malaysian ringgit"),
    "VND": ("Vietnamese dong", "Vietnamese dong"),
    "NGN": ("Nigerian naira", "Nigerian naira"),
    "EGP": ("Egyptian pound", "Egyptian pounds"),
    "AED": ("dirham", "dirhams"),
    "PKR": ("Pakistani rupee", "Pakistani rupees"),
    "BDT": ("Bangladeshi taka", "Bangladeshi taka"),
    "ILS": ("Israeli shekel", "Israeli shekels"),
    "ETH": ("ether", "ether"),
}
SCALES = {
    **dict.fromkeys(("k", "K"), "thousand"),
    **dict.fromkeys(("m", "M", "mm", "MM", "mn", "mil", "mln", "Mio"), "million"),
    **dict.fromkeys(("b", "B", "bn", "Bn", "BN", "bil"), "billion"),
    **dict.fromkeys(("t", "T", "tn", "trn"), "trillion"),
}
CODES = "|".join(_CODES)
_SHORT = "|".join(sorted(SCALES, key=len, reverse=True))
_SCALE = rf"(?:[ -](hundred|thousand|million|billion|trillion)\b| ?({_SHORT})\b(?!['’]))?"
_SIGN = "[" + "".join(sign for sign in _CURRENCIES if len(sign) == 1) + "]|R\\$|Rs\\.?(?= ?\\d)"
_PER = r"((?: ?/ ?[A-Za-z]{1,12}\b(?!/?\d)){0,2})"


@rule(
    rf"([-–+]?)(?:(USD?|CAD?|AUD?|NZ|HK)(?: (?=\$)|(?=\$))|([CAS])(?=\$))?({_SIGN}) ?({NUMBER}){_SCALE}(\+)?"
    rf"(?: ?(?:[-–]|to) ?({_SIGN})? ?({NUMBER}){_SCALE})?{_PER}(?:-(?=[A-Za-z]))?",
    "-–+UCANHSR" + "".join(sign for sign in _CURRENCIES if len(sign) == 1),
    rf"(?:[-–+]|\b(?:USD?|CAD?|C|AUD?|A|NZ|HK|S) ?)?(?=\$)|[-–+]?(?:{_SIGN})",
)
def amount(match: re.Match[str]) -> str | None:
    minus, *countries, sign, first, scale, short, plus, second, upper, upper_scale, upper_short, rate = match.groups()
    country = next(filter(None, countries), None)
    before, after = text_before(match), text_after(match)
    if match.start() and before[-1:].isalnum() and (country or sign.startswith("Rs")):
        return None
    lower_scale = scale or SCALES.get(short or "")
    if short in ("m", "t", "b") and match.string[match.start(7) - 1] == " " and not re.match(r"\s|[.,?!]|$", after):
        return None
    describes = match[0].endswith("-") or (describes_a_thing(match) and not rate and not upper)
    if upper:
        high_scale = upper_scale or SCALES.get(upper_short or "")
        same = not second or (lower_scale and lower_scale == high_scale)
        if not second and lower_scale and not high_scale:
            return None
        low = number(first) if same else amount_of(sign, first, lower_scale, describes)
        said = f"{low} to {amount_of(sign, upper, high_scale, describes)}"
        joined = second and not re.search(r"\bto\b", match[0]) and "." not in first + upper and not high_scale
        if second and not lower_scale and (high_scale or joined):
            said = f"{number(first)} to {amount_of(sign, upper, high_scale, describes)}"
    else:
        said = amount_of(sign, first, lower_scale, describes)
    if country:
        one, many = _CURRENCIES[sign][:2]
        said = re.sub(rf"\b(?={many}\b|{one}\b)", f"{_COUNTRIES[country]} ", said, count=1)
    signed = "minus " if minus in ("-", "–") and minus else ""
    return f"{signed}{said}{' plus' if plus else ''}{_rates(rate)}{' ' if match[0].endswith('-') else ''}"


def _rates(written: str) -> str:
    """ "/user/month" → " per user per month"."""
    return "".join(f" per {per(word.strip())}" for word in written.split("/")[1:])


def amount_of(sign: str, written: str, scale: str | None, describes: bool) -> str:
    """So much of the currency with a sign: "$", "1.50" → "one dollar and fifty cents"."""
    one, many, cent, cents = _CURRENCIES[sign]
    whole, _, decimals = written.partition(".")
    if len(decimals) > 2:
        decimals = decimals.rstrip("0").ljust(2, "0") if len(decimals.rstrip("0")) <= 2 else decimals
    if describes and not decimals:
        many = one
    if scale:
        return f"{number(written)} {scale} {many}"
    if decimals and (len(decimals) > 2 or not cents):
        return f"{number(written)} {many}"
    units, hundredths = int(whole.replace(",", "") or 0), int(decimals.ljust(2, "0") or 0)
    if units and hundredths and len(decimals) == 1:
        return f"{cardinal(whole)} {one if units == 1 else many} {cardinal(str(hundredths))}"
    parts = [f"{cardinal(whole)} {one if units == 1 else many}"] if units or not hundredths else []
    if hundredths:
        parts.append(f"{cardinal(str(hundredths))} {cent if hundredths == 1 else cents}")
    return " and ".join(parts)


@rule(rf"({NUMBER}){_SCALE} ?([$€£₹₽₩¥])(?!\w|\d)", DIGITS + ".")
def trailing_sign(match: re.Match[str]) -> str:
    return amount_of(match[4], match[1], match[2] or SCALES.get(match[3] or ""), describes_a_thing(match))


@rule(rf"({NUMBER}){_SCALE} ?({CODES})\b{_PER}", DIGITS + ".")
def trailing_code(match: re.Match[str]) -> str:
    one, many = _CODES[match[4]]
    scale = match[2] or SCALES.get(match[3] or "")
    name = one if match[1] == "1" and not scale else many
    return f"{number(match[1])}{' ' + scale if scale else ''} {name}{_rates(match[5])}"


@rule(rf"\b({CODES}) ?({NUMBER}){_SCALE}", "ABCDEGHIJKMNPRSTUVZ", rf"\b(?:{CODES}) ?\d")
def leading_code(match: re.Match[str]) -> str:
    one, many = _CODES[match[1]]
    scale = match[3] or SCALES.get(match[4] or "")
    return f"{number(match[2])}{' ' + scale if scale else ''} {one if match[2] == '1' and not scale else many}"


@rule(
    r"(?<![\w.,])(\d{1,3}(?:\.\d{3})*),(\d\d) ?([€£$])(?!\w)|([€£])(\d{1,3}(?:\.\d{3})*),(\d\d)(?![\d,])", DIGITS + "€£"
)
def comma_amount(match: re.Match[str]) -> str:
    """Cents behind a comma: "3,50 €"."""
    whole, cents, sign = match[1] or match[5], match[2] or match[6], match[3] or match[4]
    return amount_of(sign, f"{whole.replace('.', '')}.{cents}", None, False)


@rule(r"(?<![\w.,])(\d{1,3}(?:,\d{3})*)[.,](\d\d) (dollars?|euros?)\b")
def named_amount(match: re.Match[str]) -> str:
    """Cents before the name of a currency: "4.99 euros"."""
    return amount_of("$" if match[3].startswith("d") else "€", f"{match[1]}.{match[2]}", None, False)


@rule(r"(?<=[a-z] )(\d{1,2})p(?=[.,?! ]|$)")
def pence(match: re.Match[str]) -> str | None:
    """ "it costs 99p"."""
    paid = re.search(r"(?i)\b(?:costs?|for|only|just|pay|paid|price of|charges?|is|at|worth) $", text_before(match))
    return f"{cardinal(match[1])} {'penny' if match[1] == '1' else 'pence'}" if paid else None


FORMS = (comma_amount, named_amount, pence, amount, trailing_sign, trailing_code, leading_code)
