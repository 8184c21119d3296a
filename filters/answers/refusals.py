"""Answers that decline: somebody is asked, and says that he will not, cannot or may not answer, or that he needs
more."""

from __future__ import annotations

import polars as pl

from sayso.filters.answers.answering import ANSWERING, CLAUSE, DOING, HELPING, NOT, PERCEIVING, SOFTLY, SPEAKER, THIS
from sayso.filters.answers.asks_back import asks_for_input
from sayso.filters.answers.brief_refusals import declines_briefly
from sayso.filters.answers.declining import declines_shortly, may_decline_shortly
from sayso.filters.text.patterns import any_of, only_where

# So much of an answer shows whether it declines.
OPENING = 320

_DECLINES = any_of(
    rf"{CLAUSE}{SPEAKER}(?:'m|'re|'d|'ll|'ve| am| are| would| will| have)? ?{SOFTLY}{NOT} {SOFTLY}"
    rf"(?:be (?:able|allowed|permitted|willing) to |be )?(?:{ANSWERING}|{HELPING}|{DOING}{THIS}|{PERCEIVING}|"
    r"(?:book|order|reserve|schedule|buy)(?:ing)? (?:\w+ ){0,3}(?:flights?|tickets?|hotels?|rooms?|food|pizzas?|"
    r"rides?|taxis?|cabs?|items|trips?)\b|"
    r"(?:to )?(?:this|that|your|the|any|such|all) (?:\w+ )?(?:request|question|prompt|query|task|instruction)s?\b)"
)
# What is declined is left unsaid, or is the sentence before: "I can't.", "I won't, sorry."
_BARELY = any_of(
    r"^\W*(?:(?:no|nope|sorry|oh no|oh|well|apologies|my apologies|unfortunately|i'?m (?:so |very |really )?sorry|i "
    r"am sorry|i'm afraid|"
    r"i am afraid|i regret(?: to say)?|but|that)[\s,.!;:-]*)*i (?:can(?:no|')?t|can not|won'?t|will not|refuse|"
    r"decline|must decline|must refuse|"
    r"do(?:n'?t| not) know|would rather not|'d rather not|prefer not to)(?: (?:do|say|answer)(?: (?:that|this|it|"
    r"so))?)?\W*(?:sorry\W*)?$"
)
_FIRM = any_of(
    rf"{CLAUSE}we(?:'re| are)? {SOFTLY}(?:can(?:no|')?t|can not|won'?t|will not|unable to|not able to|must decline "
    rf"to) "
    rf"(?:assist|{HELPING}|answer|comply|fulfil|process (?:this|that|your)|complete (?:this|that|your|the) (?:task|"
    rf"request)|respond|"
    r"provide (?:you |this|that|any|such|the requested))"
)
_SHORTLY = any_of(
    rf"{CLAUSE}i(?:'m| am)? (?:not in a position|not able|unable|not at liberty|not (?:allowed|permitted)) to (?:say|"
    rf"tell|answer|"
    r"comment|judge|help|know|discuss)\W*$|"
    r"\bi(?:'ve| have| was|'m| am)(?: been)? (?:told|asked|instructed|advised|trained|programmed|designed) (?:not|"
    r"never) to\b|"
    r"\bnot enough (?:context|information|details?|data)\b[^.!?]{0,40}(?:answer|help|reply|respond|say|tell|\W*$)|"
    r"\bthere(?:'s| is| are|'re)?(?: not|n't|isn't| isn't| aren't| is not)? enough (?:context|information|details?|"
    r"data)\b"
    r"[^.!?]{0,20}for me\b|\bask (?:someone|somebody) else(?: (?:about|for) (?:that|this|it|help))?\W*$|"
    r"\b(?:is|are)(?:n't| not) (?:something|a thing|things|anything|a topic|topics) (?:that |which )?i (?:do|give|"
    r"offer|discuss|"
    r"handle|talk|know|deal|write|share|answer)\b|\b(?:is|are) (?:something|things|a thing|topics?|what) (?:that |"
    r"which )?"
    r"i(?:'m| am)? (?:unable|not able|not allowed|not permitted|not qualified|cannot|can't|won't|will not|never|"
    r"refuse|decline|have "
    r"to (?:decline|refuse))\b|^\W*(?:unfortunately|sorry|i'm sorry|i am sorry|i'm afraid|"
    r"apologies)[^.!?]{0,30}\b(?:not "
    r"(?:supported|possible|available|permitted|allowed)|unavailable|impossible|cannot be (?:done|answered|provided|"
    r"shared|"
    r"completed|fulfilled))\W*$|\b(?:best|better|wiser|safer) (?:if|that) i (?:don't|do not|didn't|did not|stay|"
    r"leave|skip|avoid)\b|"
    r"\bi (?:\w+ ){0,3}(?:refuse|decline) (?:that|this|it)\b|\bi have nothing (?:more |else )?to say\b|"
    r"\bi (?:do not|don't) (?:think|believe) i (?:should|can|could|ought to|am able to) (?:say|tell|answer|share|help|"
    r"do that|comment|discuss)\b"
)
# By itself, for it counts so many characters that the others would be ten times slower with it.
_LEAVES = any_of(r"\bi\b[^.!?]{0,40} leave [^.!?]{0,30}\bunanswered\b")
_CURTLY = any_of(
    r"^\W*(?:(?:no|nope|sorry|nah|oh no|apologies|my apologies|unfortunately|i'm sorry|i am sorry)[\s,.!;:-]+)+"
    r"(?:can'?t|cannot|can not|won'?t|will not|not able to|unable to) (?:do|help|say|tell|answer|assist|share|comment|"
    r"discuss)\b"
)
_LACKS = any_of(
    rf"{CLAUSE}i(?:'ve| have)? ?(?:{SOFTLY})(?:(?:do not|don'?t|did not|didn'?t|can'?t|cannot|never) (?:{SOFTLY})"
    r"(?:have|possess|hold|experience|feel|form|get|store|retain|own|receive)|have no|lack|have neither|am not "
    r"capable of) "
    r"(?:(?:any|the|a|an|enough|sufficient|my own|of my own|direct|personal|real|human|physical|actual|current|live|"
    r"that|"
    r"such|specific|necessary|required|relevant|kind of|sort of|more|of|up-to-date|real-time|real time|previous|"
    r"first-hand|true|or|"
    r"subjective|individual|particular|concrete|detailed|reliable|precise|exact|internal|emotional|genuine) )*"
    r"(?:access|abilit\w+|capabilit\w+|capacity|permission|authority|information|data|knowledge|context|feelings?(?:$|"
    r"[.,;!]| (?:of|or|like|about|and|the))|"
    r"emotions?|opinions?|preferences?|beliefs?|consciousness|self-awareness|body|senses|sensations|experiences?(?:$|"
    r"[.,;!]| (?:of|or|like|with|to))|"
    r"memor(?:y|ies) of|real-time|"
    r"views? on|thoughts (?:of|or|and|on)|taste buds|eyes to|an answer|answer|details on|details about|clue what you|"
    r"idea what you|"
    r"idea how to answer|knowledge|desires|hobbies|a physical|internet|way (?:to|of) (?:know|tell|check|access|see|"
    r"find|verify))"
)
_DOES_NOT_KNOW = any_of(
    r"^\W*(?:(?:sorry|i'?m sorry|i am sorry|oh|well|hmm+|i apologi[sz]e|my apologies|unfortunately|i'?m afraid|i am "
    r"afraid|but|honestly|"
    r"to be honest|i(?:'ll| will| have to| must|'m going to) be honest|i must (?:admit|confess)|no idea|"
    r"no)[\s,.!;:-]*(?:but |that )?)*"
    r"i(?:'m| am)? (?:really |honestly |just |simply )?(?:do(?:n'?t| not) (?:really |actually )?know(?: (?:the|that|"
    r"this|what (?:you|to)|how to|"
    r"who that|enough|anything|it)\b|\W*$)|"
    r"not (?:sure|certain)(?: (?:what you|how to (?:answer|respond|help)|i (?:can|understand)|about that|of that|"
    r"which|who you|if i (?:can|understand))|\W*$)|"
    r"(?:do(?:n'?t| not)|did(?:n'?t| not)|couldn'?t|could not|can'?t|cannot|not able to|unable to|fail to|failed to) "
    r"(?:quite |fully |really )?"
    r"(?:understand|follow|get|catch|make sense of|recogni[sz]e|make out)(?: (?:what|your|the|that|this|it|you)\b|"
    r"\W*$)|"
    r"not (?:aware of|familiar with) (?:that|this|the|any|what|who|whom|an?)\b|"
    r"(?:have no|haven't (?:any|a)|haven't got (?:a|an|any|the \w+)|haven't the (?:faintest|slightest|"
    r"foggiest)) (?:idea|clue)(?:\W*$|[.,!]| (?:what|"
    r"who|how|about)\b)|"
    r"(?:could(?: not|n'?t)|can(?:not|'?t)|(?:was |am |'m )?unable to) (?:find|locate|determine|identify) (?:any|the|"
    r"that|what|an?|your|information|enough|out)\b)"
)
_FOR_ME = any_of(
    r"(?:\b(?:it|this|that|which|answering|doing so|doing that|to do so|such \w+)(?:'s| is| would be| are| was)(?: "
    r"just| simply| also| really)? ?"
    r"(?:not|n't|never|neither|in)? ?(?:\w+ly )?(?:something|a (?:topic|question|subject|matter|request|thing|task|"
    r"discussion|conversation)|"
    r"information|one|anything|the kind of thing|not)(?: (?:that|which))? (?:i(?:'m| am|'d| would| will|'ll| can| "
    r"could|'ve been| have been| should| was)?|"
    r"we(?: can|'re| are)?)(?: be| feel)? ?(?:\w+ly )?"
    r"(?:can|will|won'?t|could|would|(?:be )?(?:able|willing|allowed|permitted|prepared|comfortable|going|designed|"
    r"here|not|unable|rather)|can'?t|cannot|should|"
    r"assist|help|answer|discuss|do|talk|provide|comment|get into|share)|"
    r"\b(?:appropriate|right|ethical|possible|proper|permissible|acceptable|ok|okay|safe|responsible|wise|wrong|"
    r"unethical|illegal|fair|"
    r"irresponsible|inappropriate|impossible|improper|dangerous|my place|my role|best|in my power|up to me|suitable|"
    r"advisable|difficult|beyond me|hard) "
    r"(?:for|of) (?:me|an ai(?: \w+)?|a language model|us) to\b|"
    r"\b(?:would(?: not|n't)?|is(?: not|n't)|isn't|not|it's|it is) (?:be )?(?:\w+ly )?(?:appropriate|right|ethical|"
    r"responsible|wrong|unethical|"
    r"irresponsible|inappropriate|my place|my role|in my power|within my power) to "
    r"(?:answer|help|assist|provide|share|tell|give|discuss|comment|write|respond|reveal|disclose|speculate)\b|"
    r"\b(?:not my place|not my job|not for me|not my role|not within my (?:power|abilit\w+)) to\b|"
    r"\b(?:against|contrary to|in (?:conflict|violation) (?:with|of)|violat\w+|in breach of) (?:my|our) "
    r"(?:\w+ ){0,2}(?:guidelines?|programming|principles?|polic(?:y|ies)|values?|rules?|ethic\w*|terms|code|training|"
    r"design|purpose|safety|standards)|"
    r"\b(?:outside|beyond|out|exceeds|not (?:with)?in) (?:of )?(?:the (?:scope|range|limits?|bounds) of (?:my|what i|"
    r"our)|my (?:\w+ ){0,2}(?:abilit\w+|capabilit\w+|"
    r"scope|knowledge|expertise|area|limits?|power|reach|purview|competence|remit|control|understanding|boundaries|"
    r"training|programming|depth|league|pay)|what i(?:'m| am)? ?(?:can|able|may|allowed|permitted)\b)|"
    r"\bmy (?:\w+ ){0,2}(?:guidelines?|programming|principles?|polic(?:y|ies)|values?|rules|ethic\w*|instructions|"
    r"design|creators|developers|"
    r"training|safety|limits|conscience|knowledge) (?:\w+ )?(?:prevents?|forbids?|do(?:es)?(?:n'?t| not) (?:allow|"
    r"permit|let|include|cover|extend)|prohibits?|keeps?|stops?|bars?|won'?t let|"
    r"requires? me (?:not|to (?:decline|refuse))|restrict)|"
    r"\b(?:not|n't) (?:possible|feasible|an option|available|permitted|allowed|open) (?:for|to) me\b|\bneither "
    r"confirm nor deny\b|\bi can neither\b|"
    r"\bi(?:'m| am) (?:not|no) (?:an? )?\w+(?: \w+)?,? (?:and|so|but) (?:i )?(?:therefore |also )?(?:can(?:no|')?t|"
    r"can not|won'?t|am not|may not)\b|"
    r"\b(?:off[- ]limits|out of bounds) (?:for|to) me\b|\bnot available to me\b|(?:^\W*|\bi have )no comment\W*$|"
    r"\b(?:your|this|that|the) (?:request|question|prompt|query|task) (?:can(?:not|'?t|not)|could not|couldn't|is "
    r"(?:not (?:clear|complete|appropriate|allowed|permitted|possible|answerable|supported|something)|unable|unclear|"
    r"incomplete|too vague|impossible)|"
    r"violates|goes against|falls outside|will not|won't|(?:seems|appears) (?:to be )?(?:unclear|incomplete|"
    r"inappropriate))|"
    r"\bthere(?:'s| is) nothing (?:that )?i can (?:say|do|tell|share|offer|help)|\bnothing (?:that )?i (?:can|could|"
    r"am able to) (?:help|assist|do|say)|"
    r"\bi(?:'ll| will|'m going to| am going to|'d like to|'ll have to| will have to| have to| must) (?:have to "
    r")?(?:take a |respectfully )?pass(?: on (?:that|this|it|answering)|\W*$)|"
    r"\b(?:let's|let us|can we|could we|we should|i'd rather|i would rather|shall we) (?:please )?(?:talk|speak|"
    r"discuss|chat|move on|change the (?:subject|topic)|focus|stick|keep)[^.!?]{0,20}"
    r"(?:something else|another (?:topic|subject)|different (?:topic|subject)|the (?:subject|topic)|move on|more "
    r"(?:positive|pleasant))|"
    r"\bi(?:'ve| have| was| am|'m)(?: been)? (?:designed|programmed|trained|instructed|built|made|told|asked|created) "
    r"to (?:avoid|refuse|decline|refrain|steer clear|stay away|not)|"
    r"\bi(?:'d| would)? (?:rather|prefer|choose|chose)(?: to)? (?:not |keep |stay |avoid |skip |leave )(?:to "
    r")?(?:that |this |it |my |silent|quiet|out of|the topic|the subject|such|answer|talk|discuss|say|get into|go "
    r"into|comment|speak|share|out|$)|"
    r"\bi (?:must |have to |should |will |need to )?(?:avoid|refrain from|stay out of|stay away from|steer clear of|"
    r"keep out of|do not do|don't do|don'?t discuss|do not discuss|never discuss) "
    r"(?:that|this|such|giving|taking|answering|discussing|commenting|providing|sharing|expressing|talking|harmful|"
    r"political|speaking|making|these|those|saying))"
)
_WOULD_BE_WRONG = any_of(
    r"\b(?:giving|providing|sharing|answering|discussing|helping|assisting|writing|creating|revealing|disclosing|"
    r"talking about|doing) "
    r"(?:[\w'-]+ ){0,8}would be (?:\w+ )?(?:unethical|wrong|illegal|irresponsible|inappropriate|harmful|dangerous|"
    r"against|a (?:breach|violation))\b"
)
_AI = any_of(
    r"\b(?:as|being|since i(?:'m| am)|because i(?:'m| am)|given that i(?:'m| am)|i(?:'m| am)(?: just| only| merely| "
    r"simply)?|as i(?:'m| am)) "
    r"(?:just |only |merely |nothing but )?an? (?:\w+ )?(?:ai|a\.i\.|artificial intelligence|machine learning|"
    r"language model|large language model|"
    r"computer program|virtual assistant|digital assistant|chatbot|machine|bot|text-based)(?:[- ]?(?:based|powered|"
    r"driven))?(?: language)?(?: model| assistant| program| system| "
    r"chatbot| bot| entity| tool)?,?(?: (?:and|so|which means|that))?,? "
    r"(?:(?:i|my|it|we)|(?:do(?:n't| not)|cannot|can't|unable|lack))(?:'m| am|'ve| have|'d| would| will|'ll)? ?(?:\w+ "
    r"){0,2}?(?:not|n't|can'?t|cannot|don'?t|do not|unable|lack|no|never|won'?t|without|haven'?t|neither|didn'?t|"
    r"isn'?t|purpose|knowledge|responses)\b"
    r"|\bi(?:'m| am)(?: just| only)? an? (?:ai|language model|computer program|machine|(?:voice |virtual )?assistant|"
    r"chatbot)(?: "
    r"\w+)?,? (?:and|so) (?:\w+ "
    r")?(?:do not|don'?t|cannot|can'?t|unable|am unable|lack|have no|am not)\b"
)
# Each match has one of these.
_POSSIBLE = (  # noqa: SIM905, for a list of them would be as long as the file
    "keep me|keeps me|nothing to say|can't|cant |cannot|can not|couldn|could not|won't|wont |will not|wouldn|would "
    "not|should|refus|declin|"
    "refrain|abstain|rather|prefer|choose|chose|unable|unwilling|not |n't|dont |didnt|lack|have no|no idea|"
    "no clue|neither|an ai|a.i.|language model|program|assistant|chatbot|bot,|against|beyond|outside|prevent|"
    "forbid|prohibit|violat|off-limits|off limits|no comment|nothing i|nothing that i|pass|something else|"
    "the subject|the topic|another topic|move on|avoid|wrong|unethical|irresponsible|inappropriate|illegal|"
    "impossible|please|could you|can you|would you|kindly|forgot|missing|incomplete|need|require|do you|are you|"
    "did you|unclear|cut off|no text|no input|was given|was provided|uncomfortable|reluctant|incapable|barred|"
    "restricted|exceeds|should i|never|designed|machine|stay |steer|if you|out of my|out of the scope|unqualified|"
    "may not|no |empty|someone else|somebody else|unavailable|unanswered|enough|decline|off the table|only |wish i|"
    "comes to mind|i was |i am |i'm |blank|guessing|say it|"
    "say that|come again|what do you mean|how so|pardon|denied|error|apologies|can do|nothing|silent|quiet|classified|"
    "confidential|private|secret|personal|sensitive|better off"
).split("|")
# Words that are only mentioned ("I cannot swim is said in French as …"), and what says the contrary ("can't wait to",
# "can't tell you how").
_MENTIONED = any_of(
    r"\b(?:i|we|not|never|no|please)\b[^.!?,;\n]{0,80}[\w'…] (?:is (?:said|what|how|a|an|the|translated|written|sung|"
    r"also|often|one|from|usually)|means|was (?:said|a|the|written|sung)|"
    r"said|says|cried|replied|answered|sang|shouted|whispered|are (?:the )?words|translates|in (?:french|spanish|"
    r"german|italian|latin))\b",
    r"\bi (?:would not|wouldn'?t|would never) (?:call|describe|say (?:it|that|this)|go so far)\b",
    r"\b(?:can(?:no|')?t|can not|couldn'?t|could not) (?:\w+ ){1,8}(?:enough|too highly|too much|any (?:more|better|"
    r"stronger))\b",
    r",['\"”]? (?:(?:he|she|they|\w+|the \w+) (?:said|asked|replied|thought)|(?:said|asked|replied|cried) (?:he|she|"
    r"they|"
    r"the|my|his|her|an?))\b",
    r"\b(?:can(?:no|')?t|can not|couldn'?t|could not) (?:wait|help (?:but|it|feeling|thinking|wondering|noticing|"
    r"smiling|laughing|falling)|agree more|"
    r"(?:tell|say|describe|express|explain)(?: you| to you)? how|(?:say|tell|be sure)(?: it)? (?:for|with) (?:sure|"
    r"certain\w*)|get (?:no|enough)|think of a)",
)
# A text in somebody's name: what it declines is no question to the one who writes it.
_LETTER = any_of(
    r"(?i)^\W*(?:dear\b|subject\s*:|to whom|re:|(?:hi|hello|hey|good (?:morning|afternoon|evening)) (?-i:[A-Z])\w+,|"
    r"from:)"
)
_IN_SOMEBODYS_NAME = any_of(
    r"(?i)\b(?:declin|refus|turn(?:ing)? (?:\w+ )?down|reject|say(?:ing)? no|apolog|excuse|letter|e-?mail|message|"
    r"note|text to|repl(?:y|ies)|respond|"
    r"dialog|conversation|script|role-?play|pretend|act as|imagine|you are (?:a|an|the|in)|you're (?:a|an|the)|story|"
    r"stories|poem|song|lyrics|monolog|speech|translat|quote|quotation|phrase|"
    r"paraphras|rewrite|rephrase|transform|statement|generate a question|sentence|proverb|line|movie|novel|diary|"
    r"journal|tweet|post|voice ?mail|say in|joke|"
    r"chat|interview|example|customer|scene|letter)"
)
# What nobody says in another's name.
_SURELY = (
    r"(?:assist|help) (?:you )?(?:with|in) (?:that|this|your|any|such|the request)|fulfil+ (?:that|this|your|the) "
    r"request|(?:comply|assist)\b|"
    r"\b(?:as|being|i'?m|i am) (?:just |only )?an? (?:ai|artificial intelligence|language model)\b|against my "
    r"(?:programming|guidelines)|"
    r"provide (?:you )?(?:with )?(?:that|this|any|such|instructions|information|guidance|assistance)"
)
_REFUSALS = (
    *(_DECLINES, _FIRM, _SHORTLY, _LEAVES, _CURTLY, _LACKS, _FOR_ME, _WOULD_BE_WRONG, _AI, _BARELY),
    _DOES_NOT_KNOW,
)
_QUOTATION = r"\"[^\"]{0,200}(?:\"|$)|“[^”]{0,200}(?:”|$)"


