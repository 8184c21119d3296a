"""Units as they are written, and what one and several are called."""

from __future__ import annotations

import re

Named = tuple[str, str]

# Symbols whose case tells them apart, as the SI has them, and those that are written in one way only.
UNITS: dict[str, Named] = {
    "km": ("kilometer", "kilometers"),
    "m": ("meter", "meters"),
    "kms": ("kilometer", "kilometers"),
    "cms": ("centimeter", "centimeters"),
    "cm": ("centimeter", "centimeters"),
    "mm": ("millimeter", "millimeters"),
    "µm": ("micrometer", "micrometers"),
    "nm": ("nanometer", "nanometers"),
    "mi": ("mile", "miles"),
    "ft": ("foot", "feet"),
    "yd": ("yard", "yards"),
    "yds": ("yard", "yards"),
    "ha": ("hectare", "hectares"),
    "kg": ("kilogram", "kilograms"),
    "kgs": ("kilogram", "kilograms"),
    "g": ("gram", "grams"),
    "gm": ("gram", "grams"),
    "gms": ("gram", "grams"),
    "mg": ("milligram", "milligrams"),
    "mcg": ("microgram", "micrograms"),
    "µg": ("microgram", "micrograms"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "L": ("liter", "liters"),
    "l": ("liter", "liters"),
    "dL": ("deciliter", "deciliters"),
    "dl": ("deciliter", "deciliters"),
    "cl": ("centiliter", "centiliters"),
    "ml": ("milliliter", "milliliters"),
    "mL": ("milliliter", "milliliters"),
    "cc": ("C C", "C C"),
    "gal": ("gallon", "gallons"),
    "qt": ("quart", "quarts"),
    "tsp": ("teaspoon", "teaspoons"),
    "tbsp": ("tablespoon", "tablespoons"),
    "fl oz": ("fluid ounce", "fluid ounces"),
    "fl. oz.": ("fluid ounce", "fluid ounces"),
    "mph": ("mile per hour", "miles per hour"),
    "kph": ("kilometer per hour", "kilometers per hour"),
    "kmh": ("kilometer per hour", "kilometers per hour"),
    "kmph": ("kilometer per hour", "kilometers per hour"),
    "mpg": ("mile per gallon", "miles per gallon"),
    "sq ft": ("square foot", "square feet"),
    "cu ft": ("cubic foot", "cubic feet"),
    "cu. ft.": ("cubic foot", "cubic feet"),
    "cu m": ("cubic meter", "cubic meters"),
    "cu in": ("cubic inch", "cubic inches"),
    "cu yd": ("cubic yard", "cubic yards"),
    "sq. ft.": ("square foot", "square feet"),
    "sq. ft": ("square foot", "square feet"),
    "sqft": ("square foot", "square feet"),
    "sq m": ("square meter", "square meters"),
    "sq. m.": ("square meter", "square meters"),
    "sq km": ("square kilometer", "square kilometers"),
    "sq mi": ("square mile", "square miles"),
    "h": ("hour", "hours"),
    "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"),
    "min": ("minute", "minutes"),
    "mins": ("minute", "minutes"),
    "s": ("second", "seconds"),
    "sec": ("second", "seconds"),
    "secs": ("second", "seconds"),
    "ms": ("millisecond", "milliseconds"),
    "yrs": ("year", "years"),
    "yr": ("year", "years"),
    "W": ("watt", "watts"),
    "kW": ("kilowatt", "kilowatts"),
    "kw": ("kilowatt", "kilowatts"),
    "MW": ("megawatt", "megawatts"),
    "GW": ("gigawatt", "gigawatts"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "kwh": ("kilowatt hour", "kilowatt hours"),
    "MWh": ("megawatt hour", "megawatt hours"),
    "V": ("volt", "volts"),
    "kV": ("kilovolt", "kilovolts"),
    "mV": ("millivolt", "millivolts"),
    "A": ("amp", "amps"),
    "mA": ("milliamp", "milliamps"),
    "mAh": ("milliamp hour", "milliamp hours"),
    "Ω": ("ohm", "ohms"),
    "kΩ": ("kilohm", "kilohms"),
    "Hz": ("hertz", "hertz"),
    "kHz": ("kilohertz", "kilohertz"),
    "MHz": ("megahertz", "megahertz"),
    "GHz": ("gigahertz", "gigahertz"),
    "KB": ("kilobyte", "kilobytes"),
    "kB": ("kilobyte", "kilobytes"),
    "MB": ("megabyte", "megabytes"),
    "GB": ("gigabyte", "gigabytes"),
    "TB": ("terabyte", "terabytes"),
    "PB": ("petabyte", "petabytes"),
    "mbps": ("megabit per second", "megabits per second"),
    "gbps": ("gigabit per second", "gigabits per second"),
    "kbps": ("kilobit per second", "kilobits per second"),
    "Mbps": ("megabit per second", "megabits per second"),
    "kBps": ("kilobyte per second", "kilobytes per second"),
    "MBps": ("megabyte per second", "megabytes per second"),
    "GBps": ("gigabyte per second", "gigabytes per second"),
    "Gbps": ("gigabit per second", "gigabits per second"),
    "MP": ("megapixel", "megapixels"),
    "N": ("newton", "newtons"),
    "kN": ("kilonewton", "kilonewtons"),
    "J": ("joule", "joules"),
    "kJ": ("kilojoule", "kilojoules"),
    "MJ": ("megajoule", "megajoules"),
    "kcal": ("kilocalorie", "kilocalories"),
    "cal": ("calorie", "calories"),
    "cals": ("calorie", "calories"),
    "Pa": ("pascal", "pascals"),
    "kPa": ("kilopascal", "kilopascals"),
    "MPa": ("megapascal", "megapascals"),
    "atm": ("atmosphere", "atmospheres"),
    "psi": ("P S I", "P S I"),
    "rpm": ("R P M", "R P M"),
    "bpm": ("beat per minute", "beats per minute"),
    "fps": ("frame per second", "frames per second"),
    "hp": ("horsepower", "horsepower"),
    "mol": ("mole", "moles"),
    "mmol": ("millimole", "millimoles"),
    "µmol": ("micromole", "micromoles"),
    "ng": ("nanogram", "nanograms"),
    "px": ("pixel", "pixels"),
    "hPa": ("hectopascal", "hectopascals"),
    "mbar": ("millibar", "millibars"),
    "THz": ("terahertz", "terahertz"),
    "ns": ("nanosecond", "nanoseconds"),
    "µs": ("microsecond", "microseconds"),
    "eV": ("electron volt", "electron volts"),
    "keV": ("kiloelectron volt", "kiloelectron volts"),
    "MeV": ("megaelectron volt", "megaelectron volts"),
    "lm": ("lumen", "lumens"),
    "IU": ("I U", "I U"),
    "dB": ("decibel", "decibels"),
    "db": ("decibel", "decibels"),
    "dpi": ("D P I", "D P I"),
    "ppm": ("part per million", "parts per million"),
    "mmHg": ("millimeter of mercury", "millimeters of mercury"),
    "mm Hg": ("millimeter of mercury", "millimeters of mercury"),
    "¢": ("cent", "cents"),
    "°": ("degree", "degrees"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "°K": ("kelvin", "kelvin"),
    "° C": ("degree Celsius", "degrees Celsius"),
    "° F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "deg C": ("degree Celsius", "degrees Celsius"),
    "deg F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "degrees C": ("degree Celsius", "degrees Celsius"),
    "degrees F": ("degree Fahrenheit", "degrees Fahrenheit"),
}
# A lone letter after a blank is more often a name or a variable than a unit; joined, these can be read.
JOINED_ONLY = frozenset({"h", "s", "l", "V", "N", "J", "W", "A", "Ω"})
# Two and more letters that mean the same in any case. The others mean something else in capitals, or nothing.
_ANY_CASE = {
    unit.lower(): named
    for unit, named in UNITS.items()
    if len(unit) > 1
    and unit.isalpha()
    and unit
    not in {
        "MW",
        "mV",
        "mA",
        "MP",
        "Pa",
        "PB",
        "MJ",
        "MPa",
        "ms",
        "sec",
        "min",
        "ha",
        "eV",
        "keV",
        "MeV",
        "ns",
        "IU",
        "lm",
    }
}
_POWERS = {"2": "square", "3": "cubic"}
_LENGTHS = frozenset({"km", "m", "cm", "mm", "µm", "nm", "mi", "ft", "yd", "in"})
_LENGTH = r"(?:km|cm|mm|µm|nm|mi|ft|yd|in|m|KM|CM|M)"

_WRITTEN = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_FOLDED = "|".join(sorted(map(re.escape, _ANY_CASE), key=len, reverse=True))
# A unit as it may be written: a length with its power, or any of the table, in any case where that is as clear.
UNIT = rf"(?:{_LENGTH}\^?[23](?!\w)|(?:{_WRITTEN})(?![\w°&'’])|(?i:{_FOLDED})(?![\w°&'’]))"
UNIT_STARTS = "".join(sorted({unit[0] for unit in UNITS}))


def unit(written: str) -> Named | None:
    """What one and several of a written unit are called, None where it is none."""
    if written in UNITS:
        return UNITS[written]
    if power := re.fullmatch(rf"({_LENGTH})\^?([23])", written):
        one, many = ("inch", "inches") if power[1] == "in" else UNITS[power[1].lower()]
        return f"{_POWERS[power[2]]} {one}", f"{_POWERS[power[2]]} {many}"
    return _ANY_CASE.get(written.lower())


# Short forms of what something is counted per; others are said as they stand.
PER = {
    "d": "day",
    "h": "hour",
    "hr": "hour",
    "wk": "week",
    "mo": "month",
    "yr": "year",
    "min": "minute",
    "sec": "second",
    "s": "second",
    "sqft": "square foot",
    "pers": "person",
    "ea": "each",
}


def per(written: str) -> str:
    """One of what something is counted per: "mo" → "month", "dL" → "deciliter", "night" → "night"."""
    if written in PER:
        return PER[written]
    named = unit(written)
    if named:
        return named[0]
    return (
        written[:-1]
        if written.endswith("s") and written in {"minutes", "hours", "days", "seconds", "weeks"}
        else written
    )
