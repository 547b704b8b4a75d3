import json
import os


def read():
    # ruleid: python-number-of-unset-variable
    port = int(os.environ.get("PORT"))
    # ruleid: python-number-of-unset-variable
    rate = float(os.getenv("RATE"))
    # ruleid: python-number-of-unset-variable
    options = json.loads(os.environ.get("OPTIONS"))
    # ok: python-number-of-unset-variable
    workers = int(os.environ.get("WORKERS", "4"))
    # ok: python-number-of-unset-variable
    limit = int(os.environ["LIMIT"])
    # ok: python-number-of-unset-variable
    retries = int(os.getenv("RETRIES") or 3)
    # ok: python-number-of-unset-variable
    name = str(os.environ.get("NAME"))
    return port, rate, options, workers, limit, retries, name