def refuses(rows: pl.DataFrame) -> pl.Series:
    """Whether the answer of each row (`prompt`, `answer`) declines in its first sentences, or asks for what is missing.

    Each step looks only at the rows that the one before has left.
    """
    opening = pl.col("answer").str.head(OPENING).str.to_lowercase().str.replace_all("’", "'", literal=True)
    # More than a hundred at once take four times as long.
    possible = [pl.col("text").str.contains_any(signs) for signs in (_POSSIBLE[::2], _POSSIBLE[1::2])]
    numbered = rows.with_columns(text=opening).with_row_index("row")
    left = _own_words(numbered.filter(pl.any_horizontal(possible)))
    declines = [pl.col("text").str.contains(pattern) for pattern in _REFUSALS]
    # What is missing is asked for by itself; after an answer, it is an offer.
    characters, text = pl.col("answer").str.len_chars(), pl.col("text")
    asks = asks_for_input(only_where(characters < OPENING, text)).fill_null(False)
    brief = declines_briefly(text, characters)
    left = left.filter(pl.any_horizontal(*declines, brief, asks))
    short = _own_words(numbered.filter(may_decline_shortly(text, characters))).filter(declines_shortly(text))
    left = pl.concat([left, short]).filter(~pl.col("text").str.contains(_MENTIONED))
    own = ~pl.col("prompt").str.contains(_IN_SOMEBODYS_NAME) | pl.col("text").str.contains(_SURELY)
    refused = pl.repeat(False, rows.height, dtype=pl.Boolean, eager=True)
    return refused.scatter(left.filter(own)["row"], True)


def _own_words(answers: pl.DataFrame) -> pl.DataFrame:
    """The answers that are no letters, with dots for what they quote."""
    answers = answers.filter(~pl.col("answer").str.contains(_LETTER))
    return answers.with_columns(pl.col("text").str.replace_all(_QUOTATION, "…"))
