"""How a prompt speaks of something that should be at hand: "the article above", "this sentence", "the words given"."""

import re

from sayso.filters.requests.referents import SHOWN, THESE, THIS, WHICH, WORKED_ON
from sayso.filters.requests.sentences import VERBS
from sayso.filters.text.patterns import any_of

# How a sentence goes on where the noun stands for something that is at hand: "in a formal tone", not "of Dorian Gray".
_VERB_AFTER = (
    r"is|are|was|were|means?|says?|do|does|did|shows?|describes?|contains?|has|have|would|should|could|can|will"
    r"|might|belongs?|fits?|makes?|sounds?|express|expresses|uses?|represents?|depicts?|indicates?|refers?|impl(?:y"
    r"|ies)|suggests?|conveys?|rhymes?|tells?|talks?|follows?|needs?|reads?|comes?"
)
_END = r"\s*(?:[.?!,;:)]|[-–—]\s|$)"
_NEXT = (
    rf"into|using|as|so|and|or|but|if|then|without|while|based|according|(?:that|which) follows?|{_VERB_AFTER}|above"
    r"|below|given|provided|here"
    r"|valid|convincing|persuasive|biased|accurate|polite|formal|informal|funny|carefully|correctly|correct|again|"
    r"more|better|grammatically|true|false|positive|negative|step|word by word"
    r"|aloud"
    r"|out loud|(?:that |which )?(?:i|we)(?:'ve| have| just)? (?:attached|sent|gave|given|shared|provided|pasted"
    r"|wrote|uploaded)"
    r"|taken|written|drawn|painted|shown"
    r"|(?!called|named|titled|entitled|regarding|concerning|including|containing|featuring|describing|showing"
    r"|depicting"
    r"|involving|unfolding|surrounding|happening|leading|supply|apply|reply|being|caused|published|relating|"
    r"dealing)\w{3,}(?:ed|ing|ly)"
)
_NEXT_ROUGHLY = re.sub(r"\(\?![^()]*\)", "", _NEXT)
_AFTER_THIS = rf"(?={_END}|\s+(?:{_NEXT}|in|to|for|with|by|from|about|at|on|likely|best|most|taken|written|an?)\b)"
_AFTER_THE = (
    rf"(?={_END}|\s+(?:{_NEXT}|between the (?:two )?(?:people|speakers|characters|friends|persons)|with(?! the\b"
    r"| my\b)"
    r"|in(?! (?:the|my|his|her|our|which)\b)|in the (?:style|form|past|present|future|passive|active|first|second"
    r"|third"
    r"|voice|same|correct|right|following|language|most|simplest|text|passage|sentence|paragraph|picture|image"
    r"|margin)"
    r"|to(?! (?:the|my|his|her|your|our)\b)|to the (?:past|present|future|passive|active|first|second|third|correct)"
    r"|by \w+ing|for (?:me|us|clarity|brevity|errors?|mistakes?|bugs?|grammar|grammatical|spelling|typos|duplicates"
    r"|tone"
    r"|style|readability|accuracy|conciseness|a (?:\w+ ){0,2}(?:audience|reader|child|kid|beginner|class)|children"
    r"|kids"
    r"|\w+-year-olds?)|from (?:english|french|spanish|german|italian|chinese|japanese|left|right|best|most|highest"
    r"|largest|smallest|lowest|shortest|longest|active|passive|first|second|third|the (?:given|text|list"
    r"|passage)))\b)"
)
_A_TIME = (
    r"days?|weeks?|months?|years?|mornings?|evenings?|nights?|weekends?|seasons?|summer|winter|spring|autumn|decades?"
)
_GAVE = r"attached|pasted|uploaded|provided|included|shared|sent|gave|given|submitted|linked|copied"
_SEEN = r"shown|listed|given|written|seen|described|depicted|pictured|displayed"

