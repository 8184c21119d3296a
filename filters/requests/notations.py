"""What is written in a notation that is not English: programs, pages, formulas."""

from __future__ import annotations

from sayso.filters.text.patterns import any_of

CODE = any_of(
    r"```|</?script|#include\b|#define\b|#!/",
    # Definitions.
    r"\b(?:def|function|func|fn|sub) \w*\s?\([^)]*\)",
    r"\b(?:public|private|protected|static) (?:static |final |async )*"
    r"(?:void|int|class|String|bool|boolean|double|float|func\w*|function)\b",
    r"\b(?:const|let|var|val) \w+\s*(?::\s*\w+\s*)?=",
    r"\b(?:int|float|double|char|string|String|bool|auto|long)(?:\[\])? \w+(?:\[\w*\])?\s*(?:=|;)",
    # Lines that are statements.
    r"(?m:^\s*(?:import [\w.]+;?\s*$|from [\w.]+ import |using [\w.:]+;|package [\w.]+;?\s*$|class \w+\s*[:({]))",
    r"(?m:^\s*(?:(?:for|while|if|elif|switch) ?\([^)]*\)\s*\{?|else ?[:{]|return [\w.\[\]()]+;?\s*$))",
    r"(?m:^\s*(?:@\w+\s*$|\$ [a-z]+ |//\s|/\*))",
    r"\bfor \w+ in [\w.]+(?:\([^)]*\))?:|\blambda \w+:",
    # Calls and methods: f('x'), f(a, b), a.f(. The name of one, f(), may stand in a question about it.
    r"\b[A-Za-z_]\w*(?:\.\w+)*\((?:['\"][^)]*['\"]|[A-Za-z_]\w*\s?[,=][^)]*)\)|\b\w+\.\w+\(|\bprintf?\([^)]",
    r"\w\(\)\s?(?:[-+*/;:=.{]\S|[;{]|\n)|(?m:^\s*\w+\(\)\s*$)",
    r"\b[a-z]+[a-z0-9]*(?:[A-Z][a-z0-9]+)+\(|\bSystem\.out|\bconsole\.log",
    # Ends of statements and blocks, operators that prose has not, indexing, assignments of literals.
    r"[)\]}'\"]\s?;\s*(?:\n|$)|=[^;\n]{1,60};(?:\s|$)|\)\s*\{|\{\s*\n|\}\s*;|\+\+;",
    r"=>|->|[\w)\]'\"] [=!]==? [\w'\"(\[-]|\w[=!]=\w|&&|\|\||\+=|-=|:=|\w::\w",
    r"\w\[\w*\]|\w\[['\"]|\{\s*['\"]?\w+['\"]?\s*:|\b\w+\s?=\s?(?:['\"\[]|\w\w+\()",
    # Points and sets have one letter: A = (1, 2), S = {1, 2}.
    r"\b\w{2,}\s?=\s?[{(]|\b\w\s?=\s?[{(]\s*['\"]",
    # Names no one says: snake_case, __dunder__; paths.
    r"\b[A-Za-z]+_[A-Za-z]\w*|\b__[a-z]+__\b",
    r"(?:^|\s)[A-Za-z]:\\|(?:^|\s)(?:~|\.{1,2})?/(?:[\w.-]+/)+[\w.-]*",
    # SQL, in capitals or with its own punctuation.
    r"SELECT [^.?!]{1,100} FROM |(?:SELECT|select) (?:\*|[\w, ]+) (?:FROM|from) \w+(?:\s*;|\s+(?:WHERE|where)\b)",
    r"(?i:\binsert into \w+|\bcreate table\b[^.?!]{0,60}\()",
)
_NUMBER = r"-?\d+(?:\.\d+)?"
_STRING = r"['\"][^'\"]{0,60}['\"]"
# A string that is no word: without letters, or with signs that names in programs have.
_CODED = r"['\"](?:[^'\"A-Za-z]{0,60}|[^'\"]{0,60}[_/\\<>{}=@][^'\"]{0,60})['\"]"
# Tuples and sets of strings, lists of strings that are no words, matrices. What else stands in brackets, words, numbers
# and the coordinates of points, is said one after the other.
LITERAL = any_of(
    rf"[{{(]\s*(?:{_NUMBER}\s*,\s*){{0,9}}{_STRING}\s*(?:,\s*(?:{_NUMBER}|{_STRING})\s*)+[}})]",
    rf"\[\s*(?:(?:{_NUMBER}|{_STRING})\s*,\s*){{0,9}}{_CODED}\s*[,\]]",
    r"\[\[",
)

MARKUP = any_of(
    r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]{0,200})?/?>|&(?:[A-Za-z]{2,6}|#\d+);",
    r"!?\[[^\]\n]{1,200}\]\([^)\n]{1,300}\)",
    r"(?m:^\s*#{1,6}\s+\S|^\s*>\s)",
    r"\*\*[^*\n]+\*\*|__[A-Za-z][^_\n]*__|~~[^~\n]+~~",
    r"(?i:\[/?(?:b|i|u|url|img|quote|code)\])",
)
LATEX = any_of(
    r"\\(?:frac|sqrt|sum|int|prod|lim|leq?|geq?|neq?|cdot|times|div|pm|infty|sim|approx|rightarrow|vec|hat|bar|"
    r"partial|nabla|log|ln|sin|cos|tan|displaystyle|overline|pi|theta|alpha|beta|gamma|delta|epsilon|lambda|mu|"
    r"sigma|omega|phi|rho|tau|circ|angle|binom|cup|cap|subset|forall|exists|l?dots)\b",
    r"\\(?:begin|end|text\w*|math\w+|left|right)\s?[{(\[|]|[\^_]\{|\\[()\[\]{}]|\$\$",
    # Between dollars: a variable, or something with the marks of a formula; "$5 and $6" is money.
    r"\$[A-Za-z\\][^$\n]*\$(?:\W|$)|\$[^$\n ][^$\n]*[\\^_{}][^$\n]*\$(?:\W|$)",
)
OPERATOR = any_of(r"[0-9)\]]\s?/|[0-9A-Za-z)\]]\s?[+*=×÷^<>≤≥≠±√∑∫∂∏∞≈∈∀∃→⇒∇]|[-−]\s?\d*[a-z]\b|[√∑∫∂∏∇∈∉∀∃⊂⊆∪∩∧∨¬⇒⇔]")
HARD_MATHS = any_of(
    r"[∑∫∂∏∇∈∉∀∃⊂⊆⊕⊗∪∩∧∨¬⇒⇔∝∮]",
    r"\b[a-z]'{1,3}\([a-z]\)|\b(?:sin|cos|tan|log|ln|sqrt|lim|exp)\s?\(|\|\w{1,3}\||\b(?:dy/dx|d/dx)\b",
    r"\)\s*\^|\)\s?\(.{0,20}\^|\^\s?\(",
)
