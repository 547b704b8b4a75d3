import os
import sys

from hunkwise.evaluation.nursery import LOADED, review_processes


def answer(connection):
    """Say what a new process has loaded, and who it is."""
    connection.send((os.getpid(), os.getppid(), [name for name in LOADED if name in sys.modules]))
    connection.close()


def test_a_process_of_a_review_has_loaded_what_it_needs():
    """It is forked, not from here, from one that has it all; each review has its own."""
    found = []
    for _ in range(2):
        context = review_processes()
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=answer, args=(theirs,))
        process.start()
        theirs.close()
        found.append(ours.recv())
        process.join()
        assert process.exitcode == 0
    assert found[0][2] == list(LOADED)
    assert found[0][0] != found[1][0]
    assert found[0][1] == found[1][1] != os.getpid()
