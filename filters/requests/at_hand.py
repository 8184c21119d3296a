"""References to what a talk, an exercise or somebody's own work has at hand: its answers, choices, steps and claims."""

import re

from sayso.filters.requests.referents import SHOWN, WHICH, WORKED_ON
from sayso.filters.text.patterns import any_of, without_lookaround

# What people hold, hand in and look into, beside what is shown.
_PAPER = (
    r"minutes|memo|invoice|receipt|transcription|interview|call|thread|log|brochure|questionnaire|survey results|"
    r"posting"
    r"|job ad|agreement|contract|resume|cv|cover letter|submission|brief|manuscript|worksheet|quiz|notes|bullet points?"
)
_DISCOURSE = (
    r"arguments?|claims?|premises?|hypothesis|conclusion|reasoning|responses?|repl(?:y|ies)|proof|quotes?|"
    r"quotations?|code"
    r"|function|program|script|query|summary|translation|title|slogan|metaphor|expression|equation|plot twist|complaint"
    rf"|rhyme|{_PAPER}"
)
_OWN = (
    rf"{SHOWN}|{_PAPER}|code|function|program|script|query|loop|class|resume|homework|letter|story|draft|assignment|"
    rf"thesis"
    r"|message|speech|bio|profile|abstract|intro|introduction|conclusion|paper|report|proposal|presentation|slogan"
    r"|application|answer|solution|calculation|proof|translation|notes|list|title"
)
_STOP = r"\s*(?:[.?!,;:)]|$)"
_IS = (
    r"is|are|was|were|does|do|did|has|have|says?|said|should|could|would|can|will|match|matches|need|needs|makes?|"
    r"mean"
)
# The noun ends what is said of it: no "of", "for" or "about" follows.
_ALONE = (
    rf"(?={_STOP}|\s+(?:{_IS}|to (?:the past|the passive|the active|make|be|sound|\w+ french)|so that|and|or|into|"
    rf"true|false"
    r"|valid|sound|correct|correctly|strong|weak|convincing|supported|clear|clearly|more|less|better|again|aloud|"
    r"above|below"
    r"|in (?:one|two|three|a|your|modern|simple|plain|other|english|french|german|spanish|half|detail)\b|by \w+ing|"
    r"for me"
    r"|say|consistent|logical|polite|formal|rude|grammatical|fair|biased)\b)"
)
_REWORK = (
    r"translate|summari[sz]e|paraphrase|rephrase|reword|rewrite|restate|proofread|edit|correct|simplify|shorten|"
    r"transcribe"
    r"|revise|condense|punctuate|debug|spell-?check|unscramble|refactor|sum up|tidy up|polish"
)
_WORK_ON = (
    rf"{_REWORK}|fix|improve|find|spot|remove|cut|trim|tighten|review|check|critique|grade|rate|assess|mark|look at|"
    rf"read"
    r"|look over|go over|evaluate|expand|finish|format|clean up|optimi[sz]e|add|underline|replace|split|extend|correct"
)
_LABEL = r"(?:[abcd]|[1-4]|one|two|three)"
_LABELLED = (
    r"sentence|text|option|statement|passage|response|document|review|paragraph|model|candidate|image|picture|"
    r"argument|claim"
    r"|summary|translation|version|scenario|poem|essay|article"
)

