"""Bodies of webhooks: JSON that tells that a report is ready, or that it failed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from daybook.rendering.v1.rendering_service_pb2 import Format
from daybook.schedule.v1.delivery_service_pb2 import Claim, ClaimedDelivery

from services.rendering.delivery.webhook import Notice

READY, FAILED = "report.ready", "report.failed"


def notice_of(claim: Claim, delivery: ClaimedDelivery, public_url: str, now: datetime) -> Notice:
    """Return the notice of a delivery. Its links need a public address, and are null without."""
    body = {
        "type": FAILED if claim.failure else READY,
        "timestamp": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "data": _data(claim, public_url),
    }
    return Notice(delivery.delivery_id, orjson.dumps(body), delivery.webhook_secrets)


def _data(claim: Claim, public_url: str) -> Mapping[str, Any]:
    link = f"{public_url}/share/{claim.share_token}" if public_url and claim.share_token else None
    suffixes = (Format.Name(number).removeprefix("FORMAT_").lower() for number in claim.formats)
    files = [{"format": suffix, "url": f"{link}.{suffix}"} for suffix in suffixes] if link else []
    failure = {"error": claim.failure} if claim.failure else {}
    return {
        "schedule_id": claim.schedule_id,
        "run_id": claim.run_id,
        "due": f"{claim.due_time.ToDatetime().isoformat(timespec='seconds')}Z",
        "title": claim.title,
        "from": claim.period_start,
        "to": claim.period_end,
        "time_zone": claim.time_zone,
        "report_id": claim.report_id or None,
        **failure,
        "link": link,
        "files": files,
    }
