"""Money, percentages and measures."""

from __future__ import annotations

import re
from functools import lru_cache

from sayso.stages.screen.normalization.numbers import NUMBER, cardinal, number
from sayso.stages.screen.normalization.rewriting import DIGITS, rule, text_after, text_before

_CURRENCIES = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "€": ("euro", "euros", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "¥": ("yen", "yen", "", ""),
    "₹": ("rupee", "rupees", "paisa", "paise"),
    "¢": ("cent", "cents", "", ""),
}
_SCALES = {"k": "thousand", "K": "thousand", "M": "million", "m": "million", "B": "billion", "bn": "billion"}
_SCALE = r"(?:( ?(?:hundred|thousand|million|billion|trillion)\b)|(k|K|M|m|B|bn)\b)?"

# Written unit: what one is called, what several are called.
_UNITS = {
    "km": ("kilometer", "kilometers"),
    "m": ("meter", "meters"),
    "cm": ("centimeter", "centimeters"),
    "mm": ("millimeter", "millimeters"),
    "nm": ("nanometer", "nanometers"),
    "mi": ("mile", "miles"),
    "ft": ("foot", "feet"),
    "yd": ("yard", "yards"),
    "kg": ("kilogram", "kilograms"),
    "g": ("gram", "grams"),
    "mg": ("milligram", "milligrams"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "L": ("liter", "liters"),
    "l": ("liter", "liters"),
    "ml": ("milliliter", "milliliters"),
    "mL": ("milliliter", "milliliters"),
    "gal": ("gallon", "gallons"),
    "tsp": ("teaspoon", "teaspoons"),
    "tbsp": ("tablespoon", "tablespoons"),
    "mph": ("mile per hour", "miles per hour"),
    "kph": ("kilometer per hour", "kilometers per hour"),
    "kmh": ("kilometer per hour", "kilometers per hour"),
    "km/h": ("kilometer per hour", "kilometers per hour"),
    "km/hr": ("kilometer per hour", "kilometers per hour"),
    "km/s": ("kilometer per second", "kilometers per second"),
    "mi/h": ("mile per hour", "miles per hour"),
    "m/s": ("meter per second", "meters per second"),
    "m/s^2": ("meter per second squared", "meters per second squared"),
    "mpg": ("mile per gallon", "miles per gallon"),
    "sq ft": ("square foot", "square feet"),
    "sq. ft.": ("square foot", "square feet"),
    "fl oz": ("fluid ounce", "fluid ounces"),
    "ft^2": ("square foot", "square feet"),
    "m^2": ("square meter", "square meters"),
    "cm^2": ("square centimeter", "square centimeters"),
    "km^2": ("square kilometer", "square kilometers"),
    "m^3": ("cubic meter", "cubic meters"),
    "cm^3": ("cubic centimeter", "cubic centimeters"),
    "h": ("hour", "hours"),
    "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"),
    "min": ("minute", "minutes"),
    "mins": ("minute", "minutes"),
    "s": ("second", "seconds"),
    "sec": ("second", "seconds"),
    "secs": ("second", "seconds"),
    "ms": ("millisecond", "milliseconds"),
    "kW": ("kilowatt", "kilowatts"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "W": ("watt", "watts"),
    "V": ("volt", "volts"),
    "Hz": ("hertz", "hertz"),
    "kHz": ("kilohertz", "kilohertz"),
    "MHz": ("megahertz", "megahertz"),
    "GHz": ("gigahertz", "gigahertz"),
    "KB": ("kilobyte", "kilobytes"),
    "MB": ("megabyte", "megabytes"),
    "GB": ("gigabyte", "gigabytes"),
    "TB": ("terabyte", "terabytes"),
    "Mbps": ("megabit per second", "megabits per second"),
    "N": ("newton", "newtons"),
    "J": ("joule", "joules"),
    "kJ": ("kilojoule", "kilojoules"),
    "kcal": ("kilocalorie", "kilocalories"),
    "cal": ("calorie", "calories"),
    "psi": ("P S I", "P S I"),
    "rpm": ("R P M", "R P M"),
    "dB": ("decibel", "decibels"),
    "USD": ("US dollar", "US dollars"),
    "EUR": ("euro", "euros"),
    "GBP": ("British pound", "British pounds"),
    "¢": ("cent", "cents"),
    "°": ("degree", "degrees"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "° C": ("degree Celsius", "degrees Celsius"),
    "° F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "ºC": ("degree Celsius", "degrees Celsius"),
    "ºF": ("degree Fahrenheit", "degrees Fahrenheit"),
    "degrees C": ("degree Celsius", "degrees Celsius"),
    "degrees F": ("degree Fahrenheit", "degrees Fahrenheit"),
}
# A lone letter after a blank is more often a name or a variable than a unit.
_JOINED_ONLY = {"h", "s", "l", "V", "N", "J", "W"}
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_PER = {
    "h": "hour",
    "hr": "hour",
    "hour": "hour",
    "day": "day",
    "week": "week",
    "wk": "week",
    "month": "month",
    "mo": "month",
    "year": "year",
    "yr": "year",
    "min": "minute",
    "minute": "minute",
    "sec": "second",
    "second": "second",
    "lb": "pound",
    "pound": "pound",
    "kg": "kilogram",
    "g": "gram",
    "L": "liter",
    "oz": "ounce",
    "ml": "milliliter",
    "mL": "milliliter",
    "person": "person",
    "gallon": "gallon",
    "mile": "mile",
    "minutes": "minute",
    "km": "kilometer",
    "hectare": "hectare",
    "m^3": "cubic meter",
    "cm^3": "cubic centimeter",
}
_RATE = r"(?: ?/ ?(" + "|".join(re.escape(unit) for unit in sorted(_PER, key=len, reverse=True)) + r")\b(?!\^))?"


def _per(unit: str | None) -> str:
    return f" per {_PER[unit]}" if unit else ""


@rule(
    rf"(-?)(?:US|CA|AU)?([$€£¥₹¢]) ?({NUMBER}){_SCALE}"
    rf"(?:(?: ?[-–] ?)[$€£¥₹]?({NUMBER}){_SCALE})?{_RATE}(?:-(?=[A-Za-z]))?",
    "-+UCA$€£¥₹¢",
)
def money(match: re.Match[str]) -> str:
    minus, sign, amount, scale, short, upper, upper_scale, upper_short, rate = match.groups()
    before, after = text_before(match), text_after(match)
    # "a $10 bill", "a $10-bill": what describes a thing stands in the singular.
    describes = match[0].endswith("-") or (
        re.search(r"\b[Aa]n? $", before) and re.match(r" [a-zA-Z]", after) and not rate
    )
    said = _amount(sign, amount, scale, short, bool(describes))
    if upper:
        said = f"{said} to {_amount(sign, upper, upper_scale, upper_short, bool(describes))}"
    return f"{'minus ' if minus else ''}{said}{_per(rate)}{' ' if match[0].endswith('-') else ''}"


def _amount(sign: str, amount: str, scale: str | None, short: str | None, describes: bool) -> str:
    one, many, cent, cents = _CURRENCIES[sign]
    whole, _, decimals = amount.partition(".")
    if describes and not decimals:
        many = one
    if scale or short:
        return f"{number(amount)} {scale.strip() if scale else _SCALES[short or '']} {many}"
    if decimals and (len(decimals) != 2 or not cents):
        return f"{number(amount)} {many}"
    units = int(whole.replace(",", "") or 0)
    hundredths = int(decimals or 0)
    parts = [f"{cardinal(whole)} {one if units == 1 else many}"] if units or not hundredths else []
    if hundredths:
        parts.append(f"{cardinal(str(hundredths))} {cent if hundredths == 1 else cents}")
    return " and ".join(parts)


@rule(rf"({NUMBER}) ?([$€£])(?!\w)", DIGITS + ".")
def trailing_sign(match: re.Match[str]) -> str:
    return _amount(match[2], match[1], None, None, False)


@rule(rf"(?<![\w.])([-+]?)({NUMBER})(?: ?(?:-|–|to) ?({NUMBER}))? ?%", DIGITS + ".-+")
def percent(match: re.Match[str]) -> str:
    sign = {"-": "minus ", "+": "plus "}.get(match[1], "")
    upper = f" to {number(match[3])}" if match[3] else ""
    return f"{sign}{number(match[2])}{upper} percent"


@rule(r"(?<![\w.])(\d)['’] ?(1[01]|\d)(?:\"|'')")
def height(match: re.Match[str]) -> str:
    feet, inches = match.groups()
    return (
        f"{cardinal(feet)} {'foot' if feet == '1' else 'feet'} {cardinal(inches)} "
        f"{'inch' if inches == '1' else 'inches'}"
    )


@rule(
    rf"(?<![\w.])(-?)({NUMBER})(?: ?[-–] ?({NUMBER}))?(-| ?)({_UNIT})(?![\w^°]){_RATE}(?:\.(?= [a-z0-9(]|[,;?!]))?",
    DIGITS + ".-",
)
def measure(match: re.Match[str]) -> str | None:
    minus, amount, upper, gap, unit, rate = match.groups()
    if gap and unit in _JOINED_ONLY:
        return None
    one, many = _UNITS[unit]
    last = upper or amount
    name = one if last == "1" or gap == "-" else many
    said = f"{number(amount)} to {number(upper)}" if upper else number(amount)
    return f"{'minus ' if minus else ''}{said} {name}{_per(rate)}"


@lru_cache(maxsize=1)
def _quotation_marks(text: str) -> int:
    """How many a text has; kept, for each of them asks."""
    return text.count('"')


@rule(rf"(?<![\w.])({NUMBER})(?: ?in\.(?= [a-z]|[?,;])|in\b|\")(?= |$|[.,;?!])", DIGITS + ".")
def inches(match: re.Match[str]) -> str | None:
    if match[0].endswith('"') and _quotation_marks(match.string) > 1:
        return None  # it closes a quotation
    return f"{number(match[1])} {'inch' if match[1] == '1' else 'inches'}"


@rule(rf"(?<![\w.])({NUMBER})([kKM])(?!\w)", DIGITS + ".")
def thousands(match: re.Match[str]) -> str | None:
    if match[2] == "K":
        return f"{number(match[1])} K"
    return f"{number(match[1])} {_SCALES[match[2]]}"


RULES = (money, trailing_sign, percent, height, measure, inches, thousands)
