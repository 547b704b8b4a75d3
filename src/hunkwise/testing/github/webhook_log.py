"""The deliveries of an App's webhook over REST: listed, shown, delivered again."""

import base64
import binascii

from hunkwise.testing.github.answers import Answer, Refused, not_found
from hunkwise.testing.github.asked import Call, app_of
from hunkwise.testing.github.clock import stamp
from hunkwise.testing.github.routes import route
from hunkwise.testing.github.state import Delivery, Json

_DELIVERIES = "/app/hook/deliveries"
_KEPT_SECONDS = 3 * 24 * 3600


@route("GET", _DELIVERIES, needs="app")
def list_deliveries(call: Call) -> Answer:
    """List them, newest first, by cursor; GitHub keeps them for three days."""
    size = call.page_size
    oldest = call.world.clock.now() - _KEPT_SECONDS
    found = [one for one in reversed(_deliveries(call)) if one.delivered_at >= oldest]
    if cursor := call.query.get("cursor"):
        found = [one for one in found if one.id < _read(cursor)]
    part, headers = found[:size], {}
    if len(found) > size:
        url = f"{call.world.api}{_DELIVERIES}?per_page={size}&cursor={_cursor(part[-1].id)}"
        headers = {"Link": f'<{url}>; rel="next"'}
    return Answer(body=[_item(one) for one in part], headers=headers)


@route("GET", f"{_DELIVERIES}/{{delivery_id}}", needs="app")
def get_delivery(call: Call) -> Answer:
    """Give one with what was sent and answered."""
    found = _delivery(call)
    body = _item(found) | {
        "url": app_of(call).hook_url or "",
        "request": {"headers": dict(found.request_headers), "payload": found.payload},
        "response": {"headers": dict(found.response_headers), "payload": found.response_body},
    }
    return Answer(body=body)


@route("POST", f"{_DELIVERIES}/{{delivery_id}}/attempts", needs="app")
def redeliver(call: Call) -> Answer:
    """Deliver one again, under the same GUID."""
    found = _delivery(call)
    if not app_of(call).hook_url:
        raise Refused(422, "The webhook has no URL.")
    call.world.hooks.redeliver(found)
    return Answer(status=202, body={})


def _deliveries(call: Call) -> list[Delivery]:
    return [one for one in call.world.state.deliveries.values() if one.app == app_of(call).id]


def _delivery(call: Call) -> Delivery:
    wanted = call.integer("delivery_id")
    for one in _deliveries(call):
        if one.id == wanted:
            return one
    raise not_found()


def _item(delivery: Delivery) -> Json:
    return {
        "id": delivery.id,
        "guid": delivery.guid,
        "delivered_at": stamp(delivery.delivered_at),
        "redelivery": delivery.is_redelivery,
        "duration": delivery.duration,
        "status": delivery.status or "pending",
        "status_code": delivery.status_code,
        "event": delivery.event,
        "action": delivery.action,
        "installation_id": delivery.installation,
        "repository_id": delivery.repository,
        "throttled_at": None,
    }


def _cursor(number: int) -> str:
    return base64.urlsafe_b64encode(b"v1_%d" % number).decode().rstrip("=")


def _read(cursor: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).removeprefix(b"v1_"))
    except (binascii.Error, ValueError):
        raise Refused(422, "Invalid cursor.") from None
