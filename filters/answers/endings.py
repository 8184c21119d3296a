"""Answers that break off: how their last line ends."""

from __future__ import annotations

import polars as pl

from sayso.filters.text.patterns import any_of, contains_where, lacks_where

# So much of the end shows it.
_END = 300

_CLOSED = r"[.!?\"'”’)\]}`*>;|»。！？…]\s*\z"
# Words that end no sentence, behind three others.
_NEVER = any_of(
    r"(?i:\S\s+(?:\S+\s+){2,}(?:the|an|and|or|but|because|although|whereas|whether|your|their|our|its|than|whose|upon|"
    r"nor|into|"
    r"unless|(?:and|or|but) so)\s*\z)|\w,\s*\z"
)
# Words that seldom end one, in a sentence that has begun with a capital.
_SELDOM = any_of(
    r"(?:^|[.!?\n] *)[A-Z](?:[\w'’%$-]*,? ){3,40}(?:which|who|where|while|if|as|of|to|by|from|a|very|quite|such|every|"
    r"each|between|among|"
    r"during|without|including|these|those|my|he|she|they|we|more|most|is|are|was|were|be|been|has|have|had|will|would|"
    r"should|could|can|may|might|must|also|that|when|how|until|since|both)\s*\z"
)
# "That is what it is", "as long as you can", "what dreams are made of".
_SHORTENED = any_of(
    r"(?i:\b(?:it|they|he|she|that|this|you|we|i|there|these|those|who|what|things|people|as \w+ as \w+) "
    r"(?:is|are|was|were|be|been|has|have|had|will|would|should|could|can|may|might|must|want|like|need|have|used|"
    r"going|able) ?(?:to|of|been|be)?\s*\z)"
    r"|(?i:\b(?:made|think|afraid|proud|aware|take care|heard|know|dream\w*|kind|sort|used|want|wants|need|listen|"
    r"look forward|belong|go|come|"
    r"from where|once|any|some|no|the|much|even|ever|or|like|care|best|tired|spoke|fond|capable|full|speak) (?:of|to|"
    r"more|most|that|as|each|such|be|those|these|is|was)\s*\z)"
)
_TRAILS = r"(?:\.\.\.|…)\"?\z"
_ELLIPSIS = any_of(r"[A-Za-z,)\"'’”] ?(?:\.\.\.+|…)[\"'”’)]?\s*\z")
# What goes on because it is meant to.
_MEANT = any_of(
    r"(?i:\b(?:to be continued|and so on|and so forth|etc|and on|h+m+|a+h+|o+h+|u+m+|u+h+|z+|wow|dot)[\s.…\"'’”)]*\z)"
    r"|(?:\S+, ){2,}[^,]{0,30}?,? ?(?:\.\.\.+|…)\s*\z"
)
_OPENED = any_of(r"(?:^|[^:;=8'-])[(\[][^()\[\]\n]{1,150}\z|[\w,] ?[(\[{]\s*\z|\S\s*\n\s*(?:\d{1,2}[.)]|[-*•])\s*\z")
_ANNOUNCED = any_of(r"[\w)\"'*]:\**\s*\z")
# The last sentence of a paragraph has no end, though the one before it has: the text ran out of room.
_RAN_OUT = any_of(r"[a-z][.!?][\"'”)]? +[A-Z][\w'’-]* [^.!?\n:#]{8,}[A-Za-z]\s*\z")
# Lines that end without a mark anyway; titles before names; the last line of a letter.
_MARKLESS = any_of(
    r"[A-Za-z0-9] *\n|\b(?:Dr|Mr|Mrs|Ms|St|vs|etc|No|Jr|Sr|Prof|e\.g|i\.e)\.[^.!?\n]*\z|"
    r"[.!?][\"'”)]? +(?i:yours|sincerely|with|best|kind|warm\w*|love|regards|cheers|respectfully|signed|faithfully|"
    r"your)\b[^.!?\n]*\z"
)
_LONG = 400


def breaks_off(answers: pl.Series) -> pl.Series:
    """Which answers end where no text does: at a comma or "and", in an open bracket, in a sentence.

    Texts without marks, such as titles, lists and single words, end anywhere but at words that want another.
    """
    end, unclosed, trails = pl.col("end"), pl.col("unclosed"), pl.col("trails")
    ends = pl.DataFrame([answers.str.tail(_END).alias("end"), (answers.str.len_bytes() > _LONG).alias("long")])
    # Columns of their own, for an expression that stands in several others is worked out in each of them.
    ends = ends.with_columns(unclosed=~end.str.contains(_CLOSED), trails=end.str.contains(_TRAILS))
    goes_on = lacks_where(contains_where(trails, end, _ELLIPSIS), end, _MEANT)
    wants = contains_where(unclosed, end, _NEVER) | lacks_where(contains_where(unclosed, end, _SELDOM), end, _SHORTENED)
    opened = contains_where(unclosed | end.str.contains(r"[.*)]\z"), end, _OPENED)
    ran_out = lacks_where(contains_where(unclosed & pl.col("long"), end, _RAN_OUT), end, _MARKLESS)
    announced = contains_where(end.str.contains(r":\**$"), end, _ANNOUNCED)
    return ends.select(goes_on | wants | opened | ran_out | announced).to_series()
