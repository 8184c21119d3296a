"""Answers that decline: somebody is asked, and says that he will not, cannot or may not answer, or that he needs more."""

from __future__ import annotations

import polars as pl

from sayso.filters.text.patterns import any_of

# So much of an answer shows whether it declines.
OPENING = 320

# Where a clause begins, so that "the phrase I cannot tell" and "he said I won't help" speak of others.
_CLAUSE = (
    r"(?:^|[.!?;:,\n()*>—–-]\s*|\b(?:but|and|so|that|because|since|though|although|while|as|afraid|sorry|fear|think|regret|"
    r"unfortunately|however|no|why|apologi[sz]e|sadly|oh|well|means|truth is|believe|say|admit|ai|model|assistant) )\W*"
)
_I = r"(?:i|this (?:ai|model|assistant|bot|chatbot|system))"
_SOFTLY = (
    r"(?:(?:really|currently|simply|just|also|personally|honestly|actually|certainly|absolutely|respectfully|politely|"
    r"unfortunately|still|even|regretfully|sadly|therefore|directly|legally|ethically|possibly|humbly|kindly|"
    r"yet|always|at this time|at the moment|in good conscience|in good faith|as an ai|and will not|and won't|nor will i|"
    r"and should not|or will not|and cannot|really|in any way|under any circumstances),? ){0,3}"
)
_NOT = (
    r"(?:can(?:no|')?t|can ?not|could ?n'?t|could not|won'?t|will not|wouldn'?t|would not|shouldn'?t|should not|"
    r"must ?n'?t|must not|may not|shall not|shan't|do not|don'?t|refuse to|decline to|"
    r"(?:have|had|need|'ll have|am going|will have|am forced|am obliged|am required|am bound|'m going) to (?:\w+ ){0,2}"
    r"(?:decline|refuse|refrain|abstain)(?: to| from)?|"
    r"(?:must|should|will|shall|'ll|would|'d|would like to|want to|wish to|choose to|prefer to) (?:\w+ly )?"
    r"(?:decline|refuse|refrain|abstain)(?: to| from)?|"
    r"(?:'d| would|'ll| will)? ?(?:rather|prefer|choose) (?:to )?not(?: to)?|"
    r"(?:'m| am|'re| are|was| was|'ve been| have been)? ?(?:\w+ly |just |also |afraid )?"
    r"(?:not (?:\w+ly |yet |quite |really )?(?:able|allowed|permitted|authori[sz]ed|equipped|qualified|programmed|designed|"
    r"trained|willing|prepared|going|comfortable|capable|in a position|at liberty|built|made|meant|supposed|free|inclined|"
    r"set up|licensed|ready|the right \w+)|unable|unwilling|uncomfortable|reluctant|forbidden|incapable|prohibited|barred|"
    r"restricted|prevented|unqualified|"
    r"(?:designed|programmed|trained|instructed|built|made|told|required|obliged) (?:not |never )to|never able)"
    r"(?: (?:to|of|from|with|for|in|on|about))?|"
    r"(?:do not|don'?t|can'?t|cannot) (?:feel|consider it|find it|think it(?:'s| is)|believe it(?:'s| is)) (?:\w+ ){0,2}"
    r"(?:comfortable|right|appropriate|able|good|safe|free|qualified|ethical|wise|at ease|easy)(?: to| with| about| for me to)?|"
    r"(?:lack|have no|have neither|do not have|don'?t have|do not possess|don'?t possess|haven'?t|haven'?t got|have not) "
    r"(?:the |any |enough |sufficient |a |got |that |been given |the necessary |the required |such )?"
    r"(?:\w+ )?(?:abilit\w+|capabilit\w+|capacity|permission|authority|authori[sz]ation|means|way|ways|tools?|power|"
    r"information|knowledge|expertise|context|access|right|training|data|details|qualifications?|clearance)"
    r"(?: (?:to|of|for|from|that would|needed to|required to|necessary to))?)"
)
# What is declined: to answer, in any of its ways, whatever it is about.
_ANSWERING = (
    r"(?:assist|answer|compl(?:y|ete (?:this|that|your))|fulfil+|respond|reply|discuss|comment|advis|disclos|reveal|provid|engag|participat|"
    r"speculat|predict|address|opine|endors|condon|promot|facilitat|process|browse|elaborat|divulg|weigh in|take part|"
    r"go into|entertain|honou?r (?:that|this|your)|accommodat|oblig|proceed|enable|encourag|(?:take|pick|choose) (?:a )?(?:side|position|stance)"
    r")\w*"
)
_HELPING = r"(?:help(?:ing)?(?: you)?(?:$|[.,!;]| (?:with|you|in|on|there|to|out|people|anyone|someone|users?|that|this|here)\b))"
_DOING = (
    r"(?:do|doing|say|saying|tell|telling|write|writing|share|sharing|talk|talking|speak|speaking|make|making|creat\w+|"
    r"produc\w+|offer\w*|support\w*|continu\w+|recommend\w*|suggest\w*|complet\w+|perform\w*|show\w*|explain\w*|"
    r"describ\w+|play\w*|send\w*|book\w*|order\w*|translat\w+|summari[sz]\w+|search\w*|"
    r"look|call\w*|check\w*|verif\w+|confirm\w*|giv\w+|generat\w+|carry out|go along|go there|"
    r"analy[sz]e|pass judg\w+|judge|teach\w*|list\w*|name|voice|express\w*|hold|take|set|pay|buy|print|"
    r"deal|touch|form|give out|handle|determine|identify|work|act|follow|edit|fix|solve|correct|guess|"
    r"evaluat\w+|review\w*|retriev\w+|download\w*|upload\w*|display\w*|draw\w*|render\w*|store|speak|"
    r"be (?:of|able to|a part of|involved|part of))"
)
_THIS = (
    r"(?: you| to you| for you| out| up| on| about| with| in| to| along with| along| into| at| over| from)?(?: about| with| on| to)? ?"
    r"(?:that|this|these|those|it|such|any\w*|your|my (?:opinion|view|thoughts|feelings|instructions|creators|training|system)\w*|"
    r"the (?:requested|answer|file|article|image|picture|photo|link|attach\w+|contents?|information|internet|web|request|details|"
    r"question|task|news|latest|current|instructions|text|document|code|specifics|topic)|"
    r"(?:(?:an?|the|specific|detailed|exact|personal\w*|medical|legal|financial|professional|any|more|further|step-by-step|"
    r"real-time|real-world|current|up-to-date|live|private|confidential|sensitive|explicit|harmful|illegal|dangerous|"
    r"offensive|violent|hateful|sexual|inappropriate|political|external|direct|subjective|own|online|copyrighted|accurate|"
    r"definit\w+|clear|certain|relevant|such|physical|previous|past|outside|third-party|malicious|fake|false|human|"
    r"additional|emotional|internal|unethical) )*"
    r"(?:answers?|opinions?|responses?|instructions?|information|details|advice|specifics|guidance|recommendations?|feelings|"
    r"emotions|preferences|beliefs|content|materials?|images?|pictures?|photos?|videos?|files?|attachments?|links?|audio|"
    r"websites?|web pages?|data|databases?|events|news|topics?|subjects?|actions?|tasks?|diagnos\w+|predictions?|judge?ments?|"
    r"experiences?|thoughts|conversations?|questions?|requests?|matters?|help|assistance|activit\w+|"
    r"what you (?:ask|want|need|are asking)\w*|sides?|explanations?|summary|context|weather|views?|body|consciousness|"
    r"phone calls?|calls|orders?|reservations?|appointments?|purchases|emails?|reminders?|comparisons?|code|interpretations?|"
    r"violence|hate|crime\w*|malware|weapons?|scripts?|plans?|lies|documents?|sources?|examples?|jokes?|essays?|stor(?:y|ies)|poems?)\b)"
)
_PERCEIVING = (
    r"(?:view\w*|open\w*|see|seeing|read\w*|hear|find\w*|access\w*|get|listen to|watch|recall|remember|know|have|use|retriev\w+) "
    r"(?:(?:the|any|your|an?|that|this|those|these|my|more|specific|real-time|current|external|personal|own|such|our|previous|past|live|"
    r"up-to-date|visual|actual|requested|attached|original|enough|sufficient|additional|individual|human) )*"
    r"(?:answers?|information|details|images?|pictures?|photos?|videos?|files?|attachments?|links?|audio|websites?|web ?pages?|data|"
    r"databases?|internet|web|articles?|documents?|text|feelings|emotions|opinions?|preferences|beliefs|conversations?|context|access|"
    r"body|consciousness|ability|capability|permission|question|events|news)\b"
)
# "I can't help but", "I can't tell you how glad": no refusals.
_DECLINES = any_of(
    rf"{_CLAUSE}{_I}(?:'m|'re|'d|'ll|'ve| am| are| would| will| have)? ?{_SOFTLY}{_NOT} {_SOFTLY}"
    rf"(?:be )?(?:{_ANSWERING}|{_HELPING}|{_DOING}{_THIS}|{_PERCEIVING}|"
    r"(?:book|order|reserve|schedule|buy)(?:ing)? (?:\w+ ){0,3}(?:flights?|tickets?|hotels?|rooms?|food|pizzas?|rides?|taxis?|cabs?|items|trips?)\b|"
    r"(?:to )?(?:this|that|your|the|any|such|all) (?:\w+ )?(?:request|question|prompt|query|task|instruction)s?\b)"
)
# What is declined is left unsaid, or is the sentence before: "I can't.", "I won't, sorry."
_BARELY = any_of(
    rf"^\W*(?:(?:no|nope|sorry|oh no|oh|well|apologies|my apologies|unfortunately|i'?m (?:so |very |really )?sorry|i am sorry|i'm afraid|"
    rf"i am afraid|i regret(?: to say)?|but|that)[\s,.!;:-]*)*i (?:can(?:no|')?t|can not|won'?t|will not|refuse|decline|must decline|must refuse|"
    r"do(?:n'?t| not) know|would rather not|'d rather not|prefer not to)(?: (?:do|say|answer)(?: (?:that|this|it|so))?)?\W*(?:sorry\W*)?$"
)
_FIRM = any_of(
    rf"{_CLAUSE}we(?:'re| are)? {_SOFTLY}(?:can(?:no|')?t|can not|won'?t|will not|unable to|not able to|must decline to) "
    rf"(?:assist|{_HELPING}|answer|comply|fulfil|process (?:this|that|your)|complete (?:this|that|your|the) (?:task|request)|respond|"
    r"provide (?:you |this|that|any|such|the requested))"
)
_CURTLY = any_of(
    r"^\W*(?:(?:no|nope|sorry|nah|oh no|apologies|my apologies|unfortunately|i'm sorry|i am sorry)[\s,.!;:-]+)+"
    r"(?:can'?t|cannot|can not|won'?t|will not|not able to|unable to) (?:do|help|say|tell|answer|assist|share|comment|discuss)\b"
)
_LACKS = any_of(
    rf"{_CLAUSE}i(?:'ve| have)? ?(?:{_SOFTLY})(?:(?:do not|don'?t|did not|didn'?t|can'?t|cannot|never) (?:{_SOFTLY})"
    r"(?:have|possess|hold|experience|feel|form|get|store|retain|own|receive)|have no|lack|have neither|am not capable of) "
    r"(?:(?:any|the|a|an|enough|sufficient|my own|of my own|direct|personal|real|human|physical|actual|current|live|that|"
    r"such|specific|necessary|required|relevant|kind of|sort of|more|of|up-to-date|real-time|real time|previous|first-hand|true|or|"
    r"subjective|individual|particular|concrete|detailed|reliable|precise|exact|internal|emotional|genuine) )*"
    r"(?:access|abilit\w+|capabilit\w+|capacity|permission|authority|information|data|knowledge|context|feelings?(?:$|[.,;!]| (?:of|or|like|about|and|the))|"
    r"emotions?|opinions?|preferences?|beliefs?|consciousness|self-awareness|body|senses|sensations|experiences?(?:$|[.,;!]| (?:of|or|like|with|to))|"
    r"memor(?:y|ies) of|real-time|"
    r"views? on|thoughts (?:of|or|and|on)|taste buds|eyes to|an answer|answer|details on|details about|clue what you|idea what you|"
    r"idea how to answer|knowledge|desires|hobbies|a physical|internet|way (?:to|of) (?:know|tell|check|access|see|find|verify))"
)
_DOES_NOT_KNOW = any_of(
    r"^\W*(?:(?:sorry|i'?m sorry|i am sorry|oh|well|hmm+|i apologi[sz]e|my apologies|unfortunately|i'?m afraid|i am afraid|but|honestly|"
    r"to be honest|no idea|no)[\s,.!;:-]*(?:but |that )?)*"
    r"i(?:'m| am)? (?:really |honestly |just |simply )?(?:do(?:n'?t| not) (?:really |actually )?know(?: (?:the|that|this|what (?:you|to)|how to|"
    r"who that|enough|anything|it)\b|\W*$)|"
    r"not (?:sure|certain)(?: (?:what you|how to (?:answer|respond|help)|i (?:can|understand)|about that|of that|which|who you|if i (?:can|understand))|\W*$)|"
    r"(?:do(?:n'?t| not)|did(?:n'?t| not)|couldn'?t|could not|can'?t|cannot|not able to|unable to|fail to|failed to) (?:quite |fully |really )?"
    r"(?:understand|follow|get|catch|make sense of|recogni[sz]e|make out)(?: (?:what|your|the|that|this|it|you)\b|\W*$)|"
    r"not (?:aware of|familiar with) (?:that|this|the|any|what|who|whom|an?)\b|"
    r"(?:have no|haven't (?:any|a)|haven't the (?:faintest|slightest|foggiest)) (?:idea|clue)(?:\W*$|[.,!]| (?:what|who|how|about)\b)|"
    r"(?:could(?: not|n'?t)|can(?:not|'?t)|(?:was |am |'m )?unable to) (?:find|locate|determine|identify) (?:any|the|that|what|an?|your|information|enough|out)\b)"
)
_FOR_ME = any_of(
    r"(?:\b(?:it|this|that|which|answering|doing so|doing that|to do so|such \w+)(?:'s| is| would be| are| was)(?: just| simply| also| really)? ?"
    r"(?:not|n't|never|neither|in)? ?(?:\w+ly )?(?:something|a (?:topic|question|subject|matter|request|thing|task|discussion|conversation)|"
    r"information|one|anything|the kind of thing|not)(?: (?:that|which))? (?:i(?:'m| am|'d| would| will|'ll| can| could|'ve been| have been| should| was)?|"
    r"we(?: can|'re| are)?)(?: be| feel)? ?(?:\w+ly )?"
    r"(?:can|will|won'?t|could|would|(?:be )?(?:able|willing|allowed|permitted|prepared|comfortable|going|designed|here|not|unable|rather)|can'?t|cannot|should|"
    r"assist|help|answer|discuss|do|talk|provide|comment|get into|share)|"
    r"\b(?:appropriate|right|ethical|possible|proper|permissible|acceptable|ok|okay|safe|responsible|wise|wrong|unethical|illegal|fair|"
    r"irresponsible|inappropriate|impossible|improper|dangerous|my place|my role|best|in my power|up to me|suitable|advisable|difficult|beyond me|hard) "
    r"(?:for|of) (?:me|an ai(?: \w+)?|a language model|us) to\b|"
    r"\b(?:would(?: not|n't)?|is(?: not|n't)|isn't|not|it's|it is) (?:be )?(?:\w+ly )?(?:appropriate|right|ethical|responsible|wrong|unethical|"
    r"irresponsible|inappropriate|my place|my role|in my power|within my power) to "
    r"(?:answer|help|assist|provide|share|tell|give|discuss|comment|say|write|respond|reveal|disclose|speculate)\b|"
    r"\b(?:not my place|not my job|not for me|not my role|not within my (?:power|abilit\w+)) to\b|"
    r"\b(?:against|contrary to|in (?:conflict|violation) (?:with|of)|violat\w+|in breach of) (?:my|our) "
    r"(?:\w+ ){0,2}(?:guidelines?|programming|principles?|polic(?:y|ies)|values?|rules?|ethic\w*|terms|code|training|design|purpose|safety|standards)|"
    r"\b(?:outside|beyond|out|exceeds|not (?:with)?in) (?:of )?(?:the (?:scope|range|limits?|bounds) of (?:my|what i|our)|my (?:\w+ ){0,2}(?:abilit\w+|capabilit\w+|"
    r"scope|knowledge|expertise|area|limits?|power|reach|purview|competence|remit|control|understanding|boundaries|training|programming|depth|league|pay)|what i (?:can|am able|may|'m able))|"
    r"\bmy (?:\w+ ){0,2}(?:guidelines?|programming|principles?|polic(?:y|ies)|values?|rules|ethic\w*|instructions|design|creators|developers|"
    r"training|safety|limits|conscience|knowledge) (?:\w+ )?(?:prevents?|forbids?|do(?:es)?(?:n'?t| not) (?:allow|permit|let|include|cover|extend)|prohibits?|keeps?|stops?|bars?|won'?t let|"
    r"requires? me (?:not|to (?:decline|refuse))|restrict)|"
    r"\b(?:not|n't) (?:possible|feasible|an option|available|permitted|allowed|open) (?:for|to) me\b|\bneither confirm nor deny\b|\bi can neither\b|"
    r"\bi(?:'m| am) (?:not|no) (?:an? )?\w+(?: \w+)?,? (?:and|so|but) (?:i )?(?:therefore |also )?(?:can(?:no|')?t|can not|won'?t|am not|may not)\b|"
    r"\b(?:off[- ]limits|out of bounds) (?:for|to) me\b|\bnot available to me\b|\bno comment\b|"
    r"\b(?:your|this|that|the) (?:request|question|prompt|query|task) (?:can(?:not|'?t|not)|could not|couldn't|is (?:not|unable|unclear|incomplete|too vague|impossible)|"
    r"violates|goes against|falls outside|will not|won't|(?:seems|appears) (?:to be )?(?:unclear|incomplete|inappropriate))|"
    r"\bthere(?:'s| is) nothing (?:that )?i can (?:say|do|tell|share|offer|help)|\bnothing (?:that )?i (?:can|could|am able to) (?:help|assist|do|say)|"
    r"\bi(?:'ll| will|'m going to| am going to|'d like to|'ll have to| will have to| have to| must) (?:have to )?(?:take a |respectfully )?pass(?: on (?:that|this|it|answering)|\W*$)|"
    r"\b(?:let's|let us|can we|could we|we should|i'd rather|i would rather|shall we) (?:please )?(?:talk|speak|discuss|chat|move on|change the (?:subject|topic)|focus|stick|keep)[^.!?]{0,20}"
    r"(?:something else|another (?:topic|subject)|different (?:topic|subject)|the (?:subject|topic)|move on|more (?:positive|pleasant))|"
    r"\bi(?:'ve| have| was| am|'m)(?: been)? (?:designed|programmed|trained|instructed|built|made|told|asked|created) to (?:avoid|refuse|decline|refrain|steer clear|stay away|not)|"
    r"\bi(?:'d| would)? (?:rather|prefer|choose|chose)(?: to)? (?:not |keep |stay |avoid |skip |leave )(?:to )?(?:that |this |it |my |silent|quiet|out of|the topic|the subject|such|answer|talk|discuss|say|get into|go into|comment|speak|share|out|$)|"
    r"\bi (?:must |have to |should |will |need to )?(?:avoid|refrain from|stay out of|stay away from|steer clear of|keep out of|do not do|don't do|don'?t discuss|do not discuss|never discuss) "
    r"(?:that|this|such|giving|taking|answering|discussing|commenting|providing|sharing|expressing|talking|harmful|political|speaking|making|these|those|saying))"
)
_WOULD_BE_WRONG = any_of(
    r"\b(?:giving|providing|sharing|answering|discussing|helping|assisting|writing|creating|revealing|disclosing|talking about|doing) "
    r"(?:[\w'-]+ ){0,8}would be (?:\w+ )?(?:unethical|wrong|illegal|irresponsible|inappropriate|harmful|dangerous|against|a (?:breach|violation))\b"
)
_AI = any_of(
    r"\b(?:as|being|since i(?:'m| am)|because i(?:'m| am)|given that i(?:'m| am)|i(?:'m| am)(?: just| only| merely| simply)?|as i(?:'m| am)) "
    r"(?:just |only |merely |nothing but )?an? (?:\w+ )?(?:ai|a\.i\.|artificial intelligence|machine learning|language model|large language model|"
    r"computer program|virtual assistant|digital assistant|chatbot|machine|bot|text-based)(?:[- ]?(?:based|powered|driven))?(?: language)?(?: model| assistant| program| system| "
    r"chatbot| bot| entity| tool)?,?(?: (?:and|so|which means|that))?,? "
    r"(?:(?:i|my|it|we)|(?:do(?:n't| not)|cannot|can't|unable|lack))(?:'m| am|'ve| have|'d| would| will|'ll)? ?(?:\w+ ){0,2}?(?:not|n't|can'?t|cannot|don'?t|do not|unable|lack|no|never|won'?t|without|haven'?t|neither|didn'?t|isn'?t|purpose|knowledge|responses)\b"
    r"|\bi(?:'m| am)(?: just| only)? an? (?:ai|language model|computer program|machine)(?: \w+)?,? (?:and|so) (?:\w+ )?(?:do not|don'?t|cannot|can'?t|unable|am unable|lack|have no|am not)\b"
)
_NEEDS = any_of(
    r"(?:\b(?:please|could you(?: please)?|can you(?: please)?|would you(?: please| mind)?|kindly|you(?: will|'ll)? (?:need|have) to|if you (?:could|can|would)(?: please)?|if you) "
    r"(?:\w+ly )?(?:re-?)?(?:provid\w*|shar(?:e|ing)|past(?:e|ing)|attach\w*|upload\w*|send(?:ing)?|giv(?:e|ing)|suppl(?:y|ying)|includ(?:e|ing)|insert\w*|enter|type|specify\w*|post|submit|clarify\w*|"
    r"tell me|let me know|rephrase|be more specific|elaborate on|re-?phras\w+|restat\w+|repeat|explain) ?(?:me )?(?:with )?"
    r"(?:(?:the|your|a|an|some|more|additional|further|any|which|what|specific|full|complete|actual|it|this|that|me|again|about|on|of|in|relevant|missing|correct|entire|original|two|few|bit|little|input|list|detailed|how|particular|exact) )*"
    r"(?:texts?|passages?|articles?|sentences?|paragraphs?|documents?|files?|images?|pictures?|photos?|context|input|inputs|data|questions?|codes?|links?|details?|information|"
    r"specifics?|topic|request|query|clarification|conversation|poem|story|email|letter|list|words?|numbers?|prompt|instructions?|equation|recipe|url|statements?|phrases?|"
    r"content|attachment|review|essay|report|table|options?|choices|paper|book|what you|you (?:want|would|mean|need|are|'d)|one you|that you)\b|"
    r"\b(?:it (?:seems|looks|appears)(?: like| as if| as though| that)?|i (?:think|believe|notice|see)(?: that)?|sorry,?(?: but)?|you(?: may| might)?(?: have)?)(?: that)? ?"
    r"(?:you(?:'ve| have| may have| might have)? ?|the |your |there |no |this |i |we |a |an )[^.!?\n]{0,60}?"
    r"(?:forg[eo]t(?:ten)?|did(?:n'?t| not) (?:attach|includ|provid|shar|past|send|specif|giv|upload|finish|complete|add|actually|mention|supply|enter|write|paste|post)\w*|have(?:n'?t| not) "
    r"(?:attach|includ|provid|shar|past|sent|specif|giv|upload|finish|complete|added|supplied|mentioned)\w*|"
    r"missing|cut off|incomplete|(?:not|n't|never)(?: been)? (?:attached|provided|included|given|there|come through|specified|shared|complete|uploaded|pasted|clear|supplied)|"
    r"left out|no (?:text|file|attachment|image|article|question|passage|link|document|input|sentence|picture|content|context))|"
    r"\byou (?:forgot|did(?:n'?t| not)|have(?:n'?t| not)) (?:to )?(?:actually )?(?:attach|includ|provid|shar|past|send|sent|specif|giv|upload|add|tell|told|said|shown|mention|ask|asked|supply|supplied)\w*\b|"
    r"\bthere (?:is|was|were|are|does(?:n'?t| not) (?:seem|appear) to be|seems to be|appears to be|isn'?t|wasn'?t) (?:no |not |any |an )*(?:text|file|attachment|image|article|question|passage|link|document|input|sentence|picture|content|context|information)\w*"
    r"(?: (?:was |were |that was )?(?:attached|provided|included|given|here|in your|for me|to|shared|supplied)|\W*$)|"
    r"\bi (?:do(?:n'?t| not)|can(?:'?t|not)|did(?:n'?t| not)) (?:see|find|have|receive|get|open|view|access) (?:any|an|the|your|that|a|this|those|what) (?:\w+ )?"
    r"(?:attach\w+|text|files?|image|picture|article|passage|links?|document|question|photo|url|video|recording|paragraph|sentence|website|page)|"
    r"\bi (?:see|find|have|received|got|can see|can find) no (?:\w+ )?(?:attach\w+|text|files?|images?|pictures?|articles?|passages?|links?|documents?|questions?|photos?|input|sentence)\b|"
    r"\bno (?:input|text|passage|article|context|question|file|attachment|image|information|sentence|document|data|picture) (?:was|is|has been|were|has) (?:given|provided|attached|included|found|shared|supplied|available)|"
    r"\bi(?:'d| would|'ll| will)? (?:need|require) (?:to (?:know|see)|(?:a (?:bit|little) )?more|additional|further|some more|the (?:text|article|passage|file|document|full|actual|name)|your|you to)\b|"
    r"\b(?:the|your) (?:text|passage|article|file|image|attachment|document|question|input|prompt|link|sentence|context|picture) (?:is|was|seems|appears|wasn'?t|isn'?t|has|hasn'?t|did(?:n'?t| not))(?: to be| been| not)* "
    r"(?:missing|not (?:been )?(?:provided|attached|included|given|available|come through|here)|provided|attached|incomplete|empty|unclear|blank|come through|cut off)\b|"
    r"\b(?:what|which) (?:\w+ ){0,3}(?:would you like|do you want|are you (?:referring|talking|asking)|did you (?:mean|want)|should i|do you (?:mean|need|have in mind))\b[^.!\n]{0,60}\?)"
)

