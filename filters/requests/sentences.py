"""The sentences of a prompt, and what each of them is for."""

from __future__ import annotations

import re

# Prompts of more bytes than are ever said are not read sentence by sentence.
LONGEST = 600

_END = re.compile(r"(?<=[.?!])[\"')\]”’]*\s+")

# What people tell somebody to do.
VERBS = (
    "abridge|act|adapt|add|address|adjust|advise|alphabeti[sz]e|analy[sz]e|animate|annotate|answer|apply|appraise"
    "|argue|arrange|articulate|ask|assess|assign|assume|attach|average|avoid|bake|balance|be|bold|book|brainstorm"
    "|break|brew|bring|build|buy|calculate|call|cancel|capitali[sz]e|caption|categori[sz]e|celebrate|change|chart"
    "|check|choose|circle|cite|clarify|classify|clean|code|collect|color|colour|combine|come|comment|compare|compile"
    "|complete|compose|compress|compute|conceive|condense|conduct|conjugate|connect|consider|construct|continue"
    "|contrast|convert|convince|cook|copy|correct|count|craft|create|critici[sz]e|critique|crop|cross|cut|dance|date"
    "|debug|decide|decipher|decline|decode|decrypt|deduce|define|delete|deliver|demonstrate|derive|describe|design"
    "|detail|detect|determine|develop|devise|diagnose|diagram|dial|differentiate|discuss|display|dissect|distinguish"
    "|divide|do|don't|download|draft|draw|drive|eat|edit|elaborate|email|encode|encourage|enhance|enrich|enter"
    "|entertain|enumerate|envision|establish|estimate|evaluate|examine|execute|expand|explain|explore|export|express"
    "|extend|extract|factor|fetch|figure|file|fill|finali[sz]e|find|finish|fix|flip|fly|follow|forecast|format"
    "|formulate|gauge|generate|get|give|go|grab|grade|graph|group|guess|guide|hand|have|hear|help|hide|highlight"
    "|hold|hum|identify|illustrate|imagine|implement|import|improve|include|indicate|infer|inform|insert|inspect"
    "|inspire|integrate|interpret|introduce|invent|investigate|invite|itemi[sz]e|join|jot|judge|jump|justify|keep"
    "|label|launch|lay|lead|learn|leave|lengthen|let|let's|limit|link|list|listen|load|locali[sz]e|locate|look|lower"
    "|mail|make|manage|map|mark|match|measure|memori[sz]e|mention|merge|mix|model|moderni[sz]e|modify|motivate|move"
    "|multiply|name|narrate|navigate|negotiate|note|notify|observe|offer|omit|open|optimi[sz]e|order|organi[sz]e"
    "|outline|output|paint|pair|paraphrase|parse|paste|pause|pay|perform|persuade|photoshop|pick|place|plan|play"
    "|plot|point|polish|post|practice|practise|praise|predict|prepare|present|press|pretend|print|prioriti[sz]e"
    "|produce|program|promote|pronounce|proofread|propose|prove|provide|pull|punctuate|push|put|quiz|quote|raise"
    "|rank|rate|read|rearrange|recall|recap|recite|recommend|reconcile|reconstruct|record|redraft|reduce|refactor"
    "|refer|refine|reflect|reformat|reformulate|refute|relate|remember|remind|remove|reorder|reorgani[sz]e"
    "|reorganise|repeat|rephrase|replace|reply|report|research|reserve|resize|resolve|respond|restate|restructure"
    "|retell|retrieve|return|reverse|review|revise|reword|rewrite|rhyme|ring|roast|role-?play|roll|round|run|save"
    "|say|scan|schedule|score|search|see|select|sell|send|separate|sequence|set|settle|shade|share|shop|shorten"
    "|shout|show|simplify|simulate|sing|sketch|skim|skip|sleep|smile|snooze|soften|solve|sort|speak|specify|spell"
    "|spellcheck|split|spot|stand|start|state|stop|strengthen|strike|structure|study|substitute|subtitle|subtract"
    "|suggest|sum|summari[sz]e|supply|support|surprise|swap|tabulate|tag|take|talk|tally|teach|tell|test|text|think"
    "|throw|tidy|tighten|total|trace|track|transcribe|transform|translate|treat|trim|try|turn|tweet|type|typeset"
    "|underline|unpack|unscramble|untangle|update|upload|use|utili[sz]e|validate|verify|view|visuali[sz]e|wake|walk"
    "|warn|watch|weigh|wish|work|wrap|write"
)
_POLITE = (
    r"(?:(?:please|kindly|now|then|and|also|next|finally|first|second|ok|okay|hey|hi|hello|so|thanks|thank you"
    r"|briefly|quickly|carefully|(?:can|could|would|will) you|(?:i|we) (?:want|need|would like|'d like) you to"
    r"|i'd like you to|help me(?: to)?|try to|your (?:task|job|goal) is to|you (?:should|must|need to|have to|will"
    r"|are to))[ ,:]+)"
)
# A sentence that begins so tells somebody to do something.
COMMAND = rf"{_POLITE}*(?:{VERBS})\b"
QUESTION = (
    rf"{_POLITE}*(?:who(?:'s|m|se)?|what(?:'s|ever)?|which|when|where(?:'s)?|why|how(?:'s)?|is|are|am|was|were|do"
    r"|does|did|can|could|should|would|will|shall|may|might|has|have|had|isn't|aren't|don't|doesn't|didn't|won't"
    r"|can't)\b"
)
_ABOUT_THE_ANSWER = r"(?:your|the (?:answer|output|response|reply|summary|result|translation|solution)|no|only|just)\b"
_NEED = r"(?:i|we)(?:'m| am|'d| would| need| want| have to| have an?\b| will)"
_TELLS = re.compile(
    rf"{_POLITE}*(?:(?:{VERBS})\b|{_ABOUT_THE_ANSWER}|{_NEED}|you (?:are|will be|have been) (?:given|provided"
    r"|presented|shown)|thank|here\b)"
)
_REQUESTS = re.compile(rf"(?:{COMMAND}|{QUESTION})")
_ASKS = re.compile(QUESTION)
_SETS_SCENE = re.compile(
    rf"{_POLITE}*(?:you(?:'re| are| have|'ve)\b|imagine|pretend|suppose|assume|act as|role-?play"
    r"|take (?:on )?the role|consider|as an?\b)"
)


def sentences(text: str) -> list[str]:
    """The sentences of a text, cut where a mark of their end and a blank stand."""
    return [sentence for sentence in _END.split(text) if sentence]


def is_question(sentence: str) -> bool:
    """Whether a sentence in small letters asks something."""
    return sentence.rstrip("\"')”’ ").endswith("?") or _ASKS.match(sentence) is not None


def is_request(sentence: str) -> bool:
    """Whether a sentence in small letters begins like a question, or like what somebody is told to do."""
    return _REQUESTS.match(sentence) is not None


def is_statement(sentence: str) -> bool:
    """Whether one in small letters, of three words or more, neither asks nor tells somebody to do something."""
    return sentence.count(" ") >= 2 and not is_question(sentence) and _TELLS.match(sentence) is None


def sets_scene(sentence: str) -> bool:
    """Whether a sentence in small letters says who to be, or what to imagine."""
    return _SETS_SCENE.match(sentence) is not None
