"""Scripts that need care where words are counted."""

# Scripts that put no blanks between words, as a part of a character class: each of their characters counts as a word,
# or a whole sentence would be one.
UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
