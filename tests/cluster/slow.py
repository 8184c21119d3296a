"""What is too slow for every test run, and how to run it all the same."""

ASKED = "SAYSO_SLOW_TESTS"
WHY_SLOW = f"they take minutes; {ASKED}=1 runs them, as .ci/run does"
