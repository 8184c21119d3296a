"""A signal that ends a command ends it as Ctrl-C does: a sentence, and the exit code that shells know."""

import signal

import pytest

from sayso.pipeline.cli.errors import clear_errors
from sayso.pipeline.signals import keep_handlers


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_each_ending_signal_is_one_sentence_and_128_and_its_number(number, code, capsys):
    # As in a terminal: whoever runs the tests in the background may have let them ignore it.
    usual = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
    before = signal.signal(number, usual)
    try:
        with pytest.raises(SystemExit) as left, clear_errors(debug=False):
            signal.raise_signal(number)
        assert signal.getsignal(number) is usual
    finally:
        signal.signal(number, before)
    assert left.value.code == code
    assert capsys.readouterr().err == "stopped: what was finished is safe, the same command goes on\n"


def test_a_closed_terminal_ends_nothing_under_nohup():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with clear_errors(debug=False):
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_library_that_takes_a_signal_for_itself_does_not_keep_it():
    with pytest.raises(SystemExit) as left, clear_errors(debug=False):
        with keep_handlers():
            signal.signal(signal.SIGTERM, lambda *_: None)
        signal.raise_signal(signal.SIGTERM)
    assert left.value.code == 143
