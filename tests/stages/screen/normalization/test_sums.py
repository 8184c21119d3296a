"""Sums and formulas."""

import pytest

from tests.stages.screen.normalization.pairs import spoken

PAIRS = {
    "products": [
        ("What is 9*6?", "What is nine times six?"),
        ("Compute 12*5-8.", "Compute twelve times five minus eight."),
        ("What is 7×8?", "What is seven times eight?"),
        ("What is 6x7?", "What is six times seven?"),
        (
            "What is 7818x86175?",
            "What is seven thousand eight hundred eighteen times eighty-six thousand one hundred seventy-five?",
        ),
    ],
    "brackets": [
        ("What is (8-3)*4?", "What is eight minus three, times four?"),
        ("Compute 3*(4+5).", "Compute three times, four plus five."),
        ("Work out 7(3-1).", "Work out seven times, three minus one."),
        ("What is (6+2)/4?", "What is six plus two, divided by four?"),
        ("Find f(3) if it is known.", "Find f of three if it is known."),
    ],
    "functions that are defined": [
        ("Find y(4). y(x) = 2x + 1", "Find y of four. y of x, equals two x plus one"),
    ],
    "letters": [
        ("Solve 6z-4=20.", "Solve six z minus four equals twenty."),
        ("If b=2a-7, find b.", "If b equals two a minus seven, find b."),
        ("Simplify 9m-4n.", "Simplify nine m minus four n."),
        ("Simplify 2a−5a+b.", "Simplify two a minus five a plus b."),
        ("What is x-y?", "What is x minus y?"),
        ("What does n-1 mean here?", "What does n minus one mean here?"),
    ],
    "differences": [
        ("Calculate 4-11.", "Calculate four minus eleven."),
        ("How much is 100-37?", "How much is one hundred minus thirty-seven?"),
        ("What is -3 - 5?", "What is minus three minus five?"),
        ("What is 3 1/2 - 1 1/4?", "What is three and a half minus one and a quarter?"),
    ],
    "no sums": [
        ("Play Catch-22.", "Play Catch twenty-two."),
        ("The x-axis and the y-axis.", "The x-axis and the y-axis."),
        ("Wear a T-shirt.", "Wear a T-shirt."),
        ("What is A-B testing?", "What is A-B testing?"),
        ("It weighs 5g-10g.", "It weighs five to ten grams."),
    ],
    "powers": [
        ("Factor y^2-25.", "Factor y squared minus twenty-five."),
        ("It is 3.0 x 10^8 m/s.", "It is three point zero times ten to the power of eight meters per second."),
        ("Is it O(n^2)?", "Is it O of n squared?"),
        ("What is 5! ?", "What is five factorial?"),
        ("I want 5!", "I want five!"),
        ("What is √(9+16)?", "What is the square root of nine plus sixteen?"),
    ],
    "comparisons": [
        ("Is 9 > 4?", "Is nine greater than four?"),
        ("Is 2+2=5?", "Is two plus two equal to five?"),
        ("Why does 8-9=-1?", "Why does eight minus nine equal minus one?"),
        ("Solve y+2<9.", "Solve y plus two is less than nine."),
        ("If x>3 and y<2, go on.", "If x is greater than three and y is less than two, go on."),
        ("Is x≠y?", "Is x not equal to y?"),
    ],
    "fractions in sums": [
        ("What is 1/2 * 1/3?", "What is one half times one third?"),
        ("What is 7/8 + 1/8?", "What is seven eighths plus one eighth?"),
    ],
    "comparisons in a row": [
        ("Is 5 > 3 and 2 < 4?", "Is five greater than three and two less than four?"),
        ("Is it true that 7 > 2?", "Is it true that seven is greater than two?"),
        ("Which is true, 3<5 or 5<3?", "Which is true, three is less than five or five is less than three?"),
        ("Let x = 5 and y = 3.", "Let x equal five and y equal three."),
        ("What does 1+1=3 mean?", "What does one plus one equals three mean?"),
        ("The equation is 2x = 10.", "The equation is two x equals ten."),
        ("What is F=ma?", "What is F equals m a?"),
    ],
    "bounds": [
        ("Keep it under <5 minutes.", "Keep it under five minutes."),
        ("For adults >65 years.", "For adults more than sixty-five years."),
        ("If speed > 5, stop.", "If speed is greater than five, stop."),
    ],
    "letters that are multiplied": [
        ("What is a-b if a=5 and b=3?", "What is a minus b if a equals five and b equals three?"),
        ("Explain y=mx+b.", "Explain y equals m x plus b."),
        ("Write E=mc^2.", "Write E equals m c squared."),
        ("What is 2πr?", "What is two pi r?"),
        ("What is ΔT?", "What is delta T?"),
    ],
    "roots and logs": [
        ("What is ∛27?", "What is the cube root of twenty-seven?"),
        ("What is log10(100)?", "What is log base ten of one hundred?"),
        ("What is 5! equal to?", "What is five factorial equal to?"),
    ],
    "asked for": [
        ("Is 5-9 negative?", "Is five minus nine negative?"),
    ],
    "asked for otherwise": [
        ("Find 14-30.", "Find fourteen minus thirty."),
        ("What do you get from 3-8?", "What do you get from three minus eight?"),
        ("6x8=?", "six times eight equals?"),
        ("Give me the calculation for 500-12.", "Give me the calculation for five hundred minus twelve."),
    ],
    "bounds of a variable": [
        ("For k>1, prove it.", "For k greater than one, prove it."),
        ("Is 3≤8 true?", "Is three less than or equal to eight true?"),
        ("Is π ≈ 3?", "Is pi about three?"),
    ],
    "words with an x": [
        ("Area = 1/2 base x height.", "Area equals one half base times height."),
    ],
    "named by numbers": [
        ("Solve a 30-60-90 triangle.", "Solve a thirty sixty ninety triangle."),
    ],
}


@pytest.mark.parametrize(("written", "said"), [pair for pairs in PAIRS.values() for pair in pairs])
def test_said(written: str, said: str) -> None:
    assert spoken(written) == said
