"""Short answers that decline in roundabout ways: what is asked lies outside, is for others, or is not talked about.

Told by their parts: what is spoken of (`IT`), who speaks, what keeps him from it, and that little comes afterwards.
"""

from __future__ import annotations

import polars as pl

from sayso.filters.answers.answering import CLAUSE
from sayso.filters.answers.declining_parts import (
    BAD,
    END,
    IS,
    IS_NOT,
    IT,
    MATTER,
    MAY_NOT,
    SPEAKS_NOT,
    START,
    TO_ANSWER,
    UNWILLING,
)
from sayso.filters.text.patterns import any_of, only_where

# So long is an answer that only declines.
BRIEF = 160

# What is asked lies outside of what the speaker does, knows or may.
_OUTSIDE = any_of(
    rf"{CLAUSE}{IT}(?:(?:{IS}|{IS_NOT}| falls?| lies?| goes?| sits?| fell| reaches| stretches|'s) )"
    r"(?:\w+ly |far |well |just |a bit |too )*(?:beyond|outside|out of|above|past|over|within|part of|inside|covered "
    r"by|in|"
    r"up) ?(?:of )?(?:what (?:i|we)\b|my\b|our\b|me\b|the (?:scope|realm|remit|range) of (?:what|my|our|this (?:chat|"
    rf"service|assistant|conversation)))",
    rf"{CLAUSE}{IT}{IS_NOT} (?:an? )?(?:{MATTER}|thing|place|something|anything|one) (?:for (?:me|us)\b|(?:that |"
    rf"which |"
    r"where )?(?:i|we)\b)",
    rf"{CLAUSE}{IT}{IS} (?:an? |the )?(?:kind of |sort of )?(?:{MATTER}|thing|place|something|one|line) (?:that |"
    rf"which |"
    rf"where )?(?:i|we)\b[^.!?]{{0,30}}\b{UNWILLING}\b",
)
# Somebody else is to be asked.
_FOR_OTHERS = any_of(
    rf"{START}{IT}{IS} (?:an? |the )?(?:{MATTER}|decision|one) (?:only )?(?:for|to ask|to put to|to discuss with|"
    rf"to raise "
    rf"with|to take up with) (?:an?|your|the) [^.!?,]{{1,40}}(?:, not (?:for |to )?(?:me|an? \w+))?{END}",
    rf"{START}{IT}{IS} (?:best |better |something )*(?:left|answered|handled|put|directed|asked|addressed|discussed)"
    rf"(?: \w+)? (?:to|by|with|of|at) [^.!?,]{{1,40}}{END}",
    rf"{START}(?:you(?:'d| would|'ll| will| may| might| should| could| can)?(?: really)?(?: need| have| want| wish| "
    rf"be better "
    r"off| be best| do better| best)?(?: to)?|i(?:'d| would)? (?:suggest|recommend|advise|urge)(?: that)?(?: "
    r"you)?(?: to)?|"
    r"please|(?:it(?:'s| is| would be) )?(?:best|better|wiser) to) ?(?:\w+ly )?(?:ask|consult|speak|talk|contact|see|"
    r"turn|"
    r"reach out|check|refer|direct|take)(?:ing)? [^.!?,:]{0,50}?\b(?:(?:about|on|regarding|with|concerning) (?:this|"
    r"that|it|"
    rf"these|such \w+)(?: {MATTER})?|instead){END}",
)
_NO_WAY = any_of(
    r"\b(?:there(?:'s| is)|i(?:'ve| have)? (?:have|see|got)?) ?(?:really |simply |just )?no (?:way|means|possibility|"
    r"method|"
    r"tools?|chance)(?: (?:for me|that i|i (?:can|could|would))\b| (?:of|to) (?:\w+ing|know|tell|check|see|find|verify|"
    rf"answer|look)\b[^.!?]{{0,20}}\b(?:that|this|it|so|from here){END})",
    r"\b(?:is|it's|would be|seems) (?:simply |quite |just )?(?:impossible|not possible|hard|difficult) for (?:me|us) "
    r"to\b",
    rf"\b(?:i|we)(?:'m|'re| am| are|'ve| have| was|was) ?{MAY_NOT} to (?:\w+ly )?{TO_ANSWER}\b",
    r"\b(?:i|we)(?:'ve| have| was| am|'m|haven't|wasn't)? ?(?:not |never |n't )?(?:yet )?been (?:trained|taught|"
    r"told|built|"
    r"made|designed|programmed|created|set up) (?:on|for|about|with|in|to)\b[^.!?]{0,30}\b(?:that|this|it|such|any)\b",
    r"\bi(?:'ve| have| was|wasn't)? ?(?:not|never|n't) (?:yet )?been (?:trained|taught|programmed|designed|built)\b",
)
# Short as speakers are who leave themselves out: "Can't help with that", "Not going to happen".
_CURTLY = any_of(
    rf"{START}(?:can't|cannot|can not|won't|will not|not (?:going|willing|able|about|allowed|prepared) to|never "
    rf"going to|not "
    rf"gonna|unable to|not my|not for me to)(?: really)? (?:{TO_ANSWER}|happen|touch)\b(?: \w+){{0,3}}?(?: (?:that|"
    rf"this|it|"
    rf"you|one|there|such \w+|those|these))?{END}",
    rf"{CLAUSE}we (?:do not|don't|cannot|can't|won't|will not|never|are unable to|are not able to) (?:\w+ly "
    rf")?(?:offer|provide|"
    r"give|answer|discuss|share|handle|cover|support|do|talk about|comment|help|allow|deal|respond|engage)(?: with| "
    r"on| to|"
    r" in)? (?:that|this|such|those|these|it|any of)\b",
    rf"\bi(?:'ll|'m going to|'d| will| must| have to| need to| am going to| would)(?: have to)? (?:\w+ly )?(?:turn "
    rf"(?:that |this "
    rf"|it |you |your \w+ )?down|say no|stop (?:you|here|there|this)|draw (?:the|a) line|end (?:this|the|our)|leave "
    rf"(?:it|this|"
    rf"that)(?: there| here| at that| be| alone)?{END}|excuse myself|bow out|sit this)",
)
# The speaker wants no part in what is bad.
_NO_PART = any_of(
    r"\bi (?:want|will have|would have|have|'ll have|take) (?:no part|nothing to do with)\b",
    rf"{CLAUSE}{IT}{IS} {BAD}(?: \w+)?(?:,|;|\.| and| so)(?: and| so| and so)? ?[^.!?]{{0,20}}{SPEAKS_NOT}",
)
# What was asked is no question that can be answered, or did not arrive.
_YOURS = any_of(
    rf"\byour (?:\w+ )?(?:{MATTER}|text|sentence|instructions?) (?:(?:does not|doesn't|did not|didn't) (?:contain|"
    rf"have|"
    r"include|make|say|tell|give|show|mention|specify|seem|come|ask)|has no|lacks?|contains? no|(?:is not|isn't|was "
    r"not|wasn't) "
    r"(?:an? |very |quite )?(?:one|clear|complete|question|appropriate|allowed|understandable|specific|valid|"
    r"readable)|(?:is|"
    r"was|seems|appears|looks)(?: to be| too| a bit| rather)? (?:unclear|empty|incomplete|missing|cut|vague|"
    r"ambiguous|blank|"
    r"broken|garbled|general|broad)|makes no|made no|breaks?|violates?|goes against|falls|cannot|can't|could not)\b",
    rf"\b(?:the|your|no|any) (?:\w+ )?(?:text|picture|image|photo|file|attachment|document|link|article|audio|"
    rf"message|page|"
    r"video|recording|upload|nothing)s? (?:did not|didn't|never|failed to|does not|doesn't|has not|hasn't|was not|"
    r"wasn't|"
    r"seems not to have|may not have)(?: seem to)?(?: have| been)? (?:come?|arrived?|loaded?|reach(?:ed)?|shown?|"
    r"opened?|"
    rf"upload(?:ed)?|appear(?:ed)?|attached|received|gone|sent|included)\b(?: \w+){{0,2}}{END}",
)
# Another subject, or other help, is all that is offered.
_ANOTHER = (
    r"(?:(?:something|anything|somebody|someone|somewhere) (?:else|different|nicer|more \w+|other)|(?:another|a "
    r"(?:\w+ )?"
    r"different|a new|some other|other|different) (?:\w+ )?(?:{m}|thing|way|note)|on topic|elsewhere|move on|"
    r"respectful|civil|"
    r"polite|friendly|on track|(?:the|our) (?:subject|topic|conversation)|how else)"
).replace("{m}", MATTER)
_ELSEWHERE = any_of(
    rf"{START}(?:let's|let us|shall we|why don't we|can we|could we|may we|we should|we could|perhaps we|maybe we|"
    rf"how about we|"
    r"(?:i(?:'d| would)? (?:suggest|propose|prefer|rather|like)|it(?:'s| is| would be) (?:best|better))(?: that| "
    r"if)? ?(?:we|to)"
    rf"?)\b[^.!?\n\"“,]{{0,30}}\b{_ANOTHER}\b[^.!?,]{{0,25}}{END}",
    rf"{START}(?:is there|do you have|have you got|would you like|can i|could i|may i|how can i|how may i|how could "
    rf"i|what else|"
    rf"how else|what other|please|feel free to|you can|try)\b[^.!?]{{0,30}}\b(?:ask|help|assist|know|discuss|talk|"
    rf"choose|pick|do for"
    rf" you)?[^.!?]{{0,20}}\b{_ANOTHER}\b[^.!?]{{0,25}}{END}",
    rf"(?:^|[.!?] )ask me (?:about |for )?{_ANOTHER}{END}",
)
# The answer comes after all.
_GOES_ON = any_of(
    r"¤ (?:doubt|expert|fool|stranger|longer|enemy|fan|better|lie|stress|wait|mind)\b|¤.*\b(?:think|believe|imagine|"
    r"love|agree|recommend|remember)\b",
    r"¤.*\b(?:but|yet|though|however|although|still|anyway|nevertheless)\b \w|¤[^.!?]{0,80}(?:, (?:and the|and a|she|"
    r"he|they|said|"
    r"the|a|take|use|try|so (?:take|use|try|wear|keep|bring|wait))\b|\b(?:said|until|unless|than|because (?:the|of|"
    r"it|he|she|they))|"
    r"[:\"“])",
)
_NOT = (
    r"(?:not|n't|no|nothing|none|never|nor|neither|cannot|unable|un(?:known|clear|ethical|safe|fair)|impossible|"
    r"wrong|hard|"
    r"difficult|too (?:vague|broad|unclear|general|personal|sensitive)|only|won't|can't|don't|without|little|crosses|"
    r"against|"
    r"forbidden|off[ -]limits|refuse|decline|avoid|lack|stay|silent|quiet)"
)
# One who speaks and does not, whatever it is; the others do as well, where they are spoken of with him.
_I_DO_NOT = any_of(
    rf"{CLAUSE}i\b(?:'\w+)?(?: (?:am|do|have|will|would|can|could|should|may|must|shall|really|simply|just|make|know|"
    rf"see|got|get|keep|"
    r"was|say|hold|take|offer|give|find|honestly|also|still|therefore|personally|currently)){0,2} ?(?:not|no|nothing|"
    r"none|never (?:discuss|talk|say|tell|share|comment|give|answer|speak|"
    r"do|take|make|reveal|judge)|nor|neither|cannot|unable|silent|quiet|refuse|decline|(?:do|ca|wo|would|could|"
    r"should|have|must|sha|am)n't)\b"
)
_IT_AND_I = any_of(
    rf"{CLAUSE}{IT}(?:'s|'d|'ll| is| are| was| would| will| has| have| does| do| goes| makes?| crosses| seems| can| "
    rf"must| should|isn't| isn't| doesn't)\b[^.!?,]{{0,30}}?{_NOT}\b[^.!?,]{{0,40}}\b(?:i|me|my|us|our)\b",
    rf"\b(?:is|are|was|'s) (?:\w+ ){{0,3}}(?:{MATTER}|thing|something|one|things|anything|what|where|why)(?: that| "
    rf"which| where)? i(?:'m|'d|'ll| am| "
    rf"would| will| must| have| always)?(?: [\w']+){{0,2}} ?{_NOT}\b",
    r"\bthere (?:is|are) (?:some |certain |many |a few |also )?(?:limits?|things|topics|subjects|a line|lines|rules|"
    r"questions|matters) [^.!?]{0,25}\bi(?:'m| am|'ll| will| won't| do| "
    r"don't| can| can't| cannot| may| must| never| have| would| wouldn't)\b",
    r"\b(?:unknown|foreign|not known|not clear|not available|not visible) to me\b",
    rf"(?:{IT}|the answer|\w+ing [^.!?]{{0,25}}) (?:cannot|can't|can not|could not|must not|may not|should not|"
    rf"shouldn't|will not|won't) be "
    r"(?:answered|said|told|known|given|shared|discussed|met|granted|fulfilled|processed|disclosed|revealed|provided|"
    r"completed|"
    r"predicted|judged|determined)\b",
)
_MY_LIMITS = any_of(
    rf"{CLAUSE}my (?:\w+ )?(?:knowledge|database|training|programming|purpose|guidelines?|instructions|makers?|"
    rf"creators?|developers?|"
    r"policy|policies|rules|role|function|abilit(?:y|ies)|capabilit(?:y|ies)|settings|filters?|cut-?off|memory|data|"
    r"sources|"
    r"principles|design|job|code|task|expertise|skills?|conscience|ethics|limits?)\b[^.!?]{0,60}\b(?:not|n't|only|"
    r"never|no|forbids?|prevents?|"
    r"stops?|ends?|ended|keeps?|steer|prohibits?|before|until|limited|refuse|avoid|decline|tells? me|wants? me|"
    r"requires?|bars?|"
    r"restricts?|against|why)\b",
    r"\b(?:as|being|because i'm|because i am|since i'm|since i am|i'm|i am|for)(?: just| only| merely| simply| "
    r"nothing but)* "
    r"(?:an? )?(?:\w+ ){0,2}(?:machine|program|bot|chatbot|assistant|model|ai|computer|robot|software|system|"
    r"algorithm|voice)\b[^.!?]{0,40}"
    r"\b(?:not|no|n't|cannot|can't|don't|never|neither|nor|lack|without|unable|only|unknown|nothing|none)\b",
    r"\bi(?:'m| am)(?: \w+)? (?:here |made |built |meant |set up |trained )?(?:only )?(?:for|to) (?:\w+ ){1,4}only\b|"
    r"\bi(?:'m| am) only (?:here|able|meant|built|made|trained|allowed) (?:for|to)\b",
)
_BY_NO_MEANS = any_of(
    rf"{START}(?:no (?:idea|clue|chance|way|can do|thanks|thank you|comment)|not a chance|out of the question|beats "
    rf"me|who knows|search "
    rf"me|dunno|not my \w+|(?:that's |it's |it is |that is )?(?:beyond me|above my pay grade|a secret|none of "
    rf"(?:your|my) business))(?:,? [^.!?,]{{0,25}})?\W*$",
    r"\bunder no circumstances (?:will|would|can|am|do|shall|should) (?:i|we)\b|\bplease (?:do not|don't|never|stop) "
    r"ask(?:ing)?\b|"
    r"\bi hope (?:that )?you (?:can |will |'ll )?(?:understand|forgive|respect|see)\b",
)
# What he would need, and questions about the question.
_ASKS_BACK = any_of(
    r"\b(?:please|tell|give|need|clarify|send|share|know|see|which|what|paste|provide)\b[^.!?]{0,60}\b(?:so that|so|"
    r"before|then|until|and|in order for me) i (?:can|may|"
    r"might|'ll|will|am able)\b",
    r"\b(?:so that|so|before|until|unless) i (?:can|may|might|'ll|will|am able)\b[^.!?]{0,40}\b(?:please|tell|give|"
    r"need|clarify|send|share|which|what)\b",
    rf"{START}(?:i(?:'d| would|'ll| will)?(?: first)? (?:need|require|have|want|like) to (?:see|read|know|have|look "
    rf"at|hear) (?:the|your|what|which|more|it|a))",
    rf"{START}(?:please|kindly|(?:can|could|would|will) you(?: please| kindly)?|do you mind) (?:clarify|rephrase|"
    rf"specify|paste|attach|upload|"
    rf"elaborate|reword|retype|resend)(?:ing)?\b[^.!?:,\n]{{0,60}}[.!?]?\W*$",
    rf"{START}(?:what|which|who|whose|where)\b[^.!?]{{0,20}}\? [^?]{{0,60}}\b(?:i|me|please|you)\b[^?]{{0,50}}$",
    rf"{START}(?:what|which|who|where|how)\b[^.!?]{{0,30}}\b(?:(?:do|would) you (?:want (?:me|it|this)|have in mind|"
    rf"like me)|(?:should|shall) i|am i)\b[^.!?]{{0,40}}\?\W*$",
    r"\byou (?:left|forgot|skipped|omitted|cut|never|haven't|have not|did not|didn't)\b[^.!?]{0,20}\b(?:question|"
    r"text|blank|out|off|empty|file|attach\w*|"
    r"send|sent|give|gave|given|include\w*|say|said|tell|told|mention\w*|ask\w*|finish\w*|paste\w*|specif\w*)\b",
    rf"{START}(?:i think |it seems |it looks like |perhaps |maybe |i believe |i guess |i'm sure )(?:that )?(?:you|"
    rf"your|the) [^.!?]{{0,50}}\b(?:but|missing|nothing|no|not|n't|never|forgot|empty|"
    r"cut off|left out|blank)\b",
)
_SIGNS = (  # noqa: SIM905, for a list of them would be as long as the file
    "beyond|outside|out of|above m|past my|over my| my |avoid|turn down|turn you|turn th|turn it|turn to|turn your|"
    "declin|refus|steer|best left|better left|put to|ask|"
    "consult|talk to|talk about|speak|contact|reach out|instead|no |no,|impossible|not |n't |never|cannot|no part|"
    "nothing|none|your |come through|"
    "arrive|else|another|different|say no|stop you|stop here|stop there|draw |move on|civil|respectful|want me|have "
    "in mind|like me to|shall i|should i|"
    "am i|? please|? i |wrong|limit|unknown|foreign|without|who knows|beats me|dunno|i can |i may |clarify|rephrase|"
    "specify|paste|upload|you left|"
    "you forgot|missing|neither|silent|quiet|stay|against|crosses|too |only|unethical|unsafe|forbidden|off limits|"
    "off-limits|unclear|lack|skip|"
    "search me|ignore|shy away|need to|like to see|have to see"
).split("|")
_DECLINING = (
    *(_OUTSIDE, _FOR_OTHERS, _NO_WAY, _CURTLY, _NO_PART, _YOURS, _ELSEWHERE),
    *(_I_DO_NOT, _IT_AND_I, _MY_LIMITS, _BY_NO_MEANS, _ASKS_BACK),
)
_MARK = "¤"


def may_decline_shortly(text: pl.Expr, characters: pl.Expr) -> pl.Expr:
    """Whether an answer in small letters, of so many characters, is short and has a sign of declining."""
    return only_where(characters < BRIEF, text).str.contains_any(_SIGNS).fill_null(False)


def declines_shortly(text: pl.Expr) -> pl.Expr:
    """Whether an answer for which `may_decline_shortly` holds declines and does not go on."""
    return pl.any_horizontal(_only_declines(text, pattern) for pattern in _DECLINING)


def _only_declines(text: pl.Expr, pattern: str) -> pl.Expr:
    declined = text.str.contains(pattern)
    rest = only_where(declined, text).str.replace(pattern, _MARK)
    return ~rest.str.contains(_GOES_ON).fill_null(True)
