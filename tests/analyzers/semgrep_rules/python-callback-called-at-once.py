import functools
import multiprocessing
import threading


def start(work, make_worker, queue):
    # ruleid: python-callback-called-at-once
    threading.Thread(target=work(queue)).start()
    # ruleid: python-callback-called-at-once
    process = multiprocessing.Process(name="w", target=work(queue, 3))
    # ruleid: python-callback-called-at-once
    timer = threading.Timer(5.0, work())
    # ok: python-callback-called-at-once
    threading.Thread(target=work, args=(queue,)).start()
    # ok: python-callback-called-at-once
    threading.Thread(target=functools.partial(work, queue)).start()
    # ok: python-callback-called-at-once
    threading.Thread(target=lambda: work(queue)).start()
    # ok: python-callback-called-at-once
    threading.Thread(target=make_worker(queue)).start()
    return process, timer
