import time
from datetime import datetime


def texts(when, text):
    # ruleid: python-minute-in-date-format
    a = when.strftime("%Y-%M-%d")
    # ruleid: python-minute-in-date-format
    b = datetime.strptime(text, "%d/%M/%Y")
    # ruleid: python-minute-in-date-format
    c = time.strftime("%Y%M%d_%H%M%S")
    # ok: python-minute-in-date-format
    d = when.strftime("%Y-%m-%d %H:%M")
    # ok: python-minute-in-date-format
    e = time.strftime("%Y%m%d-%H%M%S")
    # ok: python-minute-in-date-format
    f = datetime.strptime(text, "%H:%M:%S")
    return a, b, c, d, e, f
