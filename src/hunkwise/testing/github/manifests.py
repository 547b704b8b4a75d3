"""The page of GitHub that takes an App's manifest and leads back with a code."""

import json
import re
import secrets
from urllib.parse import parse_qs, urlencode

from hunkwise.testing.github.answers import Answer
from hunkwise.testing.github.state import Json
from hunkwise.testing.github.world import World

PAGE = re.compile(r"/(?:organizations/(?P<organization>[^/]+)/)?settings/apps/new")
_NEEDED = ("url", "redirect_url", "name")


def keep(world: World, manifest: Json, owner: str) -> str:
    """Keep a manifest, and return the code that converts it."""
    code = secrets.token_hex(20)
    with world.lock:
        world.state.manifests[code] = manifest | {"owner": owner}
    return code


def take(world: World, path: str, query: str, body: bytes, owner: str) -> Answer:
    """Answer the form of a manifest, as if its reader had pressed `Create`."""
    match = PAGE.fullmatch(path)
    form = parse_qs(body.decode("utf-8", "replace"))
    try:
        manifest = json.loads(form["manifest"][0])
        missing = [name for name in _NEEDED if not manifest.get(name)]
        hook = manifest.get("hook_attributes")
        if hook is not None and not hook.get("url"):
            missing.append("hook_attributes.url")
    except (KeyError, ValueError, AttributeError):
        return _page(422, "The manifest is missing, or it is no JSON object.")
    if missing:
        return _page(422, f"Invalid manifest: {', '.join(missing)} must be given.")
    code = keep(world, manifest, (match["organization"] if match else None) or owner)
    state = parse_qs(query).get("state", [""])[0]
    back = manifest["redirect_url"]
    target = f"{back}{'&' if '?' in back else '?'}{urlencode({'code': code, **({'state': state} if state else {})})}"
    return Answer(status=302, body=b"", headers={"Location": target}, content_type="text/html; charset=utf-8")


def _page(status: int, words: str) -> Answer:
    return Answer(status=status, body=words.encode(), content_type="text/html; charset=utf-8")
