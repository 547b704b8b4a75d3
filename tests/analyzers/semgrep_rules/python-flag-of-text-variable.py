import os

# ruleid: python-flag-of-text-variable
DEBUG = bool(os.environ.get("DEBUG", False))
# ruleid: python-flag-of-text-variable
VERBOSE = bool(os.getenv("VERBOSE", "0"))
# ok: python-flag-of-text-variable
IS_CI = bool(os.environ.get("CI"))
# ok: python-flag-of-text-variable
COLOR = os.environ.get("COLOR", "no").lower() in ("1", "yes", "true")
# ok: python-flag-of-text-variable
CACHE = bool(int(os.environ.get("CACHE", "0")))
