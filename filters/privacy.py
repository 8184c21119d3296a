"""Does the prompt or the answer give away a person, an account or a key?"""

from __future__ import annotations

from typing import ClassVar, Literal, get_args

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.filters.example import Example
from sayso.filters.sensitive.personal_data import KINDS, Detector, suspected

PrivateKind = Literal[
    "secret", "payment_number", "social_security_number", "national_number", "email", "phone", "ip_address"
]
_FOUND = pl.Struct(dict.fromkeys(KINDS, pl.Boolean))


class Privacy(BaseModel):
    """Addresses, phone, payment and national numbers, keys and passwords in the prompt or the answer.

    What nobody owns stays: example.com, example.co.uk and their like, 555 numbers and those set aside for drama,
    toll-free numbers and help lines, the card numbers of test accounts, private networks, keys that say
    `your-key-here`. Numbers must hold true by their own rules: phone numbers by their country's numbering plan
    (libphonenumber), card numbers by issuer and Luhn's digit, IBANs by ISO 13616, and the numbers that some forty
    states give their people by dates and check digits (python-stdnum), where their shape or a word beside them says
    what they are. Keys are known by how some ninety issuers begin them. Addresses may be spelled ("john at gmail dot
    com"). What was found is not stored, only that it was.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    filter: Literal["privacy"] = "privacy"
    kinds: tuple[PrivateKind, ...] = Field(
        get_args(PrivateKind), min_length=1, description="what no row may hold; the others are measured all the same"
    )
    regions: tuple[str, ...] = Field(
        ("US", "GB"), description="countries (ISO 3166) whose phone numbers are known without a leading + and code"
    )

    def features(self) -> list[pl.Expr]:
        return [pl.struct("prompt", "answer").map_batches(self._find, return_dtype=_FOUND).alias("privacy")]

    def reason(self) -> pl.Expr:
        return pl.coalesce(
            pl.when(pl.col(f"privacy.{kind}")).then(pl.lit(kind)) for kind in KINDS if kind in self.kinds
        )

    def _find(self, texts: pl.Series) -> pl.Series:
        prompts, answers = texts.struct.field("prompt"), texts.struct.field("answer")
        found = {kind: pl.repeat(False, len(texts), dtype=pl.Boolean, eager=True) for kind in KINDS}
        of_answers = suspected(answers)
        for hint, of_prompts in suspected(prompts).items():
            rows = (of_prompts | of_answers[hint]).arg_true()
            both = prompts.gather(rows) + "\n" + answers.gather(rows)
            for kind, detectors in KINDS.items():
                for detector in detectors:
                    if detector.hint == hint:
                        found[kind] = found[kind].scatter(self._rows_with(detector, both, rows), True)
        return pl.DataFrame(found).to_struct("found")

    def _rows_with(self, detector: Detector, texts: pl.Series, rows: pl.Series) -> pl.Series:
        """Which of `rows`, whose texts these are, hold what it is for."""
        places = pl.DataFrame({"row": rows, "place": texts.str.extract_all(detector.pattern)})
        places = places.filter(pl.col("place").list.len() > 0).explode("place")
        true = [place for place in places["place"].unique() if detector.holds(place, self.regions)]
        return places.filter(pl.col("place").is_in(true))["row"]

    examples: ClassVar[tuple[Example, ...]] = (
        Example("Write to jane.doe@example.com about the party."),
        Example("What is an e-mail address?", "Something like name@yourcompany.com, with an @ in it."),
        Example("How do I clone it?", "Run git clone git@github.com:someone/something.git"),
        Example("Call (212) 555-0147 for a good time."),
        Example("Who can I call?", "The free help line is 1-800-273-8255, day and night."),
        Example("How many people live there?", "About 2025550147 of them, in 1990-2000 or 2020-12-31."),
        Example("What is 415 555 2671 plus 1?"),
        Example("Which book has the ISBN 978-3-16-148410-0?"),
        Example("What is a good test card?", "4111 1111 1111 1111 with any date."),
        Example("What number comes after 4111 1111 1111 1112?"),
        Example("Is 123-45-6789 a social security number?"),
        Example("Which address has my router?", "Most often 192.168.1.1, and version 10.2.30.44 of its software."),
        Example("Which DNS server is public?", "8.8.8.8, or 203.0.113.7 in the documentation."),
        Example("How do I log in?", 'Set api_key = "your-api-key-goes-here" and password: ********'),
        Example("What makes a good password?", "A password is something that nobody guesses."),
        Example("Write to jane at example dot co dot uk, or look at amazon dot com."),
        Example("Part 47283916Q costs 731.284.905 pesos."),
        Example("What is 482 91 3570 plus 4?"),
        Example("Which prefix is for examples?", "In documentation 2001:db8::1 stands for a host."),
        Example("Which key do the docs show?", "It is AKIAIOSFODNN7EXAMPLE."),
        Example("My mail is maria dot silva at gmail dot com.", reason="email"),
        Example("Who wrote this?", "Ask anna.keller [at] web [dot] de.", reason="email"),
        Example("Mi DNI es 47283916X.", reason="national_number"),
        Example("Is my CPF right?", "731.284.905-97 is right.", reason="national_number"),
        Example("My national insurance number is JT 48 27 19 B.", reason="national_number"),
        Example("My SSN is 536 22 8726.", reason="social_security_number"),
        Example("Who is behind 2a00:1450:4009:81f::200e?", reason="ip_address"),
        Example("Fix my script.", "db = 'postgres://admin:Tr0ubad0ur9@db.kirchner.de/main'", reason="secret"),
        Example("Try 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 as the key.", reason="secret"),
        Example("Write to jane.doe@gmail.com about the party.", reason="email"),
        Example("Who wrote this?", "Contact the author at m.smith@cs.stanford.edu.", reason="email"),
        Example("Call 202-456-1111 and ask for Joe.", reason="phone"),
        Example("Who can I call?", "My office is +44 20 7219 3000, or (0)20 in Britain.", reason="phone"),
        Example("Text me at 07911 123456 tonight.", reason="phone"),
        Example("Write an advertisement.", "Cheap boats. Phone: 2024561414", reason="phone"),
        Example("Charge 4539 1488 0343 6467 for it.", reason="payment_number"),
        Example("Where do I pay?", "To AT61 1904 3002 3457 3201, please.", reason="payment_number"),
        Example("My number is 536-22-8726, is that safe?", reason="social_security_number"),
        Example("Who is behind 81.2.69.142?", reason="ip_address"),
        Example("Fix my script.", 'Use key = "AKIAY3XV7QLZ5MPTNBWD" there.', reason="secret"),
        Example("Fix my script.", "-----BEGIN RSA PRIVATE KEY-----\nMIIEow", reason="secret"),
        Example("Log in for me. Username: ann, password: gr33nTr4in", reason="secret"),
        Example("Try sk-Zt9QbW2mLp7Rk4XcVn8YsDf3 as the key.", reason="secret"),
        Example("How do I call it?", "Send Authorization: Bearer q8Zt2LmV5xRw9KpB3nYcD7fS", reason="secret"),
    )
