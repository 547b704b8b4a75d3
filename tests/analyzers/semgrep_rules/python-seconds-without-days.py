def lengths(start, end, delta):
    # ruleid: python-seconds-without-days
    a = (end - start).seconds
    # ruleid: python-seconds-without-days
    if (end - start).seconds > 3600:
        a = 0
    # ok: python-seconds-without-days
    b = (end - start).total_seconds()
    # ok: python-seconds-without-days
    c = delta.seconds
    # ok: python-seconds-without-days
    d = (end - start).days
    return a, b, c, d
