"""What only a screen can show, and how people ask for it: "make a table of …", not "what is a table of contents?"."""

from __future__ import annotations

import re

import polars as pl

from sayso.filters.requests.code_form import CODE
from sayso.filters.requests.screen_form import ASKED, WORDS_BETWEEN, ScreenForm, screen_form
from sayso.filters.requests.sentences import LONGEST, VERBS, is_statement, sentences

_WISHES = re.compile(
    r"\b(?:please|can you|could you|you to|i'd like|i would like)\b|^(?:i|we) (?:need|want)\b" + rf"|, (?:{VERBS})\b"
)
# Sums about people who make tables or paint walls.
_COUNTS = re.compile(r"^if\b|(?:^|, )how (?:many|much|long|far|often|old|big|tall)\b")

FORMS = {
    "code": CODE,
    "table": screen_form(
        r"\b(?:tables?|tabular|tabulate|spreadsheets?|(?:comparison|decision|swot|eisenhower|priority) (?:chart"
        r"|matrix|grid)|grid|excel sheet|google sheets?)\b",
        (
            rf"{ASKED}(?:(?:multiplication|truth|frequency|comparison|times|two-way|pivot|html) )?(?:tables?"
            r"|spreadsheets?|grid|(?:comparison|decision|swot|eisenhower|priority) (?:chart|matrix)|excel sheet"
            r"|google sheet)\b",
            r"\b(?:in|into|as|using|with|within) (?:an? |the )?(?:[\w-]+ ){0,3}?(?:table|spreadsheet|grid"
            r"|tabular (?:form|format))\b(?! of contents)",
            r"\b(?:in|into) (?:an? )?(?:excel|google) sheets?\b|\b(?:in|into) tables\b|\btabulate\b|\btabular form",
        ),
        r"table (?:for (?:\w+ )?(?:two|three|four|five|six|eight|ten|people|guests|dinner|lunch|tonight|\d)|manners?"
        r"|tennis|salt|lamp|legs?|setting|cloth|top|made|that seats|reservation|decorations?)\b|\b(?:round|kitchen"
        r"|dining|coffee|dinner|pool|operating|wooden|oak|bedside|picnic|side|end|dressing|dinner"
        r"|restaurant) tables?\b|\bset(?:ting)? (?:the|a) table|\bon the table\b|\bperiodic table\b"
        r"|\btable of contents\b|\bwater table\b|\b(?:power|electric\w*|smart|national) grid\b",
    ),
    "link": screen_form(
        r"\b(?:links?|hyperlinks?|urls?|web ?address(?:es)?)\b",
        (
            rf"{ASKED}(?:(?:web|youtube|download|working|direct|video|affiliate|wikipedia) )?(?:links?|hyperlinks?"
            r"|urls?|web ?address(?:es)?)\b(?! between| among)",
            r"\b(?:with|including|plus|and|by|add|provide|include|cite) (?:the |their |its |your )?(?:\w+ )?(?:links"
            r"|hyperlinks|urls|a link|a url)\b",
            r"\b(?:what(?:'s| is| are)) the (?:\w+ ){0,2}(?:links?|urls?|web address) (?:of|to|for)\b",
        ),
        r"\blinks? (?:between|among)\b|\b(?:missing|weak|weakest|cuff) links?\b",
    ),
    "data_format": screen_form(
        r"\b(?:json|xml|yaml|csv|markdown|toml|tsv|excel file|html|protobuf)\b",
        (
            r"\b(?:in|as|to|into|using|with|via) (?:an? |the |valid |proper |raw |plain |well-formed )*(?:json|xml"
            r"|yaml|csv|markdown|toml|tsv)\b",
            rf"{ASKED}(?:(?:valid|sample|simple|json|xml) )?(?:json|xml|yaml|csv|markdown|toml|tsv)\b",
            r"\b(?:json|xml|yaml|csv|markdown|toml) (?:format|output|object|file|document|array|schema|string"
            r"|checklist|table|list|response|data|code|snippet|structure)\b",
            r"\bonly (?:with )?(?:valid )?(?:json|xml|yaml|csv|markdown)\b",
        ),
        r"^(?:what|who|why|when|where|explain|describe|tell me|how (?:is|are|does|did)|is|are|does|compare|define"
        r"|name|discuss)\b(?!.*\b(?:answer|respond|reply|output|format your|return)\b)",
    ),
    "formula": screen_form(
        r"\b(?:latex|notation|symbols|subscripts?|superscripts?|mathjax|tikz|typeset|chemical equations?"
        r"|structural formula|unicode)\b",
        (
            r"\b(?:in|as|to|into|using|with) (?:a )?(?:latex|mathjax|tikz)\b",
            rf"{ASKED}(?:latex|mathjax|tikz)\b|\blatex (?:code|format|notation|formula|equation|expression|table"
            r"|document|syntax|source)\b|\btypeset (?:the|an?|this|my)\b",
            rf"{ASKED}(?:balanced )?(?:chemical equations?|structural formula)\b|\bwith (?:sub|super)scripts\b"
            r"|\b(?:in|using|with) (?:math\w*|standard|scientific|chemical|set|sigma|matrix) (?:notation"
            r"|symbols)\b",
        ),
        r"\blatex (?:gloves?|paint|allerg\w+|rubber|mattress|balloons?)\b|^(?:what|who|why|when) (?:is|are|was"
        r"|invented|do|does|did)\b",
    ),
    "emoji": screen_form(
        r"\b(?:emojis?|emoticons?|smile(?:y|ys|ies)|kaomojis?)\b",
        (
            r"\b(?:in|with|using|as|into|to|of|by|add|use|using|only|some|few|include|including|insert|through|and"
            r"|\d+|one|two|three|four|five|a|an|appropriate|relevant|fun) (?:\w+ )?(?:emojis?|emoticons?|smile(?:y"
            r"|ys|ies)|kaomojis?)\b",
            rf"{ASKED}(?:emojis?|emoticons?|smileys?|smilies)\b",
        ),
        r"^(?:what|who|why|when|where|how (?:do|did|many|are|can)|are|is|do|does|did|should)\b|^(?:explain"
        r"|tell me about|describe|discuss|define)\b(?!.*\b(?:using|with|in|through|by)(?: \w+)? (?:emojis?"
        r"|emoticons?|smileys))|\b(?:history|origin|meaning|use|popularity|invention|impact|role"
        r"|rise) of (?:the )?(?:\w+ )?emojis?\b|\b(?:essay|article|paragraph|opinion|report|story|poem) (?:on|about"
        r"|of)\b",
    ),
    "picture": screen_form(
        r"\b(?:draw|paint|sketch|plot|illustrate|visuali[sz]e|graph|pictures?|images?|photos?|photographs?|drawings?"
        r"|logo|icons?|posters?|flyers?|charts?|graphs?|diagrams?|flow ?charts?|histograms?|maps?|infographics?"
        r"|ascii|memes?|collage|cartoon|comic strip|graphic|mind ?map|blueprint|floor plan|family tree"
        r"|timeline graphic|banner|brochure|wallpaper|gifs?|svg|illustrations?|paintings?|sketch(?:es)?|wireframe"
        r"|mock-?up|scatter ?plots?|heat ?maps?|sculpture|cover art|art ?work|animation|slides?|slide ?show"
        r"|powerpoint|3d model|crossword|word ?search|sudoku|qr ?codes?|bar ?codes?|screenshots?|avatar|thumbnail"
        r"|doodle|colou?ring|business cards?|storyboard|stick figures?|portrait|t-?shirts?|tattoos?|looks? like)\b",
        (
            r"(?:^|[.!?,;] |\b(?:please|you|and|then|to|me|let's|us) )(?:draw|paint) (?:me |us |out )?(?:an?|the|my"
            r"|your|some|two|three|four|five|\d+|this|it|us|in)\b",
            r"(?:^|[.!?,;] |\b(?:please|can you|could you|and|then) )(?:sketch|plot|graph|illustrate"
            r"|visuali[sz]e) (?:me |us )?(?:an?|the|my|some|two|three|it|this|y|f)\b",
            r"^(?:please )?draw \w+s?\W*$",
            r"\b(?:create|make|generate|produce|design|build|prepare|construct|provide|give|show|send|render|need|insert|embed|attach"
            r"|want|draw|sketch|include|add|find|display|develop|print) (?:(?:me|us|up"
            rf"|out) )*{WORDS_BETWEEN}(?:pictures?|images?|photos?|photographs?|drawings?|logos?|icons?|posters?"
            r"|flyers?|flow ?charts?|(?:\w+ )?charts?|(?:\w+ )?graphs?|diagrams?|histograms?|(?:\w+ )?maps?"
            r"|infographics?|ascii(?: art)?|memes?|collage|cartoons?|comic strip|(?:\w+ )?graphics?|mind ?maps?"
            r"|blueprints?|floor plans?|family trees?|banners?|brochures?|wallpapers?|gifs?|svg|illustrations?"
            r"|paintings?|sketch(?:es)?|wireframes?|mock-?ups?|scatter ?plots?|plots?|heat ?maps?|album cover"
            r"|book cover|cover art|art ?work|animations?|slides?|slide ?shows?|power ?point(?: presentation)?s?"
            r"|3d models?|crossword(?: puzzle)?|word ?search|sudoku|qr ?codes?|bar ?codes?|screenshots?|avatars?"
            r"|thumbnails?|doodles?|colou?ring (?:page|book)s?|business cards?|storyboards?|stick figures?"
            r"|pictograms?|portraits?|t-?shirts?|tattoos?)\b",
            r"\b(?:in|as|using|with|on) (?:an? |the form of an? )?(?:\w+ ){0,2}?(?:ascii art|ascii|diagrams?"
            r"|flow ?charts?|(?:pie|bar|line|venn) (?:chart|graph|diagram)|a chart|infographic|mind ?map)\W*$",
            r"\bascii art\b|^(?:please |can you |could you )*show me (?:what|how) .{1,80} looks? like\b",
            r"\b(?:can|could|may|let) (?:i|me) (?:see|look at|have|get) (?:an? |some )(?:\w+ )?(?:picture|photo"
            r"|image|drawing|map|diagram|chart)s?\b",
            r"\b(?:put|show|display|present) .{1,60} (?:on|in|as) a (?:chart|graph|diagram|map|picture)\b",
        ),
        r"^(?:when|why|what|who|where|which|is|are|does|do|did|how (?:do|can|should|does|did|to|is|are))\b"
        r"|\bhow to (?:draw|paint|sketch|make|create|design|build)\b|\bdraw up an? (?!.*\b(?:table|chart|diagram"
        r"|map)\b)|\b(?:draw|drawing) (?:(?:a|an|the|some|any|your|two|three|my) )?(?:\w+ )?(?:conclusions?"
        r"|inferences?|inspiration|parallels?|attention|comparisons?|analog(?:y|ies)|distinctions?|lessons?|lots"
        r"|straws|breath|blood|bath|line (?:between|at)|crowd|water|sword|curtains?|card|salary|power|connections?"
        r"|link)\b|\bpaint (?:a|the|your|my) (?:\w+ )?(?:wall|room|house|fence|door|kitchen|bedroom|car"
        r"|picture (?:with words|of (?:what|how)|in words))|\bpicture with words\b|\b(?:vivid|clear|mental|verbal"
        r"|bleak|rosy|big|whole|complete|detailed) (?:mental )?picture\b|\bplot (?:of|for|twist|summary|outline"
        r"|point|line)s?\b|\ba (?:\w+ )?plot\b|\bplots? (?:of|for) (?:a|an|the|land)"
        r"|\bsketch(?: out)? (?:an? )?(?:(?!floor\b|site\b|seating\b)\w+ )?(?:argument|plan|outline|idea|strategy"
        r"|proposal|response)"
        r"|\bsketch(?: out)? an? (?:\w+ ){1,3}and describe (?:it|them)\b|\bcomedy sketch"
        r"|\b(?:comedy|character|short|comic|funny|radio|tv) sketch"
        r"|\billustrate (?:the|an?|your|this) (?:\w+ ){0,2}?(?:ideas?|points?|concepts?|importance|difference"
        r"|relationship|principle|use|meaning|effects?|process|theory|answer|term|value|power"
        r"|theme)\b(?!.*\b(?:diagram|chart|picture|drawing|image)\b)|\bvisuali[sz]e (?:your|success|yourself)"
        r"|\b(?:self|brand|public|body|mirror|mental)[ -]image\b|\b(?:road|career|genome) ?maps?\b|\bstory ?map\b"
        r"|\bcomputer graphics\b|\b(?:caption|title|description|name|story|poem|slogan|tagline|idea|ideas|concept"
        r"|text|prompt|script|hashtags?|alt text)s? (?:for|of|about|to go with|on|behind|describing"
        r"|to describe) (?:an?|the|this|my|your|some|each)\b",
    ),
    "formatting": screen_form(
        r"\b(?:bold(?:ed|face)?|italics?|italici[sz]ed?|underlined?|highlight(?:ed)?|caps|capital letters|uppercase"
        r"|upper case|lower ?case|bullet(?:ed)?(?:[ -]?point)?s?|headings?|subheadings?|headers?|check ?box(?:es)?"
        r"|check ?lists?|columns?|font|fonts|indent(?:ed)?|strikethrough|colou?r-cod\w+|in (?:red|blue|green|yellow)"
        r"|lines|line|capitali[sz]e|hashtags?|numbered list|footnotes?|line breaks?|double[- ]spaced?"
        r"|power ?point)\b",
        (
            r"\b(?:in|with|using|use|into|and|make|as) (?:the |all |an? )?(?:\w+ ){0,2}?(?:bold(?:face)?|italics?"
            r"|underlined?)\b(?=\s*(?:[.?!,;]|$)|\s+(?:and|or|text|type|font|titles?|headings?|letters?|print|face"
            r"|the|for|with|at|like)\b)",
            r"\b(?:in|as|with|using|use|into) (?:\w+ ){0,3}?(?:bullet[- ]?points?|bulleted lists?|bullets)\b",
            r"\bon (?:a )?(?:separate|new|different) lines?\b|\bon (?:its|their) own lines?\b|\bin (?:red|blue|green"
            r"|yellow)(?=\s*(?:[.?!]|$))",
            r"\bcapitali[sz]e (?:every|each|the first|all)\b",
            r"\b(?:bold|italici[sz]e|underline) (?:the|all|any|each|every|your|important|key)\b",
            r"\b(?:in|with|using|use|into) (?:all |only )?(?:caps|capital letters|capitals|uppercase(?: letters)?"
            r"|upper case(?: letters)?|lower ?case(?: letters)?)\b",
            r"\b(?:use|using|with|add|include|in) (?:\w+ ){0,3}?(?:headings?|subheadings?|headers|sub-?headers"
            r"|footnotes|check ?boxes|line breaks|strikethrough)\b",
            rf"{ASKED}(?:check ?list|check ?boxes)\b(?=.*\b(?:boxes|tick|box)\b)",
            r"\bin (?:two|three|four|2|3|4|side[- ]by[- ]side|separate|parallel) columns\b|\b(?:two|three|2"
            r"|3)[- ]column (?:format|layout|list|table)\b",
            r"\bhighlight\b.*\b(?:in (?:red|blue|green|yellow|bold|colou?r)|with colou?rs?)\b"
            r"|\b(?:colou?r[- ]code)\b",
            r"\b(?:in|with|using|use) (?:an? )?(?:\w+ ){0,2}?(?:large|small|red|blue|green|bigger|different|fancy"
            r"|gothic|cursive|\w+-point|serif|times new roman|arial) (?:fonts?|letters|text|ink)\b|\bfont size\b"
            r"|\bdouble[- ]spaced\b",
            r"\bin (?:a )?(?:bulleted|bullet[- ]point|bulleted list|bullets)(?: \w+)? (?:format|form|table)\b",
        ),
        r"^(?:what|who|why|when|where|explain|how|are|is|do|does|did|tell me|describe|discuss|define)\b|\bbe bold\b"
        r"|\bbold (?:decisions?|moves?|flavou?rs?|claims?|statements?|colou?rs?|step|ideas?|patterns?|design)\b",
    ),
}


