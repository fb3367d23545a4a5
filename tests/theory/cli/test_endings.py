"""How a command ends when it is interrupted, when it fails, when its reader leaves."""

import os
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest

from jscgc_theory.cli import main
from jscgc_theory.cli.exit_codes import ExitGuard, terminate_as_interrupt
from jscgc_theory.errors import InputError, MissingExtraError

# Stands in for long work: the command has started, reads its points, and is told to stop. A shell
# may start tests in the background with the interrupt ignored, so it is listened to again.
SLOW = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from jscgc_theory.cli import main, running
def wait(*arguments, **options):
    sys.stdout.write("ready\\n")
    sys.stdout.flush()
    time.sleep(60)
running.load_points = wait
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted(tmp_path, number):
    np.save(tmp_path / "x.npy", np.eye(5))
    line = ["dimension", f"{tmp_path}/x.npy", "--json", f"{tmp_path}/out/r.json"]
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, *line],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors == "error: interrupted; what was finished is kept\n"
    assert os.listdir(tmp_path) == ["x.npy"]


def test_bad_input_of_the_installed_command(tmp_path):
    done = subprocess.run(
        [os.path.join(os.path.dirname(sys.executable), "jscgc"), "dimension", "no\nsuch.npy"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        "error: no such.npy does not exist; give a file or a folder of points\n"
    )


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (InputError("x = 1\nis bad"), 2, "error: x = 1 is bad\n"),
        (MissingExtraError("reading", "model"), 1, "error: reading needs packages"),
        (RuntimeError("boom"), 1, "error: RuntimeError: boom; add --debug for the traceback\n"),
        (MemoryError(), 1, "error: MemoryError: ; add --debug"),
        (KeyboardInterrupt(), 130, "error: interrupted; what was finished is kept\n"),
        (SystemExit(5), 5, ""),
        (SystemExit(None), 0, ""),
        (SystemExit("words"), 1, ""),
    ],
)
def test_every_exception_has_a_code_and_a_line(capsys, error, code, line):
    with ExitGuard(debug=False) as guard:
        raise error
    assert guard.code == code
    captured = capsys.readouterr()
    assert captured.err.startswith(line)
    assert captured.err.count("\n") == (1 if line else 0)


def test_nothing_raised_is_done():
    with ExitGuard(debug=False) as guard:
        pass
    assert guard.code == 0


def test_a_reader_that_leaves_is_no_traceback():
    program = "import sys; from jscgc_theory.cli import main; sys.exit(main(sys.argv[1:]))"
    with subprocess.Popen(
        [sys.executable, "-c", program, "exact", "--help"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        errors = process.stderr.read()
    assert "Traceback" not in errors
    assert process.returncode == 1


def test_the_handler_of_the_host_comes_back():
    before = signal.getsignal(signal.SIGTERM)
    with terminate_as_interrupt():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before


def test_works_outside_the_main_thread(capsys):
    codes = []
    thread = threading.Thread(target=lambda: codes.append(main(["--version"])))
    thread.start()
    thread.join()
    assert codes == [0]
