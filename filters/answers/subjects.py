"""What a prompt is about, for its answer may then hold what spoils others: code, marks, turns, other languages."""

from __future__ import annotations

from sayso.filters.text.patterns import any_of

OF_CODE = any_of(
    r"(?i:\b(?:code|python|java\w*|functions?|methods?|commands?|scripts?|sql|query|program\w*|class|variables?|api|"
    r"json|loops?|arrays?|"
    r"strings?|syntax|library|numpy|pandas|regex|shell|bash|ruby|php|swift|rust|golang|kotlin|perl|c\+\+|c#|html|css|"
    r"schema|"
    r"jinja|latex|yaml|xml|markdown|algorithm|compiler|git|linux|unix|terminal|react|node(?:js)?|django|flask)\b)"
)
OF_MARKS = any_of(
    r"(?i:\b(?:html|xml|tags?|strike\w*|tokens?|tokeni\w+|bert|transformers?|chatml|templates?|markup|llama|gpt|"
    r"headings?|"
    r"prompt format|special characters?)\b)"
)
OF_TURNS = any_of(
    r"(?i:\b(?:dialogu?e?s?|conversations?|chats?|scripts?|interviews?|roles?|transcripts?|scenes?|skits?|plays?|"
    r"stor(?:y|ies)|examples?|users?|"
    r"assistants?|\w*bots?|ai|customers?|discussions?|exchanges?|debates?|humans?|questions?|quiz\w*|faqs?|riddles?|"
    r"trivia|"
    r"q&a|exams?|tests?|surveys?|jokes?|sketch\w*|monologu?e?s?|sitcom|screenplay|sessions?|log|code|class|program|"
    r"function|uml|diagram)\b)"
)
# Who speaks in another's name may say of himself what no assistant should.
IN_ANOTHERS_NAME = any_of(
    r"(?i:\b(?:imagin\w+|pretend\w*|role|act as|you are|you're|as an? \w+|stor(?:y|ies)|poems?|songs?|monolog\w*|"
    r"speech|letter|e-?mail|message|diary|"
    r"dialog\w*|script|scene|character|novel|robot|write|compose|fiction\w*|introducing)\b)"
)
OF_LANGUAGES = any_of(
    r"(?i:\b(?:translat\w+|languages?|french|spanish|german|italian|portuguese|latin|greek|russian|chinese|mandarin|"
    r"cantonese|japanese|korean|arabic|"
    r"hindi|urdu|bengali|turkish|polish|dutch|swedish|norwegian|danish|finnish|hungarian|czech|romanian|hebrew|"
    r"persian|farsi|swahili|vietnamese|thai|"
    r"indonesian|malay|tagalog|filipino|ukrainian|bulgarian|serbian|croatian|welsh|irish|gaelic|scottish|scots|"
    r"catalan|basque|icelandic|esperanto|sanskrit|tamil|"
    r"punjabi|telugu|marathi|gujarati|afrikaans|zulu|hawaiian|maori|yiddish|kanji|hiragana|katakana|pinyin|haiku|"
    r"alphabet|emojis?|symbols?|letters?|mexican|phrases?|"
    r"anthem|proverbs?|mottos?|lyrics|pronounce\w*|spell\w*|accent|bilingual|multilingual|cyrillic|foreign|estonian|"
    r"latvian|lithuanian|slovak|slovenian|albanian|creole|"
    r"scientific names?)\b)"
)
