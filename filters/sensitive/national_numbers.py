"""Numbers that a state gives its people: where they may stand in a text, and which of them hold true by their rules."""

from __future__ import annotations

import re

import stdnum.ar.cuit
import stdnum.au.tfn
import stdnum.be.nn
import stdnum.bg.egn
import stdnum.br.cpf
import stdnum.ca.sin
import stdnum.ch.ssn
import stdnum.cl.rut
import stdnum.cn.ric
import stdnum.cz.rc
import stdnum.de.idnr
import stdnum.dk.cpr
import stdnum.ee.ik
import stdnum.es.dni
import stdnum.es.nie
import stdnum.fi.hetu
import stdnum.fr.nir
import stdnum.gb.nhs
import stdnum.gr.amka
import stdnum.hr.oib
import stdnum.id.nik
import stdnum.ie.pps
import stdnum.il.idnr
import stdnum.in_.aadhaar
import stdnum.in_.pan
import stdnum.is_.kennitala
import stdnum.it.codicefiscale
import stdnum.kr.rrn
import stdnum.mx.curp
import stdnum.my.nric
import stdnum.nl.bsn
import stdnum.no.fodselsnummer
import stdnum.pl.pesel
import stdnum.pt.nif
import stdnum.ro.cnp
import stdnum.se.personnummer
import stdnum.si.emso
import stdnum.th.pin
import stdnum.tr.tckimlik
import stdnum.us.itin
import stdnum.za.idnr

from sayso.filters.text.patterns import any_of

# Written in a way that little else is: pattern, and the module of python-stdnum that knows dates and check digits.
_BY_SHAPE = {
    r"\d{3}\.\d{3}\.\d{3}-\d{2}": stdnum.br.cpf,
    r"\d{1,2}\.\d{3}\.\d{3}-[\dkK]": stdnum.cl.rut,
    r"2[0347]-\d{8}-\d": stdnum.ar.cuit,
    r"[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d": stdnum.mx.curp,
    r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]": stdnum.it.codicefiscale,
    r"\d{8}-?[A-Z]": stdnum.es.dni,
    r"[XYZ]-?\d{7}-?[A-Z]": stdnum.es.nie,
    r"\d{6}[-+A-F]\d{3}[0-9A-Y]": stdnum.fi.hetu,
    r"(?:19|20)?\d{6}[-+]\d{4}": stdnum.se.personnummer,
    r"[12] ?\d{2} ?\d{2} ?\d{2} ?\d{3} ?\d{3} ?\d{2}": stdnum.fr.nir,
    r"\d{6}-[1-8]\d{6}": stdnum.kr.rrn,
    r"[1-9]\d{16}[\dX]": stdnum.cn.ric,
    r"[A-Z]{3}P[A-Z]\d{4}[A-Z]": stdnum.in_.pan,
    r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}": stdnum.be.nn,
    r"756\.\d{4}\.\d{4}\.\d{2}": stdnum.ch.ssn,
    r"\d-\d{4}-\d{5}-\d{2}-\d": stdnum.th.pin,
    r"9\d{2}-\d{2}-\d{4}": stdnum.us.itin,
    r"\d{6} \d{4} \d{3}|\d{13}": stdnum.za.idnr,
    r"\d{6} \d{5}": stdnum.no.fodselsnummer,
}
# Two letters that Britain gives out, six figures and a letter; seven figures between letters that Singapore works out.
_BRITISH = r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]"
_SINGAPORE = r"[STFG]\d{7}[A-Z]"
# Figures like any other, unless somebody says what they are.
_BY_NAME = (
    *(
        stdnum.br.cpf,
        stdnum.pl.pesel,
        stdnum.no.fodselsnummer,
        stdnum.tr.tckimlik,
        stdnum.de.idnr,
        stdnum.nl.bsn,
        stdnum.ca.sin,
        stdnum.au.tfn,
        stdnum.gb.nhs,
    ),
    *(
        stdnum.dk.cpr,
        stdnum.pt.nif,
        stdnum.bg.egn,
        stdnum.cz.rc,
        stdnum.hr.oib,
        stdnum.ee.ik,
        stdnum.ro.cnp,
        stdnum.za.idnr,
        stdnum.il.idnr,
        stdnum.is_.kennitala,
    ),
    *(
        stdnum.be.nn,
        stdnum.se.personnummer,
        stdnum.in_.aadhaar,
        stdnum.id.nik,
        stdnum.my.nric,
        stdnum.fi.hetu,
        stdnum.es.dni,
        stdnum.fr.nir,
        stdnum.cn.ric,
        stdnum.cl.rut,
    ),
    *(stdnum.ie.pps, stdnum.us.itin, stdnum.si.emso, stdnum.gr.amka, stdnum.it.codicefiscale),
)
_NAME = (
    r"(?i:\b(?:passport|(?:national|social) (?:insurance|security|id(?:entity|entification)?)|nhs|nino|tax (?:file|id)"
    r"|taxpayer(?: id)?|identity card|id card|personal (?:id|identity|identification)|aadhaa?r|cpf|cpr|bsn|sin|tfn|itin"
    r"|pesel|nif|dni|rut|cnp|egn|oib|idnr|steuer-?id(?:entifikationsnummer)?|tc kimlik|kimlik|personnummer"
    r"|f.dselsnummer|burgerservicenummer|codice fiscale|rodn. ..slo|my number|driv(?:er'?s?|ing) licen[cs]e)\b)"
)
_VALUE = r"[A-Z]{0,2}\d[0-9A-Z]{0,3}(?:[ .-]?[0-9A-Z]{1,6}){1,6}\b"
_BETWEEN = r"[^0-9A-Z\n]{1,25}"

