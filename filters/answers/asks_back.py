"""Answers that ask for what the prompt should have had."""

from __future__ import annotations

import polars as pl

from sayso.filters.text.patterns import any_of, lacks_where

_NEEDS = any_of(
    r"(?:\b(?:please|could you(?: please)?|can you(?: please)?|would you(?: please| mind)?|kindly|you(?: will|'ll)? "
    r"(?:need|have) to|if you (?:could|can|would)(?: please)?|if you) "
    r"(?:\w+ly )?(?:re-?)?(?:provid\w*|shar(?:e|ing)|past(?:e|ing)|attach\w*|upload\w*|send(?:ing)?|giv(?:e|ing)|"
    r"suppl(?:y|ying)|includ(?:e|ing)|insert\w*|enter|type|specify\w*|post|submit|clarify\w*|"
    r"tell me|let me know|rephrase|be more specific|elaborate on|re-?phras\w+|restat\w+|repeat|explain) ?(?:me "
    r")?(?:with )?"
    r"(?:(?:the|your|a|an|some|more|additional|further|any|which|what|specific|full|complete|actual|it|this|that|me|"
    r"again|about|on|of|in|relevant|missing|correct|entire|original|two|few|bit|little|input|list|detailed|how|"
    r"particular|exact) )*"
    r"(?:texts?|passages?|articles?|sentences?|paragraphs?|documents?|files?|images?|pictures?|photos?|context|input|"
    r"inputs|data|questions?|codes?|links?|details?|information|"
    r"specifics?|topic|request|query|clarification|conversation|poem|story|email|letter|list|words?|numbers?|prompt|"
    r"instructions?|equation|recipe|url|statements?|phrases?|"
    r"content|attachment|review|essay|report|table|options?|choices|paper|book|what you|you (?:want|would|mean|need|"
    r"are|'d)|one you|that you)\b|"
    r"\b(?:it (?:seems|looks|appears)(?: like| as if| as though| that)?|i (?:think|believe|notice|see)(?: that)?|"
    r"sorry,?(?: but)?|you(?: may| might)?(?: have)?)(?: that)? ?"
    r"(?:you(?:'ve| have| may have| might have)? ?|the |your |there |no |this |i |we |a |an )[^.!?\n]{0,60}?"
    r"(?:forg[eo]t(?:ten)?|did(?:n'?t| not) (?:attach|includ|provid|shar|past|send|specif|giv|upload|finish|complete|"
    r"add|actually|mention|supply|enter|write|paste|post)\w*|have(?:n'?t| not) "
    r"(?:attach|includ|provid|shar|past|sent|specif|giv|upload|finish|complete|added|supplied|mentioned)\w*|"
    r"missing|cut off|incomplete|(?:not|n't|never)(?: been)? (?:attached|provided|included|given|there|come through|"
    r"specified|shared|complete|uploaded|pasted|clear|supplied)|"
    r"left out|no (?:text|file|attachment|image|article|question|passage|link|document|input|sentence|picture|content|"
    r"context))|"
    r"\byou (?:forgot|did(?:n'?t| not)|have(?:n'?t| not)) (?:to )?(?:actually )?(?:attach|includ|provid|shar|past|"
    r"send|sent|specif|giv|upload|add|tell|told|said|shown|mention|ask|asked|supply|supplied)\w*\b|"
    r"\bthere (?:is|was|were|are|does(?:n'?t| not) (?:seem|appear) to be|seems to be|appears to be|isn'?t|wasn'?t) "
    r"(?:no |not |any |an )*(?:text|file|attachment|image|article|question|passage|link|document|input|sentence|"
    r"picture|content|context|information)\w*"
    r"(?: (?:was |were |that was )?(?:attached|provided|included|given|here|in your|for me|to|shared|supplied)|\W*$)|"
    r"\bi (?:do(?:n'?t| not)|can(?:'?t|not)|did(?:n'?t| not)) (?:see|find|have|receive|get|open|view|access) (?:any|"
    r"an|the|your|that|a|this|those|what) (?:\w+ )?"
    r"(?:attach\w+|text|files?|image|picture|article|passage|links?|document|question|photo|url|video|recording|"
    r"paragraph|sentence|website|page)|"
    r"\bi (?:see|find|have|received|got|can see|can find) no (?:\w+ )?(?:attach\w+|text|files?|images?|pictures?|"
    r"articles?|passages?|links?|documents?|questions?|photos?|input|sentence)\b|"
    r"\bno (?:input|text|passage|article|context|question|file|attachment|image|information|sentence|document|data|"
    r"picture) (?:was|is|has been|were|has) (?:given|provided|attached|included|found|shared|supplied|available)|"
    r"\bi(?:'d| would|'ll| will)? (?:need|require) (?:to (?:know|see)|(?:a (?:bit|little) )?more|additional|further|"
    r"some more|the (?:text|article|passage|file|document|full|actual|name)|your|you to)\b|"
    r"\b(?:the|your) (?:text|passage|article|file|image|attachment|document|question|input|prompt|link|sentence|"
    r"context|picture) (?:is|was|seems|appears|wasn'?t|isn'?t|has|hasn'?t|did(?:n'?t| not))(?: to be| been| not)* "
    r"(?:missing|not (?:been )?(?:provided|attached|included|given|available|come through|here)|provided|attached|"
    r"incomplete|empty|unclear|blank|come through|cut off)\b|"
    r"\b(?:what|which) (?:\w+ ){0,3}(?:would you like|do you want|are you (?:referring|talking|asking)|did you "
    r"(?:mean|want)|should i|do you (?:mean|need|have in mind))\b[^.!\n]{0,60}\?)"
)
# Who accepts may ask for what only the other knows; the text that a prompt speaks of belongs to the prompt.
_ACCEPTS = any_of(
    r"^\W*(?:of course|sure|certainly|absolutely|yes|great|okay|ok|i(?:'d| would) (?:be )?(?:happy|glad|love)|happy "
    r"to|i can help|hello|hi)\b"
)
_MATERIAL = any_of(
    r"\b(?:the|your|a|any|this|that|some|more|which|original|full) (?:\w+ )?(?:text|passage|article|sentence|"
    r"paragraph|document|file|image|picture|photo|poem|story|essay|letter|context|"
    r"attachment|question|report|review|content|code|excerpt|statement|phrase|word|conversation|input)s?\b"
)

# Who names a day waits for what somebody else has promised.
_DUE = any_of(
    r"\b(?:by|before|until|on) (?:mon|tues|wednes|thurs|fri|satur|sun)day\b|"
    r"\bby (?:tomorrow|tonight|noon|the end of|next)\b"
)


def asks_for_input(text: pl.Expr) -> pl.Expr:
    """Whether an answer in small letters asks for a text or for details, or says that they are missing."""
    needs = lacks_where(text.str.contains(_NEEDS), text, _DUE)
    return needs & (~text.str.contains(_ACCEPTS) | text.str.contains(_MATERIAL))