# Each match has one of these.
_POSSIBLE = [
    *("can't", "cant ", "cannot", "can not", "couldn", "could not", "won't", "wont ", "will not", "wouldn", "would not", "should"),
    *("refus", "declin", "refrain", "abstain", "rather", "prefer", "choose", "chose", "unable", "unwilling", "not ", "n't", "dont ", "didnt"),
    *("lack", "have no", "no idea", "no clue", "neither", "an ai", "a.i.", "language model", "program", "assistant", "chatbot", "bot,"),
    *("against", "beyond", "outside", "prevent", "forbid", "prohibit", "violat", "off-limits", "off limits", "no comment", "nothing i"),
    *("nothing that i", "pass", "something else", "the subject", "the topic", "another topic", "move on", "avoid", "wrong", "unethical"),
    *("irresponsible", "inappropriate", "illegal", "impossible", "please", "could you", "can you", "would you", "kindly", "forgot", "missing"),
    *("incomplete", "need", "require", "do you", "are you", "did you", "unclear", "cut off", "no text", "no input", "was given", "was provided"),
    *("uncomfortable", "reluctant", "incapable", "barred", "restricted", "exceeds", "should i", "never", "designed", "machine", "stay "),
    *("steer", "if you", "out of my", "out of the scope", "unqualified", "may not", "no ", "empty"),
]
# Words that are only mentioned ("I cannot swim is said in French as …"), and what says the contrary ("can't wait to", "can't tell you how").
_MENTIONED = any_of(
    r"\b(?:i|we|not|never|no|please)\b[^.!?,;\n]{0,80}[\w'…] (?:is (?:said|what|how|a|an|the|translated|written|sung|also|often|one|from|usually)|means|was (?:said|a|the|written|sung)|"
    r"said|says|cried|replied|answered|sang|shouted|whispered|are (?:the )?words|translates|in (?:french|spanish|german|italian|latin))\b",
    r"\b(?:can(?:no|')?t|can not|couldn'?t|could not) (?:\w+ ){1,8}(?:enough|too highly|too much|any (?:more|better|stronger))\b",
    r"\b(?:can(?:no|')?t|can not|couldn'?t|could not) (?:wait|help (?:but|it|feeling|thinking|wondering|noticing|smiling|laughing|falling)|agree more|"
    r"(?:tell|say|describe|express|explain)(?: you| to you)? how|(?:say|tell|be sure)(?: it)? (?:for|with) (?:sure|certain\w*)|get (?:no|enough)|think of a)",
)
# A text in somebody's name: what it declines is no question to the one who writes it.
_LETTER = any_of(r"(?i)^\W*(?:dear\b|subject\s*:|to whom|re:|(?:hi|hello|hey|good (?:morning|afternoon|evening)) (?-i:[A-Z])\w+,|from:)")
_IN_SOMEBODYS_NAME = any_of(
    r"(?i)\b(?:declin|refus|turn(?:ing)? (?:\w+ )?down|reject|say(?:ing)? no|apolog|excuse|letter|e-?mail|message|note|text to|repl(?:y|ies)|respond|"
    r"dialog|conversation|script|role-?play|pretend|act as|imagine|you are (?:a|an|the|in)|you're (?:a|an|the)|story|stories|poem|song|lyrics|monolog|speech|translat|quote|quotation|phrase|"
    r"paraphras|rewrite|rephrase|sentence|proverb|line|movie|novel|diary|journal|tweet|post|voice ?mail|say in|joke|chat|interview|example|customer|scene|letter)"
)
# What nobody says in another's name.
_SURELY = (
    r"(?:assist|help) (?:you )?(?:with|in) (?:that|this|your|any|such|the request)|fulfil+ (?:that|this|your|the) request|(?:comply|assist)\b|"
    r"\b(?:as|being|i'?m|i am) (?:just |only )?an? (?:ai|artificial intelligence|language model)\b|against my (?:programming|guidelines)|"
    r"provide (?:you )?(?:with )?(?:that|this|any|such|instructions|information|guidance|assistance)"
)