_AT_HAND = (
    rf"the {WHICH}(?:first |second |third |last |final )?(?P<discourse>{_DISCOURSE}|{SHOWN}){_ALONE}",
    rf"(?:{_LABELLED}) {_LABEL}(?={_STOP}|\s+(?:is|are|does|and|or|follow|implies|imply|entails?|contradicts?|than|"
    rf"from|better|more"
    r"|to)\b)",
    rf"the (?:two|three|four|five|six) (?:\w+ )?(?P<several>{WORKED_ON}|responses)(?={_STOP}|\s+(?:{_IS}|above|below|"
    rf"into|in(?:to)? (?:one|a)\b"
    r"|mean|say|by|and|or|consistent|express)\b)",
    r"(?:from|among|between|out of|using|use) (?:all )?(?:of )?the (?:\w+ )?(?:options|choices|alternatives|"
    r"candidates|words|terms"
    rf"|keywords|clues|hints|letters|phrases|items|ingredients|pictures|bullet points|facts|concepts)(?={_STOP}|"
    rf"\s+(?:and|to|in|as)\b)",
    rf"(?:{SHOWN}|list|story|table|question|word|words|text|problem|code|message|email) (?:i|you|we) (?:just |have |"
    rf"had |already )*(?:sent|gave|"
    r"wrote|mentioned|pasted|shared|made|said|told|showed|uploaded|attached|listed)\b",
    rf"(?:step|point|part|example|one|suggestion|reason|item|option|answer|tip|idea) (?:again{_STOP}|(?:that )?you "
    rf"(?:just |already )?(?:said|"
    r"gave|mentioned|wrote|told|suggested|explained|made|listed|described|named)\b)",
    r"(?:our|this) (?:chat|talk|conversation|discussion)(?: so far| until now| up to now| today)?(?=\s*[.?!,]|"
    r"\s+(?:so far|until|up to|in|to)\b|$)",
    r"(?:what|where) (?:was|were|did|have) (?:we|i|you) (?:just )?(?:talk\w*|discuss\w*|say\w*|said|speak\w*|"
    r"ask\w*)(?: about)?"
    rf"(?: before| earlier| just now| last time)?{_STOP}",
    r"(?:was|been|have) "
    rf"(?:said|told|discussed|covered|written) (?:so far|earlier|above|up to now|before){_STOP}",
    r"which (?:\w+ )?(?:does not|doesn't) (?:\w+ ){0,2}with the (?:others|rest)\b",
    rf"in the (?:\w+ )?(?:{_PAPER}|call|sources?|figures?)(?={_STOP})",
    rf"(?:the )?(?:meeting|lecture|class|interview|call) (?:notes|minutes|transcript|recording){_ALONE}",
)
_TASKS_AT_HAND = (
    rf"(?:{_WORK_ON}) (?:[\w'-]+ ){{0,5}}?(?:my|our) (?:\w+ )?(?:{_OWN})(?={_STOP}|\s+(?:and|for|to|so|in|into|by|as|"
    rf"if)\b)",
    rf"make (?:this|it|that|them|these|those|the (?:{WORKED_ON}))(?: \w+)? (?:sound|look|read|flow|seem|more|less|"
    rf"into|simpler|shorter|longer|clearer"
    rf"|better|nicer|funnier|stronger|easier|polite|formal|concise|rhyme)\b",
    rf"(?:{_REWORK})(?:,? please)?\s*[.!]?$",
    rf"(?:{_REWORK}) (?:it |this |that )?(?:(?:in|into|to|for|as|using|with) (?:(?:a|an|one|two|three|the|your|"
    rf"simple|simpler|plain|other|modern|formal"
    r"|more|fewer|your own|fluent|correct) )*(?:\w+ )?(?:words?|sentences?|tone|voice|style|way|form|english|french|"
    r"german|spanish|italian|chinese"
    r"|japanese|portuguese|russian|arabic|dutch|latin|person|tense|lines?|bullet points?|paragraphs?|audience|"
    r"language))\s*[.!?]?$",
    rf"(?:label|classify|rate|rank|sort|mark|tag|score|grade|judge|decide|compare|categori[sz]e|order|arrange|match|"
    rf"group) (?:\w+ ){{0,2}}?"
    rf"(?:(?:each|every|both|all) (?:\w+ )?(?:{WORKED_ON}|responses?|one)|the (?:items|answers|responses|options|"
    rf"statements|sentences|words"
    r"|entries|candidates))\b(?! of| in the| that)",
    rf"(?:judge|rate|assess|evaluate|score|grade|comment on|improve|criti\w+) the (?:quality|tone|style|accuracy|"
    rf"logic|relevance|clarity|strength"
    rf"|helpfulness|grammar|usefulness) of the (?:\w+ )?(?:{WORKED_ON}|{_DISCOURSE})(?={_STOP})",
    rf"give (?:me )?(?:an?|some|\w+) (?:\w+ )?(?:titles?|headlines?|captions?|names?|endings?|summary) (?:for|of) "
    rf"(?:it|this|that){_STOP}",
    rf"(?:repeat|explain|expand(?: on)?|elaborate on|clarify|continue|go over|tell me) (?:the (?:first|second|third|"
    rf"last|next|previous|other) "
    rf"(?:step|point|part|example|one|suggestion|reason|item|option|answer|tip|idea|sentence))(?={_STOP}|\s+(?:again|"
    rf"you|in more|once)\b)",
)
AT_HAND = re.compile(r"\b(?:" + "|".join(_AT_HAND) + ")")
TASK_AT_HAND = re.compile("|".join(_TASKS_AT_HAND))
# What Rust's engine looks for in all prompts: these are still small enough as one pattern for its fast way of matching,
# which takes a third of the time that one by one takes.
AT_HAND_SUSPECTS = (any_of(*(rf"\b(?:{without_lookaround(one)})" for one in (*_AT_HAND, *_TASKS_AT_HAND))),)
