import subprocess
import sys
import time
from pathlib import Path

import pytest

from hunkwise.evaluation.process_watch import Watch

needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc here")
HUNGRY = "x = bytearray(80 * 2**20); x[::4096] = b'1' * len(x[::4096]); import time; time.sleep(1)"


@needs_proc
def test_memory_of_what_a_process_starts_counts():
    """A shell is small; the 80 MB are those of what it runs."""
    process = subprocess.Popen(["sh", "-c", f'"{sys.executable}" -c "{HUNGRY}"; true'])
    with Watch(process.pid) as watch:
        process.wait()
    assert 80 < watch.megabytes < 300


@needs_proc
def test_cpu_time_is_counted():
    """A second of work is seen, give or take the time between looks."""
    work = "import time; end = time.process_time() + 1\nwhile time.process_time() < end: pass"
    process = subprocess.Popen([sys.executable, "-c", work])
    with Watch(process.pid) as watch:
        process.wait()
    assert 0.3 < watch.cpu < 2


def test_process_that_is_gone_has_cost_nothing():
    """There is nothing to see, and no error."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    with Watch(process.pid) as watch:
        time.sleep(0.01)
    assert (watch.megabytes, watch.cpu) == (0.0, 0.0)