# References wherever they stand. Each begins with a letter: Python's engine passes over the others by their first.
_REFERENCES = (
    rf"this (?:\w+ )?(?P<this>{THIS})\b{_AFTER_THIS}",
    rf"this (?:{SHOWN})\b(?! (?:of|game|frame|the|an?|i|he|she|we|they|it|you|my)\b)",
    rf"these (?:(?:two|three|four|five|six|\d+) )?(?:\w+ )?(?:{THESE})\b{_AFTER_THIS}",
    *(
        rf"{one}(?: ones?| words?)? (?:of|from) (?:the following|these|those)\b"
        for one in ("which", "what", "any", "one")
    ),
    *(rf"{one} (?:of|from) (?:the following|these|those)\b" for one in ("each", "none", "both", "either")),
    r"which of them\b",
    *(rf"{one} following\b(?! (?:{_A_TIME})\b)" for one in ("the", "these", "any", "each")),
    r"the (?:above|below|aforementioned|attached|enclosed|preceding|accompanying)\b(?! average| sea| freezing| zero"
    r"| the | ground)",
    r"th(?:is|ese) (?:above|below|attached|enclosed|preceding|accompanying)\b",
    rf"shown (?:above|below|(?:in|on) th(?:e|is) (?:{WORKED_ON})\b)",
    rf"as (?:{_SEEN}) (?:above|below|(?:in|on) th(?:e|is) (?:{WORKED_ON})\b)",
    *(
        rf"{one} (?:the )?(?:attached|attachment|enclosed|uploaded|pasted)\b"
        for one in ("see", "check", "read", "review", "open")
    ),
    r"find (?:the )?(?:attached|attachment|enclosed)\b",
    r"refer to (?:the )?(?:attached|attachment|enclosed)\b",
    *(rf"{one}(?:'ve| have)?(?: just| also)? (?:attached|enclosed|uploaded|pasted)\b" for one in ("i", "we")),
    *(rf"{one} attached (?:\w+ )?(?:{THIS})\b" for one in ("my", "a", "an")),
    r"the (?:given|provided|supplied)(?! names?\b| day| time| circumstances) \w+",
    r"you (?:are|will be|have been) (?:given|provided with|presented with|shown) (?:an?|the|two|some"
    rf"|three) (?:\w+ )?(?:{WORKED_ON})\b",
    rf"the (?:\w+ )?(?:{WORKED_ON}) (?:listed|pasted|pictured|depicted|marked|mentioned)(?={_END})",
    r"(?:shown|pictured|depicted|described|seen|listed) here(?=\s*(?:[.?!,;]|$))",
    r"(?:in|of|from|about|after) that (?:talk|speech|article|passage|text|story|video|lecture|interview|letter|"
    r"e-?mail|report"
    rf"|paragraph|sentence|poem|review|picture|photo|chart|graph|clip|recording)(?={_END})",
    r"in the box (?:to|below|above|and|for)\b",
    r"the (?:marked|coloured|colored|starred|crossed-out|numbered|boxed) (?:words?|phrases?|parts?|text|sentences?|"
    r"lines?)\b",
    r"the reviewer(?:'s)? (?:mean|say|feel|think|lik|lov|hat|enjoy|recommend|opinion|view|main|complain|prais)\w*\b",
    r"the (?:underlined?|highlighted|bolded|bold|italici[sz]ed|bracketed|circled|shaded) (?:words?|phrases?|parts?"
    r"|sections?|text|portions?|sentences?)\b",
    r"your (?:previous|last|earlier|prior) (?:answer|response|reply|message|sentence|statement|suggestion|comment"
    r"|point|example)\b",
    r"the (?:previous|preceding|last|earlier|prior) (?:answer|response|message|prompt|paragraph|passage|text"
    r"|question|conversation)\b",
    r"(?:my|our) (?:previous|preceding|last|earlier|prior) (?:answer|response|message|prompt|question"
    r"|conversation)\b",
    r"where (?:you|we) (?:left off|stopped)\b",
    r"as (?:i|you) (?:said|mentioned|told you) (?:above|before|earlier)\b",
    r"mentioned (?:above|earlier|previously)\b",
    rf"the {WHICH}(?P<noun>{SHOWN})\b{_AFTER_THE}",
    rf"the (?:news|short) (?:story|item)\b{_AFTER_THE}",
    *(
        rf"{basis} the {WHICH}(?:{WORKED_ON})\b(?={_END}|\s+(?:{_NEXT}|what|who|why|how|when|where|which)\b)"
        for basis in ("based on", "according to", "from")
    ),
    *(
        rf"{one} the (?P<{one}>story|stories|tables?|lists?|letters?|report|code|data ?sets?|data|song|lyrics|speech"
        r"|equation|expression|scenario|files?|scene|quote|map|recipe|script|figures?|book|novel|movie|film|play"
        r"|problem|puzzle|riddle|columns?|rows?|box|brackets)(?=\s*(?:[.?!,]|$))"
        for one in ("in", "of", "from")
    ),
    r"(?:in|on|from|see|of|to|for) (?:line|paragraph|page|question|exercise|figure|table|section|slide|stanza|row"
    rf"|column) (?:\d+|one|two|three|four|five|six)(?={_END})",
    r"(?:figure|table|chart|graph|diagram) \d+ (?:shows?|above|below)\b",
    r"(?:words?|verbs?|nouns?|phrases?|terms?|sentences?|parts?) in (?:brackets|parentheses|bold|italics|capitals"
    r"|the box)\b",
    r"the main (?:idea|point|message) here\b",
    rf"both (?:{SHOWN})\b(?={_END}|\s+(?:{_NEXT})\b)",
    r"(?:does|did|is|was|would) the speaker\b(?! of| at| in|s)",
    rf"give the (?:\w+ )?(?:{SHOWN}|story|tale) an? (?:\w+ )?(?:title|name|heading|headline|score|grade|rating|mark)\b",
    r"which (?:option|answer|statement|sentence|choice|picture|graph|image|diagram|expression|equation|passage|headline"
    r"|summary|reply|response|paragraph)s?(?: (?:best|correctly|below|above))? (?:is|are|shows?|match(?:es)?|"
    r"completes?|represents?|does|do"
    r"|belongs?|describes?|contains?)\b",
    r"the (?:author|narrator|poet|writer)(?:'s)? (?:mean|say|feel|think|use|describe|suggest|imply|support|believe"
    r"|purpose|main|point|tone|attitude|argument|opinion|view|claim|trying|try|want|convey|intend)\w*\b",
    r"what comes next\b",
    rf"what (?:this|it) (?:says|means|reads|is called)(?={_END})",
    rf"(?:is|are) (?:attached|enclosed|uploaded|pasted)(?={_END}|\s+(?:below|above|here)\b)",
    r"odd (?:one|word|number|man|item|thing|pair)(?: \w+)? out\b",
    r"which (?:one |word |number )?(?:is the odd|does not belong)",
    *(
        rf"{one} (?:number|term|word|letter|figure|shape|value|item|element)s?\b(?! of)"
        for one in ("the next", "which", "the missing", "comes next")
        if one not in ("which", "comes next")
    ),
    *(
        rf"{one}s? (?:comes? next|is missing)\b"
        for one in ("number", "letter", "term", "word", "shape", "figure", "item")
    ),
)
# A noun, and what is said of it behind it.
_NAMED_THEN = (
    rf"(?P<above>[a-z-]+)(?: (?:that (?:is|are) )?(?:{_SEEN}|mentioned|provided|pasted|printed|presented))? (?:above"
    rf"|below)(?={_END}|\s+(?:{_NEXT}|in|to|for|with|by)\b)",
    rf"(?P<gave>[a-z-]+) (?:that |which )?(?:i|we)(?:'ve| have)?(?: just| already)? (?:{_GAVE})(?: (?:to )?you"
    rf"| earlier| above| here)?(?={_END}|\s+(?:and|so|for|to|in|into)\b)",
    rf"(?P<given>[a-z-]+) (?:given|provided|supplied)(?: to you| here)?(?={_END}|\s+(?:and|to|in)\b)",
    rf"(?P<shown>[a-z-]+) (?:shown|pictured|depicted)(?={_END})",
)
_REWORK = (
    "translate|summari[sz]e|paraphrase|rephrase|reword|rewrite|restate|proofread|edit|correct|fix|simplify|shorten"
    "|solve|classify|interpret|decode|decipher|transcribe|revise|complete|finish|unscramble|expand|condense"
    "|punctuate|debug|explain|improve|analy[sz]e|convert|transform|change|turn|review|check|describe|identify|answer"
    "|spell-?check|rearrange|sort|categori[sz]e|evaluate"
)
_POLITE = (
    r"(?:(?:please|kindly|can you|could you|would you|will you|help me(?: to)?|i (?:want|need) you to"
    r"|i would like you to|i'd like you to|just|now|carefully|then)[ ,]+)*"
)
# References where a clause begins, as what somebody is told to do.
_TASKS = (
    rf"(?:{_REWORK}) (?:this|it|that|these|those|them)(?={_END}|\s+(?:in|into|to|for|so|as|using|with|by|and|from"
    r"|more|without)\b)",
    rf"(?:{VERBS}) (?:[\w'-]+ ){{0,6}}?the {WHICH}(?P<noun>{WORKED_ON})\b{_AFTER_THE}",
    r"fill (?:in|out) (?:the|each|all|every) (?:\w+ )?(?:blanks?|gaps?|words?|spaces?|letters?)\b",
    r"(?:circle|underline|tick|cross out|strike out) (?:the|all|each|every)\b",
    rf"(?:circle|tick|mark|underline) the (?:correct|right|best|wrong|incorrect|odd|proper) \w+(?={_END})",
    r"(?:choose|select|pick|circle|mark|tick|identify|indicate) (?:the|one|an?)?(?: \w+)? ?(?:correct|right|best"
    r"|most \w+|suitable|appropriate|true|false|proper|wrong|incorrect) (?:answers?|options?|choices?|alternatives?"
    r"|words?|responses?|ones?|statements?|completion|ending|spelling|form|tense|verb|preposition|pronoun|synonym"
    r"|antonym|definition|translation)\b",
    r"match (?:the|each|these)\b",
    rf"(?:{_REWORK}|rate|grade|critique|read|look (?:at|over|through)|go (?:over|through)|assess|mark|"
    rf"give (?:me )?(?:some )?feedback (?:on"
    rf"|about|for)) my (?:\w+ )?(?:{SHOWN}|resume|cv|homework|letter|story|code|draft|assignment|thesis|messages?|"
    rf"posts?|speech|caption|bio|biography|profile|abstract|intro|introduction|paper|report|proposal|presentation|"
    rf"slogan|application|answers?"
    rf"|solution|work)(?={_END}|\s+(?:and|for|to|so|in|into)\b)",
    r"(?:identify|find|underline|circle|spot|pick out|name|highlight|label|state) the (?:subject|predicate|verb"
    r"|noun|adjective|adverb|pronoun|preposition|conjunction|object|clause|figure of speech|part of speech"
    r"|parts of speech|tense|metaphor|simile|error|mistake|main idea|topic sentence|theme|tone|speaker"
    rf"|rhyme scheme)s?(?: and (?:the )?\w+)?(?={_END})",
    r"(?:correct|find|identify|spot|fix|point out|underline) (?:the|any|all|all the)(?: \w+)? (?:errors?|mistakes?"
    rf"|typos|bugs?|differences?)(?={_END})",
    rf"(?:solve for|find the value of|solve|evaluate|find) [a-z](?={_END})",
    r"(?:unscramble|rearrange|reorder) (?:the|these|those) (?:\w+ )?(?:letters|words|sentences|lines|events|steps)\b",
    rf"(?:given|using|from|for) (?:an?|the|this|two|some|each) (?:\w+ )?(?:{WORKED_ON})(?: given| provided)?,",
)
# References that a sentence begins with, or is.
_OPENINGS = (
    r"(?:so |and |ok )?what (?:am|was) i (?:talking about|looking at|referring to|describing|holding|pointing at|"
    r"reading)\W*$",
    rf"(?:so |and |ok )?what (?:does|do|did) (?:this|that|it|these) (?:mean|say|stand for)(?={_END}|\s+in\b)",
    r"(?:who|what|which)(?: \w+){0,3} (?:is|are) (?:this|these|that)\s*[?.!]*$",
    r"(?:is (?:it|that) )?(?:true or false|yes or no|correct or incorrect)\W*$",
    r"what(?:'s| is) the (?:correct |right |final )?(?:answer|solution|main idea|author's purpose)\W*$",
    r"which (?:one |answer |option )?is (?:correct|right|true|false|wrong|incorrect|different|larger|largest|bigger"
    r"|biggest|smaller|smallest|better|best|the best|the correct one|the right one|heavier|longer|older)\W*$",
    r"(?:please )?(?:explain|justify|show) your (?:answer|work|reasoning|choice)\W*$",
    r"(?:please |can you |could you )*(?:make|write|do|say|try|give|explain|rewrite|repeat)(?: me)?(?: it| that"
    r"| this| them)? ?(?:again|shorter|longer|simpler|better|another one|funnier|clearer|more (?:concise|formal"
    r"|casual|polite|interesting))\W*$",
    r"(?:describe )?what (?:do|can) you see\W*$",
    rf"here(?: is| are|'s) (?:the|my|an?|some) (?:\w+ )?(?:{THIS})(?: (?:of|about|on|from|by"
    rf"|for) [^.:]{{1,40}}?)?(?={_END})",
)
REFERENCE = re.compile(r"\b(?:" + "|".join(_REFERENCES) + ")")
NAMED = re.compile(r"\b(?:" + "|".join(_NAMED_THEN) + ")")
CLAUSE = re.compile(rf"(?:^|[,;] |\band |\bthen ){_POLITE}")
TASK = re.compile("|".join(_TASKS))
OPENING = re.compile("|".join(_OPENINGS))
NAMES = re.compile(r"\b(?:above|below|given|provided|supplied|shown|pictured|depicted|i|we)\b")
# A part of every one of them, in small letters: what Rust's engine looks for in all prompts. As one pattern they are
# too large for its fast way of matching, and take ten times as long.
SUSPECTS = (
    any_of(
        rf"(?:\b(?:this|these) (?:\w+ ){{0,2}}(?:{THIS}|animals|ingredients|points|things|values|people|objects)\b)",
        rf"(?:\bthe (?:\w+ )?(?:{WORKED_ON})(?:\s*[.?!,;:)–—-]|\s*$|\s+(?:{_NEXT_ROUGHLY}|with|in|to|by|for|from"
        r"|between the|what|who|why|how|when|where|which)\b))",
        r"(?:\b(?:the|any|each|these) following\b|\b(?:above|below|aforementioned|enclosed|preceding|accompanying"
        r"|attached)\b)",
        r"(?:\bthat (?:talk|speech|article|passage|text|story|video|lecture|interview|letter|e-?mail|report|paragraph|"
        r"sentence"
        r"|poem|review|picture|photo|chart|graph|clip|recording)\s*(?:[.?!,;:)]|$)|\b(?:shown|pictured|depicted|"
        r"described|seen"
        r"|listed) here\b|\bthe (?:marked|coloured|colored|starred|crossed-out|numbered|boxed) \w|\bthe reviewer\b"
        r"|^(?:so |and |ok )?what (?:am|was) i |\b(?:listed|pasted|pictured|depicted|marked|mentioned)\s*(?:[.?!,;)]|$)"
        r"|\bbullet points? )",
        r"(?:\battachment\b|\b(?:i|we)(?:'ve| have)?(?: just| already| also)? (?:uploaded|pasted|sent|gave|shared"
        r"|included|submitted)\b)",
        r"(?:\b(?:i|we)(?:'ve| have)?(?: just| already)? (?:linked|copied|given|provided)\b|\b(?:the|are|be"
        r"|been) (?:given|provided|supplied)\b)",
        r"(?:\b(?:shown|pictured|depicted|described|seen|displayed|listed|written)(?:\s*[.?!,;)]|\s*$| (?:in|on) th)"
        r"|\b(?:given|provided|supplied)(?:\s*[.?!,;)]|\s*$| (?:to|here|and|in)\b)|\b(?:given|using|from|for) (?:an?"
        r"|the|this|two|some|each) (?:\w+ )?\w+,)",
        r"(?:\b(?:underlined?|highlighted|bold|bolded|bracketed|circled|shaded|italici[sz]ed) \w)",
        r"(?:\b(?:your|the|my|our) (?:previous|last|earlier|prior)\b|\bleft off\b|\bwe stopped\b|\b(?:said|mentioned"
        r"|told you) (?:before|earlier|previously)\b)",
        rf"(?:\b(?:{_REWORK}) (?:this|it|that|these|those|them)\b|\b(?:of|from) (?:these|those|them)\b)",
        r"(?:^(?:so |and |ok )?what (?:does|do|did) (?:this|that|it|these)\b|\b(?:is|are) (?:this|these"
        r"|that)\s*[?.!]*\s*$)",
        r"(?:\bfill (?:in|out)\b|\bodd (?:one|word|number|man|item|thing|pair)\b|\bnot belong\b|\bmatch (?:the|each"
        r"|these)\b|\b(?:true or false|yes or no|correct or incorrect)\b)",
    ),
    any_of(
        r"(?:\b(?:true|false|correct|right|best|suitable|appropriate|proper|wrong|incorrect|most \w+) (?:answer|option"
        r"|choice|alternative|word|response|one|statement|completion|ending|spelling|form|tense|verb|preposition|pronoun"
        r"|synonym|antonym|definition|translation)|\b(?:circle|tick|mark|underline) the )",
        r"(?:\b(?:in|of|from) the (?:book|novel|movie|film|play|scene|column|row|box|bracket)s?\s*(?:[.?!,]|$)"
        r"|\bthe (?:author|narrator|poet|writer)\b|\bwhich (?:\w+ )?is \w)",
        r"(?:\b(?:in|on|from|see|of|to|for) (?:line|paragraph|page|question|exercise|figure|table|section|slide"
        r"|stanza|row|column) (?:\d|one|two|three|four|five|six))",
        r"(?:\b(?:figure|table|chart|graph|diagram) \d|\bin (?:brackets|parentheses|bold|italics|capitals|the box)\b)",
        rf"(?:\bthe main (?:idea|point|message) here\b|\bboth (?:{SHOWN})\b|\b(?:does|did|is|was|would) the speaker\b|"
        rf"\bgive the (?:\w+ )?\w+ an? |\b(?:circle|"
        rf"underline|tick|cross out|strike out) (?:the|all|each|every)\b|\bmy (?:bio|biography|profile|abstract|intro|"
        rf"introduction|paper|report|proposal|presentation|slogan|application)\b|\bwhich (?:headline|summary|reply|"
        rf"response)|\bmy (?:messages?|posts?|"
        rf"speech|caption)\b)",
        r"(?:\bwhich (?:option|answer|statement|sentence|choice|picture|graph|image|diagram|expression|equation|passage"
        r"|paragraph)|\b(?:that|which) follow)",
        rf"(?:\b(?:{_REWORK}|rate|grade|critique|read|look at|look over|go over|through|assess|mark|feedback on|"
        rf"feedback about"
        r"|feedback for) my \w)",
        r"(?:\b(?:subject|predicate|verb|noun|adjective|adverb|pronoun|preposition|conjunction|object|clause|speech"
        r"|tense|metaphor|simile|error|mistake|idea|sentence|theme|tone|speaker"
        r"|scheme)s?(?: and (?:the )?\w+)?\s*(?:[.?!,;:)]|$))",
        r"(?:\bwhat (?:this|it) (?:says|means|reads|is)\b|\b(?:is|are) (?:attached|enclosed|uploaded|pasted)\b"
        r"|\bin the picture|^\W*(?:please )?(?:explain|justify|show) your|^what(?:'s| is) the (?:\w+ )?(?:answer"
        r"|solution)|\byou see\b)",
        r"(?:\b(?:again|shorter|longer|simpler|better|another one|funnier|clearer|more \w+)\W*$)",
        r"(?:\b(?:errors?|mistakes?|typos|bugs?|differences?)(?:\s*[.?!,;)]|\s*$)|\b(?:solve|evaluate|find|for"
        r"|value of) [a-z]\s*[.?!]*\s*$|\bthe (?:next|missing)\b|\bcomes? next\b|\bis missing\b"
        r"|\bhere(?: is| are|'s) )",
    ),
)
