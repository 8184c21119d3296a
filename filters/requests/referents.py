"""What a prompt may refer to as being at hand: things to read, to look at and to work on."""

import re

# Things to read, look at or work on. Nobody says "the paragraph" without one at hand ...
SHOWN = (
    r"sentences?|paragraphs?|passages?|articles?|texts?|excerpts?|extracts?|snippets?|documents?|essays?|diagrams?"
    r"|pictures?|images?|photos?|photographs?|screenshots?|charts?|graphs?|illustrations?|infographics?|captions?"
    r"|dialogues?|dialogs?|conversations?|transcripts?|poems?|stanzas?|verses?|tweets?|e-?mails?|statements?"
    r"|headlines?|attachments?|spreadsheets?|videos?|clips?|footage|audio(?: clip| file)?|recordings?|reviews?|"
    r"clues?|blanks?"
)
# ... but "the list" and "the problem" are said of much else, unless something is to be done with them.
WORKED_ON = (
    rf"{SHOWN}|data(?: ?sets?| points?)?|codes?|function|program|script|programme|tale|story|stories|reports?|letters?"
    r"|speech|lists?|tables?|words?|numbers?|items?|options?|choices?|riddle|puzzle|jokes?|quotes?|quotations?"
    r"|phrases?|problems?|exercises?|questions?|sequence|series|pattern|maps?|paintings?|cartoon|comic|files?"
    r"|context|information|details|scenario|situation|song|lyrics|lines?|equations?|expressions?|fractions?"
    r"|formulas?|proverbs?|idioms?|clauses?|terms?|concepts?|events?|resume|cv|cover letter|contract|recipe|log"
    r"|query|messages?|posts?|comments?|blog|draft|notes|instructions|figures?|shapes?|names|dates|keywords|facts"
    r"|arguments?|ad|advertisement|sum|calculation|matrix|bullet points?|candidates|entries|applicants|submissions|"
    r"responses|proposals"
)
# Behind "this" and "these" there are more.
THIS = (
    rf"{WORKED_ON}|book|movie|film|novel|play|tune|quiz|mess|content|input|string|array|page|website|link|person"
    r"|man|woman|animal|bird|dog|plant|flower|object|logo|sign|symbol|graphic|drawing|sculpture|memo|chapter|scene"
    r"|view|transcription|complaint|inquiry|enquiry|invitation|definition|claim|hypothesis|theory|fable|thread|"
    r"feedback|pair|set|couplet|haiku|news"
)
THESE = rf"{WORKED_ON}|animals|ingredients|points|things|values|people|objects"
# What may stand between "the" and such a noun.
WHICH = (
    r"(?:(?:whole|entire|full|complete|first|second|third|last|final|original|short|long|sample|example|reference"
    r"|source|input|two|three|four|five|written|english|french|spanish|german|text|news|math|maths|word|reading"
    r"|customer|blog|legal|line|bar|pie|product|movie|film|book|restaurant|scientific|research|business|cover"
    r"|handwritten|simple|complex|compound) )?"
)

# What is "above", "given" or "shown" behind its name.
NOUNS = re.compile(f"{THIS}|two|three|four|ones?|stuff")
FIGURE = re.compile(
    r"triangle|shape|figure|angle|circuit|structure|graph|object|plant|animal|person|circle|curve|molecule"
)
