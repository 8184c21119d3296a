"""Short answers that decline: by an idiom, or by saying no more than what is not done, not known or not here."""

from __future__ import annotations

import polars as pl

from sayso.filters.text.patterns import any_of, contains_where, lacks_where

# So long is an answer that only declines.
_BRIEF = 160
# Idioms with which a short answer declines, says that nothing is known, or asks what was meant.
_IDIOM = any_of(
    r"\bi\b[^.!?]{0,30} (?:say|saying) no (?:to (?:that|this|it)\b|\W*$)|"
    r"\bthe answer (?:to that )?is (?:simply )?(?:no|a no)\W*$|"
    r"\b(?:let me|i'll|i will|i'd like to|i would like to|i must|may i|i'm going to|i have to|i'd better|"
    r"i'll just) (?:\w+ ){0,2}"
    r"(?:decline|pass\b(?: on|\W*$)|refuse|abstain|skip (?:this|that|it)|sit (?:this|that) one out|stay out of)|"
    r"\b(?:off the table|not up for discussion|out of scope|off[- ]topic|not open (?:to|for) discussion|"
    r"out of my depth|not my "
    r"(?:department|business|field|call|decision|area)|none of (?:my|your) business|(?:not for me|up to me|my place|"
    r"my role|my job|"
    r"my call) to (?:say|judge|decide|answer|tell|choose|comment))\b|\b(?:isn't|is not|not) my (?:place|job|role|"
    r"call|task) to\b|"
    r"\bi (?:can|am able to|may|could|do|will|am allowed to)? ?only (?:answer|help|assist|discuss|talk|respond|deal|"
    r"speak|handle|work|"
    r"know about|support|take)\b|\bi(?:'m| am) only (?:able|allowed|here|meant|made|built|trained|designed) (?:to|"
    r"for)\b|"
    r"\bi (?:really )?wish (?:that )?i (?:could|knew|had|were able)\b|\bi(?:'d| would) (?:love|like|be (?:glad|"
    r"happy)) to"
    r"(?: help| answer| assist)?,? (?:you,? )?(?:but|if i)\b|\bi would if i (?:could|knew)\b|\b(?:nothing|"
    r"none) comes to mind\b|"
    r"\bi(?:'ve| have)? (?:got )?nothing (?:for you|to (?:add|offer|tell|share))\b|\bi(?:'m| am)? (?:draw|drawing|"
    r"drew) a (?:\w+ )?blank\b|"
    r"\bi (?:was|am|have|had)(?:n't| not| never)(?: been)? (?:given|shown|told|provided|"
    r"sent|handed) (?:the|any|a|an|that|this|your|what|which|enough|with)\b|\bsay (?:that|it|this) again\b|"
    r"\b(?:come again|"
    r"pardon|what do you mean(?: by (?:that|this|it))?|what was that|such as|like what|how so|which one)\?\W*$|"
    r"\b(?:in other words|again|rephrase (?:that|this|it|the question|your question)|be more specific|"
    r"clarify)[^.!?]{0,20}\?\W*$|"
    r"\b(?:what|which) (?:exactly |kind of \w+ |sort of \w+ )?(?:do you mean|are you (?:referring|talking|asking)|"
    r"did you mean)\b|"
    r"^\W*(?:(?:my )?apologies|sorry|i'm sorry|i am sorry|regrettably|unfortunately|i'm afraid|"
    r"i am afraid)[,.!]? (?:but |it's |the "
    r"answer is )?(?:no|not|never|not (?:this time|today|possible))\W*$|^\W*no can do\b|^\W*(?:access denied|"
    r"permission denied|"
    r"request denied|error\b[^\n]{0,40}$)|\bhow (?:should|would|could|can) i (?:possibly )?know\b|\bi(?:'d|"
    r" would) (?:only |just )?be "
    r"(?:guessing|speculating|making (?:it|things|something) up|lying)\b|\bi(?:'d| would)? (?:rather|prefer|"
    r"like)(?: to)? keep (?:that|"
    r"this|it|my \w+)\b|\b(?:request|question|query|message) (?:could not|cannot|can't|can not) be\b|"
    r"\bwrong (?:person|assistant|"
    r"place) (?:to ask|for that)\b|\basking the wrong\b|\bno (?:information|data|details?|records?|results?|matches|"
    r"answer)"
    r"(?: \w+){0,3} (?:is|are|was|were|can be|could be) (?:available|found|given|known|on file)\b|^\W*(?:there (?:is|"
    r"are) )?no (?:"
    r"information|data|details?|results?|answer)(?: (?:available|found|on (?:that|this)|about (?:that|this)))*\W*$|"
    r"\bi(?:'ve| have| do| did|'d)?(?:n't| not)? (?:have|hold|got|keep) (?:no|any|an|that|those|this|"
    r"the) ?(?:strong |particular )?"
    r"(?:opinions?|views?|stance|position|information|data|details|answer|knowledge|feelings)?(?: (?:on|about|"
    r"of) (?:that|this|it|the "
    r"(?:matter|subject|topic)|such \w+))\W*$|\bi(?:'m| am) not (?:sure|certain) (?:i|that i|if i|how|what)\b"
)
# A short answer that begins with its speaker and with what he does not, or with what cannot be here.
_DENIES = any_of(
    r"^\W*(?:(?:well|oh|ah|hmm+|sorry|apologies|no|nope|honestly|frankly|unfortunately|sadly|regrettably|i'm sorry|"
    r"i am sorry|i'm afraid|i am afraid|i fear|my apologies|but|that)[,.!:;]? (?:but |"
    r"that )?)*(?:[^,.!?]{1,30}, )?i\b(?:'\w+)?(?: [\w']+){0,3}? ?(?:not|no|nothing|none|never|cannot|unable|neither|"
    r"\w+n't|silent|quiet)\b|^\W*i(?:'d| would) (?:much )?(?:rather|prefer)\b|"
    r"^\W*(?:it|this|that)(?:'s| is|'ll| will)? (?:just |simply )?(?:not|isn't|n't|never) (?:in|within|part of) my\b|"
    r"^\W*(?:that|this|it)(?:'s| is) (?:classified|confidential|private|secret|personal|sensitive|restricted)\W*$|"
    r"\bgo(?:es)? against (?:what i|my)\b|"
    r"^\W*(?:this|that|such|these|those) (?:an? )?(?:chat|content|requests?|topics?|questions?|subjects?|material|"
    r"information|matters?|conversation|kind of \w+|advice)\b[^.!?]{0,25}\b(?:not|cannot|can't|isn't|aren't|won't|"
    r"never)\b[^.!?]{0,30}\W*$|"
    r"\b(?:that|this|it) (?:won't|will not|is not going to|isn't going to|would not|wouldn't|cannot|"
    r"can't) be (?:possible|done|happening|answered)\W*$|\bbetter off asking\b|"
    r"^\W*(?:(?:sorry|pardon|hmm+|excuse me|well|i'm sorry|oh)[,.!]? (?:but )?)*(?:could|can|would|"
    r"will) you (?:please )?(?:be|make|explain|say|tell|repeat|give|clarify|rephrase|elaborate|specify|provide|share|"
    r"send)\b[^.!?]*\?\W*$"
)
# He goes on to answer, or tells of what people think, see or want.
_GOES_ON = any_of(
    r"[^.!?]{4}\b(?:but|yet|though|however|although)\b \w|\bi\b(?:'\w+)?(?: [\w']+){0,2} (?:think|believe|imagine|"
    r"doubt|"
    r"lie|stress|wait|seen|mind|recommend|remember|like|love|agree|forget|regret|worry|overstate)\b|"
    r"[\n\"“:]|, (?:and|so|sang|said|he|she|they|they|try|take|use)\b|\b(?:than|until|before|when|because|did(?: not|"
    r"n't) "
    r"know)\b|\bthat (?:the|a|an|it|he|she|they|we|you|\w+ (?:is|are|was|were|have|has|can))\b|\benough\b|"
    r"\bno (?:doubt|expert|fool|stranger|longer)\b|\bhelp but\b|\bnot only\b"
)


def declines_briefly(text: pl.Expr, characters: pl.Expr) -> pl.Expr:
    """Whether an answer of so many `characters`, its first sentences in small letters, is short and declines."""
    denies = lacks_where(contains_where(characters < _BRIEF // 2, text, _DENIES), text, _GOES_ON)
    return contains_where(characters < _BRIEF, text, _IDIOM) | denies