# Who accepts may ask for what only the other knows; the text that a prompt speaks of belongs to the prompt.
_ACCEPTS = any_of(r"^\W*(?:of course|sure|certainly|absolutely|yes|great|okay|ok|i(?:'d| would) (?:be )?(?:happy|glad|love)|happy to|i can help|hello|hi)\b")
_MATERIAL = any_of(
    r"\b(?:the|your|a|any|this|that|some|more|which|original|full) (?:\w+ )?(?:text|passage|article|sentence|paragraph|document|file|image|picture|photo|poem|story|essay|letter|context|"
    r"attachment|question|report|review|content|code|excerpt|statement|phrase|word|conversation|input)s?\b"
)
_REFUSALS = (_DECLINES, _FIRM, _CURTLY, _LACKS, _FOR_ME, _WOULD_BE_WRONG, _AI, _BARELY, _DOES_NOT_KNOW)
_QUOTATION = r"\"[^\"]{0,200}(?:\"|$)|“[^”]{0,200}(?:”|$)"


def refuses(rows: pl.DataFrame) -> pl.Series:
    """Whether the answer of each row (`prompt`, `answer`) declines in its first sentences, or asks for what is missing.

    Each step looks only at the rows that the one before has left.
    """
    text = pl.col("answer").str.head(OPENING).str.to_lowercase().str.replace_all("’", "'", literal=True)
    left = rows.with_columns(text=text).with_row_index("row").filter(pl.col("text").str.contains_any(_POSSIBLE))
    left = left.filter(~pl.col("answer").str.contains(_LETTER))
    left = left.with_columns(pl.col("text").str.replace_all(_QUOTATION, "…"))
    declines = [pl.col("text").str.contains(pattern) for pattern in _REFUSALS]
    # What is missing is asked for by itself; after an answer, it is an offer.
    asks = (pl.col("answer").str.len_chars() < OPENING) & pl.col("text").str.contains(_NEEDS)
    asks &= ~pl.col("text").str.contains(_ACCEPTS) | pl.col("text").str.contains(_MATERIAL)
    left = left.filter(pl.any_horizontal(*declines, asks)).filter(~pl.col("text").str.contains(_MENTIONED))
    own = ~pl.col("prompt").str.contains(_IN_SOMEBODYS_NAME) | pl.col("text").str.contains(_SURELY)
    refused = pl.repeat(False, rows.height, dtype=pl.Boolean, eager=True)
    return refused.scatter(left.filter(own)["row"], True)
