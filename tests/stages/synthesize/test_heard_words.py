"""Of what was heard otherwise, what carries the meaning is found by itself; what sounds the same is spared."""

import polars as pl
import pytest

from sayso.stages.synthesize.heard_words import compare, compare_words, names_in


@pytest.mark.parametrize(
    ("said", "heard", "wer"),
    [
        ("What is the capital of France?", "what is the capital of france", 0.0),
        ("twenty percent of fifty dollars", "20% of $50", 0.0),
        ("name three red fruits", "name tree red fruits", 0.25),
        ("yes", "", 1.0),
    ],
)
def test_words_are_compared_as_whisper_writes_them(said, heard, wer):
    assert compare(said, heard).wer == wer


def test_a_row_that_was_not_heard_has_no_error_rate():
    measured = compare_words(pl.Series(["yes"]), pl.Series([None], dtype=pl.String), "en")
    assert set(measured.row(0)) == {None}


@pytest.mark.parametrize(
    ("said", "heard", "differs"),
    [
        ("What happened in nineteen nineteen?", "What happened in 1998?", "1919 → 1998"),
        ("I know five songs by heart", "I know nine songs by heart", "5 → 9"),
        ("Add seven and sixteen.", "Add seven and sixty.", "16 → 60"),
        ("I want two dogs and a cat", "I want dogs and a cat", "2 → "),
    ],
)
def test_another_number_is_found(said, heard, differs):
    found = compare(said, heard)
    assert (found.wrong_numbers, found.differs) == (1, differs)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("What happened in nineteen nineteen?", "What happened in 19 19?"),
        ("I want two dogs", "I want to dogs"),
        ("one half of twelve", "1/2 of 12"),
        ("Add seven and a quarter", "Add 7 1/4"),
        ("World War Two ended when", "World War II ended when"),
        ("It is ten o'clock", "It is 10 o'clock"),
        ("It is for you", "It is four you"),
        ("a reading of seven point zero tells us", "a reading of 7.0 tells us"),
    ],
)
def test_a_number_that_is_written_otherwise_is_spared(said, heard):
    assert compare(said, heard).wrong_numbers == 0


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("Is it not safe to swim here?", "Is it safe to swim here?"),
        ("Is it safe to swim here?", "Is it not safe to swim here?"),
        ("Why don't cats like water?", "Why do cats like water?"),
        ("Is it unkind to laugh?", "Is it kind to laugh?"),
        ("Cook it without a lid", "Cook it with a lid"),
    ],
)
def test_a_negation_that_is_lost_or_comes_in_is_found(said, heard):
    assert compare(said, heard).wrong_negations == 1


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("I know him", "I no him"),
        ("Tie a knot", "Tie a not"),
        ("Why can't I", "Why cannot I"),
        ("Rice without a lid", "Rice with out a lid"),
        ("Is it unkind to laugh?", "Is it on kind to laugh?"),
    ],
)
def test_what_only_sounds_like_a_negation_is_spared(said, heard):
    assert compare(said, heard).wrong_negations == 0


@pytest.mark.parametrize(
    ("said", "heard", "least", "most"),
    [
        ("I met Paris in the city", "I met Berlin in the city", 0.7, 1.0),
        ("Tell me about Kahlo", "Tell me about", 1.0, 1.0),
        ("Who is Katherine Jones?", "Who is Catharine Jones?", 0.0, 0.2),
        ("What did Sean say to Lynn?", "What did Shawn say to Lin?", 0.0, 0.3),
    ],
)
def test_a_name_is_compared_by_its_sounds(said, heard, least, most):
    assert least <= compare(said, heard).name_error <= most


def test_names_are_the_words_with_a_capital_inside_of_a_sentence():
    names = names_in("Please ask Doctor Wilson about my back. He knows McKay and the old airport O'Hare 5.")
    assert names == {"doctor", "wilson", "mckay", "hare"}
    assert names_in("How To Cook Rice In A Pan") == set()


@pytest.mark.parametrize(
    ("heard", "lost"),
    [
        ("tell me about the yellow", (0, 2, 0)),
        ("the yellow red house", (3, 0, 0)),
        ("tell me about yellow red house", (0, 0, 0)),
        ("tell me about the red house", (0, 0, 1)),
        ("tell me about the yellow red mouse", (0, 0, 0)),
    ],
)
def test_words_that_are_missing_with_nothing_in_their_place_are_counted(heard, lost):
    found = compare("tell me about the yellow red house", heard)
    assert (found.lost_start, found.lost_end, found.lost_inside) == lost


@pytest.mark.parametrize(
    ("language", "said", "heard", "wer"),
    [
        ("en", "Zrób mi łaskę", "Zrób mi laskę", 0.0),
        ("pl", "Zrób mi łaskę", "Zrób mi laskę.", 0.3333),
        ("pl", "Czy ten dom stoi?", "czy ten dom stoi", 0.0),
        ("vi", "Con mèo của bạn tên là gì?", "Con mèo của bán tên là gì?", 0.1429),
        ("zh", "北京有多少人？", "北京有多少树", 0.1667),
        ("hi", "कितने लोग रहते हैं?", "कितने लोग रहते हैं", 0.0),
    ],
)
def test_words_of_another_language_are_compared_as_whisper_writes_them_there(language, said, heard, wer):
    assert compare(said, heard, language).wer == wer


def test_a_word_that_is_a_number_in_english_is_a_word_elsewhere():
    assert compare("Czy ten dom stoi?", "Czy tam dom stoi?", "en").wrong_numbers == 1
    assert compare("Czy ten dom stoi?", "Czy tam dom stoi?", "pl").wrong_numbers == 0


@pytest.mark.parametrize(("heard", "wrong"), [("Było to w 1998 roku", 1), ("Było to w tysiąc dziewięćset roku", 0)])
def test_numbers_whose_words_are_not_known_are_compared_where_both_sides_have_digits(heard, wrong):
    assert compare("Było to w 1919 roku", heard, "pl").wrong_numbers == wrong


@pytest.mark.parametrize(
    ("language", "said", "heard"),
    [
        ("de", "Kann man das nicht essen?", "Kann man das essen?"),
        ("es", "Cocínalo sin tapa", "Cocínalo con tapa"),
        ("fr", "Pourquoi n'est-ce pas vrai ?", "Pourquoi est-ce vrai ?"),
        ("it", "Perché non dorme?", "Perché dorme?"),
        ("nl", "Waarom is het niet waar?", "Waarom is het waar?"),
        ("pl", "Czego nie wolno jeść?", "Czego wolno jeść?"),
        ("pt", "Por que não dormes?", "Por que dormes?"),
        ("vi", "Tại sao mèo không uống nước?", "Tại sao mèo uống nước?"),
    ],
)
def test_a_negation_of_another_language_is_found_and_none_of_english(language, said, heard):
    assert compare(said, heard, language).wrong_negations == 1
    assert compare("no one", "on one", language).wrong_negations == (language == "es")


def test_names_have_capitals_but_where_all_nouns_have():
    assert compare("Kim był Łukasz dla nas", "Kim był Henryk dla nas", "pl").name_error > 0.45
    assert compare("Wo steht das Haus denn?", "Wo steht das Pferd denn?", "de").name_error == 0