ANY_FORM = "|".join(form.hint for form in FORMS.values())


def asked_forms(prompts: pl.Series) -> pl.DataFrame:
    """For each form, in their order, whether a prompt asks for it."""
    suspects = prompts.str.contains(ANY_FORM).arg_true()
    texts = prompts.gather(suspects).str.strip_chars().str.head(LONGEST).str.to_lowercase()
    columns = []
    for name, form in FORMS.items():
        places = texts.str.contains(form.hint).arg_true()
        places = places.filter(texts.gather(places).str.contains(form.asks_roughly))
        asked = [is_asked(form, text) for text in texts.gather(places)]
        none = pl.repeat(False, len(prompts), dtype=pl.Boolean, eager=True)
        columns.append(none.scatter(suspects.gather(places), pl.Series(asked, dtype=pl.Boolean)).alias(name))
    return pl.DataFrame(columns)


def is_asked(form: ScreenForm, text: str) -> bool:
    """Whether a text in small letters asks for it, in a sentence that is a request."""
    if form.asks.search(text) is None:
        return False
    return any(
        form.asks.search(sentence) and not form.not_meant.search(sentence) and _requests(sentence)
        for line in text.split("\n")
        for sentence in sentences(line)
    )


def _requests(sentence: str) -> bool:
    return not _COUNTS.search(sentence) and (not is_statement(sentence) or _WISHES.search(sentence) is not None)
