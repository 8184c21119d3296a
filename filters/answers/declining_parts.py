"""Parts that answers are told by which decline in roundabout ways: what is spoken of, who will not, how it ends."""

MATTER = (
    r"(?:question|request|topic|subject|matter|issue|task|content|information|advice|conversation|discussion|query|"
    r"prompt|message|input|demand|inquiry|theme|point|statement|joke|area|field|detail|data|material)s?"
)
IT = (
    rf"(?:(?:this|that|it|these|those)(?: (?:kind|sort|type|line)s? of \w+| one| (?:\w+ )?{MATTER})?|(?:your|the|such|"
    rf"such an?) (?:\w+ )?{MATTER}(?: (?:like|such as) (?:this|that|these|those)(?: one)?)?|"
    rf"(?:\w+ )?{MATTER} (?:like|such as) (?:this|that|these|those)(?: one)?|\w+ing (?:about )?(?:this|that|such "
    rf"[\w ]+?|"
    rf"[\w ]{{1,20}}{MATTER}))"
)
IS = (
    r"(?:'s|'re| is| are| was| would be|'d be| will be| seems| sounds| seems to be| sounds like| looks like| feels|"
    r" remains| has to be| must be)(?: just| simply| really| rather| clearly| also| still| always| sadly| far| way| "
    r"well|"
    r" a bit| a little| quite| too| very| highly| deeply| completely| entirely)*"
)
IS_NOT = rf"(?:{IS} not|isn't| isn't| aren't| wasn't| wouldn't be| won't be| is never| are never)(?: really| quite)?"
FILLER = (
    r"(?:(?:well|oh|ah|hm+|hey|so|no|nope|nah|sorry|thanks|thank you(?: for [\w ]{1,20})?|my apologies|apologies|"
    r"pardon|"
    r"forgive me|excuse me|honestly|frankly|unfortunately|sadly|regrettably|alas|please|i'?m (?:so |very |really |"
    r"truly )?"
    r"sorry|i am (?:so |very |really |truly )?sorry|i apologi[sz]e|i'm afraid|i am afraid|i fear|i regret|i see|i "
    r"understand|but|and|that|however|hmm)[\s,.!:;-]+)*"
)
START = rf"^\W*{FILLER}"
# The end of a sentence, or of what is added to one out of politeness.
END = (
    r"(?:,? (?:here|then|now|today|at all|for you|with you|instead|any ?more|any longer|right now|at this time|at the "
    r"moment|either|sorry|i'm afraid|i am afraid|i'm sorry|i am sorry|though|really|please|myself|sadly|unfortunately|"
    r"for me|today|yourself|on that|about that|again|first|okay|thanks|thank you|not me|rather than "
    r"me))*\s*(?:[.!?;]|$)"
)
UNWILLING = (
    r"(?:avoid|turn down|decline|refuse|reject|pass on|skip|leave|steer clear|stay (?:away|out|clear|off)|keep "
    r"(?:away|out|"
    r"clear|off|to myself)|shy away|refrain|won't|will not|can't|cannot|can not|do not|don't|never|not|rather not|"
    r"would "
    r"not|wouldn't|unable|lack|haven't|know (?:nothing|little)|say no|ignore)"
)
TO_ANSWER = (
    r"(?:say|tell|answer|speak|talk|share|give|help|assist|discuss|reveal|disclose|comment|explain|advise|offer|"
    r"provide|"
    r"respond|reply|judge|weigh in|do|go|get|write|make|look|check|see|open|know|find|hear|read|confirm|deny|diagnose|"
    r"predict|express|engage|take|process|support|show|suggest|recommend|guess|access|verify|pick|choose|opine)"
)
MAY_NOT = (
    r"(?:not|n't)(?: \w+ly| yet| really| quite| currently)? (?:allowed|able|permitted|free|at liberty|in a position|"
    r"qualified|authori[sz]ed|licensed|equipped|supposed|meant|willing|prepared|here|going|about|the one|the right \w+|"
    r"built|made|designed|trained|set up)"
)
BAD = (
    r"(?:wrong|unethical|immoral|illegal|unlawful|harmful|dangerous|unsafe|irresponsible|inappropriate|improper|unfair|"
    r"offensive|disrespectful|hurtful|risky|cruel|dishonest|sensitive|private|personal|confidential|classified|secret|"
    r"against the law)"
)
SPEAKS_NOT = (
    r"\bi(?:'m| am|'ll| will|'d| would| have to| must)? ?(?:\w+ ){0,2}?(?:not|no|n't|nothing|never|won't|"
    r"can't|cannot|don't|refuse|decline|want no|pass|rather|stop|avoid|leave)\b"
)
