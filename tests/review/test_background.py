import subprocess
import sys

import pytest

from claimtable.review.background import begin


def test_the_result_comes_when_it_is_asked_for():
    assert begin(lambda: 5)() == 5


def test_an_error_comes_where_the_result_is_asked_for():
    with pytest.raises(ZeroDivisionError):
        begin(lambda: 1 / 0)()


def test_nothing_waits_for_a_call_that_nobody_asks_for():
    code = "import time; from claimtable.review.background import begin; begin(lambda: time.sleep(600))"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
