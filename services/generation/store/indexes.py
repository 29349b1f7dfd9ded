"""All indexes of the database; they are made before the service reports SERVING."""

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.asynchronous.database import AsyncDatabase

from services.generation.inputs import registry
from services.generation.store.buckets import bucket_indexes
from services.generation.store.input_documents import indexes_of
from services.generation.store.mongo import BULK_SECONDS, Document, store_errors
from services.generation.store.time_entry_buckets import COLLECTION as TIME_ENTRY_BUCKETS

OVER = {"finish_time": {"$exists": True}}
UNFINISHED = {"state": {"$in": ["queued", "running"]}}
PART = {"report_id": ASCENDING, "attempt": ASCENDING, "sheet": ASCENDING, "part": ASCENDING}
ROWS_OF_PARTS = "rows_of_parts"  # by which a range of rows reads no part outside
UNFINISHED_RUNS = {"state": {"$in": ["planned", "making", "delivering", "doubtful"]}}


INDEXES: dict[str, list[IndexModel]] = {
    "users": [
        IndexModel("login_key", unique=True),
        IndexModel("person_id", unique=True),
        IndexModel("master_id"),
    ],
    "credentials": [
        IndexModel(
            {"user_id": ASCENDING, "slot": ASCENDING},
            unique=True,
            partialFilterExpression={"slot": {"$exists": True}},
            name="one_key_a_slot",
        ),
        IndexModel("user_id"),
        IndexModel("number", unique=True),
        IndexModel("expire_time", expireAfterSeconds=0),
    ],
    "login_attempts": [IndexModel("expire_time", expireAfterSeconds=0)],
    "addresses": [IndexModel("expire_time", expireAfterSeconds=0)],
    "reports": [
        IndexModel({"owner_id": ASCENDING, "type": ASCENDING, "create_time": DESCENDING, "_id": DESCENDING}),
        IndexModel(
            {"owner_id": ASCENDING, "slot": ASCENDING},
            unique=True,
            partialFilterExpression={"slot": {"$exists": True}},
            name="one_report_a_slot",
        ),
        IndexModel(
            {"owner_id": ASCENDING, "request_id": ASCENDING},
            unique=True,
            partialFilterExpression={"request_id": {"$gt": ""}},
            name="one_report_a_request",
        ),
        IndexModel(
            {"account_id": ASCENDING, "account_slot": ASCENDING},
            unique=True,
            partialFilterExpression={"account_slot": {"$exists": True}},
            name="one_report_an_account_slot",
        ),
        IndexModel(
            {"state": ASCENDING, "turn_time": ASCENDING, "create_time": ASCENDING},
            partialFilterExpression=UNFINISHED,
            name="unfinished_in_turn",
        ),
        IndexModel({"create_time": DESCENDING, "_id": DESCENDING}, name="newest_first"),
        IndexModel(
            {"finish_time": DESCENDING, "account_id": ASCENDING}, partialFilterExpression=OVER, name="ended_last"
        ),
        IndexModel({"account_id": ASCENDING, "finish_time": DESCENDING}, partialFilterExpression=OVER, name="kept"),
        IndexModel("expire_time", expireAfterSeconds=0),
    ],
    "report_sheets": [
        IndexModel(PART, unique=True),
        IndexModel({**PART, "first_row": ASCENDING, "end_row": ASCENDING}, name=ROWS_OF_PARTS),
        IndexModel("expire_time", expireAfterSeconds=0),
    ],
    "report_links": [
        IndexModel("digest", unique=True),
        IndexModel(
            {"report_id": ASCENDING, "slot": ASCENDING},
            unique=True,
            partialFilterExpression={"slot": {"$exists": True}},
            name="one_link_a_slot",
        ),
        IndexModel({"report_id": ASCENDING, "_id": ASCENDING}),
        IndexModel("user_id"),
        IndexModel("expire_time", expireAfterSeconds=0),
    ],
    "people": [IndexModel("email_key", unique=True)],
    "saved_reports": [
        IndexModel("token", unique=True),
        IndexModel({"workspace_id": ASCENDING, "_id": ASCENDING}),
        IndexModel("user_id"),
    ],
    TIME_ENTRY_BUCKETS: [IndexModel({"workspace_id": ASCENDING, "week": ASCENDING}, unique=True)],
    "schedules": [
        IndexModel({"account_id": ASCENDING, "slot": ASCENDING}, unique=True, name="one_schedule_a_slot"),
        IndexModel({"owner_id": ASCENDING, "_id": ASCENDING}),
        IndexModel(
            {"workspace_id": ASCENDING, "_id": ASCENDING},
            partialFilterExpression={"workspace_id": {"$exists": True}},
            name="of_saved_reports",
        ),
        IndexModel(
            {"enabled": ASCENDING, "next_due": ASCENDING},
            partialFilterExpression={"next_due": {"$exists": True}},
            name="due",
        ),
    ],
    "schedule_runs": [
        IndexModel(
            {"schedule_id": ASCENDING, "due": DESCENDING, "_id": DESCENDING},
            name="newest_due_first",
        ),
        IndexModel({"schedule_id": ASCENDING, "due": ASCENDING}, unique=True, name="one_run_a_due"),
        IndexModel("owner_id"),
        IndexModel("step_time", partialFilterExpression={"step_time": {"$exists": True}}, name="next_step"),
        IndexModel(
            {"next_try": ASCENDING, "account_id": ASCENDING},
            partialFilterExpression={"next_try": {"$exists": True}},
            name="due_by_account",
        ),
        IndexModel(
            {"lease.end_time": ASCENDING, "account_id": ASCENDING},
            partialFilterExpression={"lease.end_time": {"$exists": True}},
            name="leases_by_account",
        ),
        IndexModel("state", partialFilterExpression=UNFINISHED_RUNS, name="unfinished_runs"),
        IndexModel("expire_time", expireAfterSeconds=0),
    ],
    "mail_receivers": [IndexModel({"owner_id": ASCENDING, "address": ASCENDING})],
    "mail_counts": [IndexModel("expire_time", expireAfterSeconds=0)],
    "removals": [IndexModel("expire_time", expireAfterSeconds=0)],
}


def all_indexes() -> dict[str, list[IndexModel]]:
    """Return the indexes of every collection, those of inputs included."""
    inputs = {kind.collection: list(indexes_of(kind)) for kind in registry.INPUT_KINDS}
    return INDEXES | inputs | {series.collection: list(bucket_indexes(series)) for series in registry.SERIES}


async def create_indexes(database: AsyncDatabase[Document]) -> None:
    """Make all indexes; those that exist are left alone."""
    for collection, indexes in all_indexes().items():
        with store_errors(BULK_SECONDS):
            await database[collection].create_indexes(indexes)
