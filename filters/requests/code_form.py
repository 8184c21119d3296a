"""How people ask for program code: a page, a function, a query, or anything "in Python"."""

from __future__ import annotations

from sayso.filters.requests.screen_form import ASKED, WORDS_BETWEEN, screen_form

_LANGUAGE = (
    r"(?:python|java|javascript|typescript|c\+\+|c#|c sharp|php|ruby|rust|golang|kotlin|swift|perl|matlab|scala"
    r"|haskell|html5?|css3?|sql|mysql|postgres(?:ql)?|sqlite|mongodb|bash|powershell|shell|vba|react(?:\.?js)?"
    r"|node(?:\.?js)?|jquery|django|flask|fortran|cobol|lua|assembly|pandas|numpy|tensorflow|pytorch|arduino|verilog"
    r"|vhdl|objective-c|laravel|angular|vue(?:\.?js)?|ansible|terraform|git|docker|kubernetes|regex|graphql"
    r"|rest api)"
)


CODE = screen_form(
    r"\b(?:code[ds]?|coding|functions?|programs?|scripts?|quer(?:y|ies)|regexp?|regular expressions?|class"
    r"|methods?|algorithms?|pseudo-?code|snippets?|macro|web ?(?:site|page|app)s?|websites?|webpages?|endpoint"
    r"|unit tests?|dockerfile|makefile|api|apis|loops?|formula|command|commands|compiler|array|struct|interface"
    r"|subroutine|cron job|linked list|lambda|decorator|parser|shader|if statement|select statement|crud|language"
    rf"|{_LANGUAGE}|java|application|app|r script|chatbot|database|schema|crawler|scraper|stylesheet|one-liner"
    r"|procedures?|smart contract|pages?|hello world|syntax|\w+ ?bots?|\w*sort|search|tree)(?:\b|\W|$)",
    (
        # Things that are made of code, by themselves.
        rf"{ASKED}(?:source code|code|codes|code snippets?|snippets?|pseudo-?code|regex|regexp"
        r"|regular expressions?|stylesheet|one-liner|unit tests?|dockerfile|makefile|macro|api|apis"
        r"|api endpoints?|endpoints?|web ?scraper|scraper|crawler|web crawler|subroutine|web ?pages?|website"
        r"|websites|web ?site|web app(?:lication)?s?|landing page|compiler|parser|shader|cron job"
        r"|linked list|binary search(?: tree)?|if statement|(?:for|while) loops?|lambda|decorator"
        r"|recursive function|sort(?:ing)? (?:algorithm|function)|bubble sort|quicksort|merge sort|crud app"
        r"|stored procedure|code blocks?|smart contract|(?:login|landing|home|contact|product|html|web) page"
        r"|hello world|(?:discord|telegram|slack|twitter|reddit|trading) ?bots?)\b",
        r"\b(?:write|create|make|build|generate|give|provide|develop|implement|design|construct|define|code"
        rf"|show|produce) (?:(?:me|us) )*{WORDS_BETWEEN}(?:functions?|programs?|scripts?|methods?|algorithms?"
        r"|class|classes|query|queries|module|library|application|apps?|database|schema|struct|array|interface"
        r"|commands?|games?|calculator|tool|bot|routine|procedure|trigger|view|form|button|layout|login|formula"
        rf"|component|service|server|client)\b(?=[^.?!]*\b(?:{_LANGUAGE}|excel|spreadsheet|strings?|integers?"
        r"|arrays?|input|inputs|returns?|prints?|parameters?|arguments?|outputs?|numbers?|lists?|files?"
        r"|directory|folder|palindromes?|primes?|factorial|fibonacci|recursi\w+|variables?|loops?|users?|data"
        r"|sorts?|selects?|json|html|url|calculates?|computes?|counts?|checks? (?:if|whether|for)|converts?"
        r"|reverses?|backs up|renames?|website|web|console|terminal|linux|unix|windows|object|oriented|node"
        r"|tree|graph|queue|stack|matrix|database|tables?|columns?|rows?|api|software|algorithm|bank account"
        r"|code|random|byte|binary|duplicates|vowels?|characters?|words?|letters?|sum|average|maximum|minimum"
        r"|largest|smallest|even|odd|greet\w*|grid|timer|automat\w+|photos|images)\b)",
        rf"\b{_LANGUAGE}(?: \w+)? (?:code|functions?|programs?|scripts?|class|method|query|queries|snippets?"
        r"|commands?|one-liner|application|app|module|implementation|solution|example|loop|server|component)\b",
        r"\b(?:java|r|c|go|excel|linux|unix|windows|terminal|command[- ]line|awk|sed|vim) (?:code|functions?"
        r"|programs?|scripts?|class|method|snippets?|commands?|formulas?|macros?|one-liner)\b",
        rf"\b(?:in|using|with|into|as) (?:{_LANGUAGE}|java|pure c|c|go|r"
        r"|excel vba)(?: ?\d(?:\.\d+)?)?(?=\s*(?:[.?!,;:()]|$)|\s+(?:that|which|to|for|and|code|without|using"
        r"|with|how|language|programming|by)\b)",
        r"\b(?:write|create|generate|give|provide|show|build|make|develop|implement) (?:(?:me"
        rf"|us) )*{WORDS_BETWEEN}(?:{_LANGUAGE})(?=\s|[.?!,]|$)",
        rf"\bin the (?:{_LANGUAGE}|java|c|r|go) (?:programming )?language\b",
        r"\b(?:source )?code (?:for|to|of|in|that|snippets?|samples?|examples?|which)\b(?! conduct| ethics"
        r"| hammurabi| honou?r| silence| practice| law)",
        r"\b(?:write|create|implement|define) an? (?:\w+ )?(?:function|method) (?:to|that|which)\b|\b(?:write|create"
        r"|define|design) an? class (?:with (?:\w+ )?(?:properties|methods|attributes|fields)|(?:that|to)"
        r" represents?)\b",
        r"\bin (?:a )?code blocks?\b|^(?:please )?program (?:an?|the|my) |\bcode (?:an?|this|me|up)\b|\b(?:debug"
        r"|refactor|compile|optimi[sz]e|execute|run) (?:the|this|my|a|some) (?:\w+ ){0,2}(?:code|program|script"
        r"|function|query)\b",
        r"^(?:please )?implement (?:an? |the )?(?:\w+ )?\w*(?:sort|search|tree|list|queue|stack|algorithm)\W*$",
        r"\bimplement (?:\w+ ){0,4}?(?:algorithm|sort|search|stack|queue|tree|linked list|hash ?(?:map|table)"
        r"|class|function|method|interface|api|server)\b",
        r"\b(?:html|css|xml|sql) (?:for|to|rule|tag|page|file|that|which|form|element)\b|\bselect statement\b"
        r"|\bsql (?:statement|query)\b",
    ),
    r"^(?:who|when|where|why) |^what(?:'s| is| are| was| does| do) (?!the (?:best way|easiest way|code|command"
    r"|syntax|sql|python|regex|javascript|java|output|formula|query|function)|(?:an?|some) (?:\w+ )?(?:code"
    r"|command|query|regex)|(?:an?|the|an example of an?) \S+ (?:script|function|program|command|query|code"
    r"|snippet|method|class) (?:that|to|for|which|of)|.* code (?:for|to) |.*\b(?:define|declare|write|implement"
    r"|initiali[sz]e) an? )|^how (?:long|hard|easy|popular|old|many|much|did|is|are)\b|^(?:should|is|are|does"
    r"|did|can i|do i|do you|have you) |\b(?:morse|dress|zip|postal|area|civil|penal|criminal|genetic|building"
    r"|tax|country|bar|honou?r|qr|moral|ethic\w*|da vinci|source of|colou?r) codes?\b|\bcode of (?:conduct|ethics"
    r"|honou?r|silence|practice|law|hammurabi|the (?:west|samurai|road|sea))\b|\bjava (?:coffee|island|sea)\b"
    r"|\b(?:language|word|board|card|party|drinking|guessing|role-?playing|memory|parlou?r) games?\b"
    r"|^how (?:do|can|would|should) (?:i|you|we|one) (?:build|make|create|design|start|set up|launch) (?:an? "
    r"|my )?(?:\w+ )?(?:web ?site|app|blog|web ?page)s?\b|\b(?:training|exercise|workout|fitness|loyalty|reward"
    r"|space|tv|television|radio|diet|health|mentor\w*|new deal|volunteer|onboarding|recycling|school|summer"
    r"|reading|education\w*|degree|study|exchange|referral|incentive|wellness|awareness|concert|theat\w+"
    r"|recovery|apollo|government|community|social|customer|therapy) programs?\b|\b(?:movie|film|play|comedy"
    r"|sales|phone|call|video|podcast|radio|sketch|screenplay|voice-?mail|drama|theat\w+|tv|television"
    r"|commercial|speech|interview) script\b|\bscript (?:of|for) (?:a |an |the )?(?:\w+ )?(?:sales|phone|call"
    r"|play|movie|film|video|podcast|scene|short|commercial|conversation|interview|speech|tutorial|comedy|show"
    r"|episode|dialogue|skit|advert\w*|radio|documentary|trailer)|\b(?:story|poem|essay|song|novel|joke|article"
    r"|blog post|speech|limerick|haiku|resume|cv|cover letter|job ad|job description|job posting|biography"
    r"|slogan|tagline|headline|review|press release|debate|fact|facts|history|advice) (?:about|on|for|of"
    r"|in which|describing)\b|\b(?:steps?|process|ways?|tips|guide|cost|advice|strateg\w+|ideas?) (?:to|of|for"
    r"|on|in|involved in) (?:\w+ )?(?:develop|build|creat|design|mak|learn)\w*|\bquery letter\b|\b(?:a"
    r"|an) (?:\w+ ){0,2}(?:resume|cv|job ad|job description|job posting|cover letter|career|course)\b",
)
