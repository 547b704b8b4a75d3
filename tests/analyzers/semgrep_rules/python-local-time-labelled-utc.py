from datetime import datetime, timezone

import pytz


def stamps(seconds, zone):
    # ruleid: python-local-time-labelled-utc
    a = datetime.now().replace(tzinfo=timezone.utc)
    # ruleid: python-local-time-labelled-utc
    b = datetime.fromtimestamp(seconds).replace(tzinfo=timezone.utc)
    # ruleid: python-local-time-labelled-utc
    c = datetime.now().replace(microsecond=0, tzinfo=pytz.utc)
    # ok: python-local-time-labelled-utc
    d = datetime.now(timezone.utc).replace(microsecond=0)
    # ok: python-local-time-labelled-utc
    e = datetime.utcnow().replace(tzinfo=timezone.utc)
    # ok: python-local-time-labelled-utc
    f = datetime.fromtimestamp(seconds, zone).replace(tzinfo=timezone.utc)
    # ok: python-local-time-labelled-utc
    g = datetime.now().replace(tzinfo=zone)
    return a, b, c, d, e, f, g