SHAPED_NUMBER = any_of(rf"\b(?:{'|'.join([*_BY_SHAPE, _BRITISH, _SINGAPORE])})\b")
NAMED_NUMBER = any_of(rf"{_NAME}{_BETWEEN}(?:(?i:no|number|nr|id)\b{_BETWEEN})?{_VALUE}")
# A part of every one of them.
NUMBER_SHAPES = any_of(
    r"\d\.\d{3}[.-][\dkK]|\d{6}[-+A-F]\d{3}|[A-Z]{4}\d{6}[HMX]|[A-Z]{6}\d\d[A-Z]\d\d|[A-Z]{5}\d{4}[A-Z]|\d{7}",
    r"[A-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-D]\b|\d\.\d\d-\d{3}\.\d|756\.\d{4}|\d-\d{4}-\d{5}|9\d\d-\d\d-\d",
    r"[12] \d\d \d\d \d\d \d|\d{6} \d{4}|\d{3}[ .-]\d{3}[ .-]\d{3}",
)

_SHAPES = [(re.compile(shape), module) for shape, module in _BY_SHAPE.items()]
_OWN_NUMBERS = re.compile(rf"(?:{_BRITISH}|{_SINGAPORE})")
_SAID = re.compile(_NAME)
_FIRST_FIGURE = re.compile(r"[A-Z]{0,2}\d")
_LONGEST = 150
_DATE = re.compile(r"(?:19|20)\d\d[-. ]\d\d[-. ]\d\d")
# No check digit, but nothing else is called that.
_PAPERS = re.compile(r"(?i:passport|licen[cs]e)")
# What documentation, and whoever needs an example, gives out.
_EXAMPLES = {
    *("11144477735", "12345678909", "12345678Z", "12345678A", "X1234567L", "131052308T", "8112189876", "S1234567D"),
    *("RSSMRA85T10A562S", "RSSMRA80A01H501U", "ABCPD1234E", "AAAPL1234C", "AB123456C", "JG103759A", "046454286"),
    *("8001015009087", "44051401458", "02070803628", "255081416802538", "110101199003070000", "7561234567897"),
    *("123456782", "111222333", "9434765919", "86095742719", "123456785"),
}
_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)


def is_national_number(found: str) -> bool:
    """Whether what either pattern matches holds true by the rules of a country, and is nobody's well-known example."""
    named = _SAID.match(found)
    first = _FIRST_FIGURE.search(found, named.end() if named else 0)
    if first is None or len(found) > _LONGEST:
        return False
    value = found[first.start() :] if named else found
    bare = re.sub(r"[ .+-]", "", value).upper()
    if bare in _EXAMPLES or _is_made_up(bare) or _DATE.fullmatch(value):
        return False
    if _OWN_NUMBERS.fullmatch(value):
        return _is_own(bare)
    if named and _PAPERS.search(named[0]) and re.fullmatch(r"[A-Z]{0,2}\d{7,9}[A-Z]?", bare):
        return True
    modules = [module for shape, module in _SHAPES if shape.fullmatch(value)]
    return any(module.is_valid(value) for module in (*modules, *(_BY_NAME if named else ())))


def _is_made_up(value: str) -> bool:
    digits = re.sub(r"\D", "", value)
    return len(set(digits)) < 4 or digits in "12345678901234567890" or digits in "98765432109876543210"


def _is_own(value: str) -> bool:
    if not value[1].isdigit():
        return value[:2] not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, value[1:8], strict=True))
    letters = "JZIHGFEDCBA" if value[0] in "ST" else "XWUTRQPNMLK"
    return letters[(total + (4 if value[0] in "TG" else 0)) % 11] == value[8]
