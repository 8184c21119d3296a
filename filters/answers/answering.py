"""The parts of a sentence that declines to answer: who says it, that he does not, and what he does not do."""

from __future__ import annotations

# Where a clause begins, so that "the phrase I cannot tell" and "he said I won't help" speak of others.
CLAUSE = (
    r"(?:^|[.!?;:,\n()*>—–-]\s*|\b(?:but|and|so|that|because|since|though|although|while|as|afraid|sorry|fear|think|"
    r"regret|"
    r"for|unfortunately|however|no|why|apologi[sz]e|sadly|oh|well|means|truth is|believe|say|admit|ai|model|"
    r"assistant) )\W*"
)
SPEAKER = r"(?:i|this (?:ai|model|assistant|bot|chatbot|system))"
SOFTLY = (
    r"(?:(?:really|currently|simply|just|also|personally|honestly|actually|certainly|absolutely|respectfully|politely|"
    r"unfortunately|still|even|regretfully|sadly|therefore|directly|legally|ethically|possibly|humbly|kindly|"
    r"yet|always|at this time|at the moment|in good conscience|in good faith|as an ai|and will not|and won't|nor will "
    r"i|"
    r"and should not|or will not|and cannot|really|in any way|under any circumstances),? ){0,3}"
)
NOT = (
    r"(?:can(?:no|')?t|can ?not|could ?n'?t|could not|won'?t|will not|wouldn'?t|would not|shouldn'?t|should not|"
    r"must ?n'?t|must not|may not|shall not|shan't|do not|don'?t|refuse to|decline to|"
    r"(?:have|had|need|'ll have|am going|will have|am forced|am obliged|am required|am bound|'m going) to (?:\w+ ){0,2}"
    r"(?:decline|refuse|refrain|abstain)(?: to| from)?|"
    r"(?:must|should|will|shall|'ll|would|'d|would like to|want to|wish to|choose to|prefer to) (?:\w+ly )?"
    r"(?:decline|refuse|refrain|abstain)(?: to| from)?|"
    r"(?:'d| would|'ll| will)? ?(?:rather|prefer|choose) (?:to )?not(?: to)?|"
    r"(?:'m| am|'re| are|was| was|'ve been| have been)? ?(?:\w+ly |just |also |afraid )?"
    r"(?:not (?:\w+ly |yet |quite |really )?(?:able|allowed|permitted|authori[sz]ed|equipped|qualified|programmed|"
    r"designed|"
    r"trained|willing|prepared|going|comfortable|capable|in a position|at liberty|built|made|meant|supposed|free|"
    r"inclined|in the habit|in the business|"
    r"set up|licensed|ready|the right \w+)|unable|unwilling|uncomfortable|reluctant|forbidden|incapable|prohibited|"
    r"barred|"
    r"restricted|prevented|unqualified|"
    r"(?:designed|programmed|trained|instructed|built|made|told|required|obliged) (?:not |never )to|never able)"
    r"(?: (?:to|of|from|with|for|in|on|about))?|"
    r"(?:do not|don'?t|can'?t|cannot) (?:feel|consider it|find it|think it(?:'s| is)|believe it(?:'s| is)) (?:\w+ "
    r"){0,2}"
    r"(?:comfortable|right|appropriate|able|good|safe|free|qualified|ethical|wise|at ease|easy)(?: to| with| about| "
    r"for me to)?|"
    r"(?:lack|have no|have neither|do not have|don'?t have|do not possess|don'?t possess|haven'?t|haven'?t got|have "
    r"not) "
    r"(?:the |any |enough |sufficient |a |got |that |been given |the necessary |the required |such )?"
    r"(?:\w+ )?(?:abilit\w+|capabilit\w+|capacity|permission|authority|authori[sz]ation|means|way|ways|tools?|power|"
    r"information|knowledge|expertise|context|access|right|training|data|details|qualifications?|clearance)"
    r"(?: (?:to|of|for|from|that would|needed to|required to|necessary to))?)"
)
# What is declined: to answer, in any of its ways, whatever it is about.
ANSWERING = (
    r"(?:assist|answer|compl(?:y|ete (?:this|that|your))|fulfil+|respond|reply|discuss|comment|advis|disclos|reveal|"
    r"provid|engag|participat|"
    r"speculat|predict|address|opine|endors|condon|promot|facilitat|process|browse|elaborat|divulg|weigh in|take part|"
    r"go into|entertain|honou?r (?:that|this|your)|accommodat|oblig|proceed|enable|encourag|(?:take|pick|choose) (?:a "
    r")?(?:side|position|stance)"
    r")\w*"
)
HELPING = (
    r"(?:help(?:ing)?(?: you)?(?:$|[.,!;]|"
    r" (?:with|you|in|on|there|to|out|people|anyone|someone|users?|that|this|here)\b))"
)
DOING = (
    r"(?:do|doing|say|saying|tell|telling|write|writing|share|sharing|talk|talking|speak|speaking|make|making|creat\w+|"
    r"produc\w+|offer\w*|support\w*|continu\w+|recommend\w*|suggest\w*|complet\w+|perform\w*|show\w*|explain\w*|"
    r"describ\w+|play\w*|send\w*|book\w*|order\w*|translat\w+|summari[sz]\w+|search\w*|"
    r"look|call\w*|check\w*|verif\w+|confirm\w*|giv\w+|generat\w+|carry out|go along|go there|"
    r"analy[sz]e|pass judg\w+|judge|teach\w*|list\w*|name|voice|express\w*|hold|take|set|pay|buy|print|"
    r"deal|touch|form|give out|handle|determine|identify|work|act|follow|edit|fix|solve|correct|guess|"
    r"evaluat\w+|review\w*|retriev\w+|download\w*|upload\w*|display\w*|draw\w*|render\w*|store|speak|"
    r"be (?:of|able to|a part of|involved|part of))"
)
THIS = (
    r"(?: you| to you| for you| out| up| on| about| with| in| to| along with| along| into| at| over| from)?(?: about| "
    r"with| on| to)? ?"
    r"(?:that|this|these|those|it|such|any\w*|your|my (?:opinion|view|thoughts|feelings|instructions|creators|"
    r"training|system)\w*|"
    r"the (?:requested|answer|file|article|image|picture|photo|link|attach\w+|contents?|information|internet|web|"
    r"request|details|"
    r"question|task|news|latest|current|instructions|text|document|code|specifics|topic)|"
    r"(?:(?:an?|the|specific|detailed|exact|personal\w*|medical|legal|financial|professional|any|more|further|"
    r"step-by-step|"
    r"real-time|real-world|current|up-to-date|live|private|confidential|sensitive|explicit|harmful|illegal|dangerous|"
    r"offensive|violent|hateful|sexual|inappropriate|political|external|direct|subjective|own|online|copyrighted|"
    r"accurate|"
    r"definit\w+|clear|certain|relevant|such|physical|previous|past|outside|third-party|malicious|fake|false|human|"
    r"additional|emotional|internal|unethical) )*"
    r"(?:answers?|opinions?|responses?|instructions?|information|details|advice|specifics|guidance|recommendations?|"
    r"feelings|"
    r"emotions|preferences|beliefs|content|materials?|images?|pictures?|photos?|videos?|files?|attachments?|links?|"
    r"audio|"
    r"websites?|web pages?|data|databases?|events|news|topics?|subjects?|actions?|tasks?|diagnos\w+|predictions?|"
    r"judge?ments?|"
    r"experiences?|thoughts|conversations?|questions?|requests?|matters?|help|assistance|activit\w+|"
    r"what you (?:ask|want|need|are asking)\w*|sides?|explanations?|summary|context|weather|views?|body|consciousness|"
    r"phone calls?|calls|orders?|reservations?|appointments?|purchases|emails?|reminders?|comparisons?|code|"
    r"interpretations?|"
    r"violence|hate|crime\w*|malware|weapons?|scripts?|plans?|lies|documents?|sources?|examples?|jokes?|essays?|"
    r"stor(?:y|ies)|poems?)\b)"
)
PERCEIVING = (
    r"(?:view\w*|open\w*|see|seeing|read\w*|hear|find\w*|access\w*|get|listen to|watch|recall|remember|know|have|use|"
    r"retriev\w+) "
    r"(?:(?:the|any|your|an?|that|this|those|these|my|more|specific|real-time|current|external|personal|own|such|our|"
    r"previous|past|live|"
    r"up-to-date|visual|actual|requested|attached|original|enough|sufficient|additional|individual|human) )*"
    r"(?:answers?|information|details|images?|pictures?|photos?|videos?|files?|attachments?|links?|audio|websites?|"
    r"web ?pages?|data|"
    r"databases?|internet|web|articles?|documents?|text|feelings|emotions|opinions?|preferences|beliefs|"
    r"conversations?|context|access|"
    r"body|consciousness|ability|capability|permission|question|events|news)\b"
)
# "I can't help but", "I can't tell you how glad": no refusals.
