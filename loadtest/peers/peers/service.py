"""The peer: FastAPI, redis-py, xgboost and onnxruntime, as one would build it. Run by uvicorn with two workers.

Its three ways to an answer have a prefix each, so that the same generator asks all of them by the paths of ours:
``/profile`` computes everything from the customer's events, ``/vector`` scores a row of features that somebody
has stored, ``/cached`` gives the answer of before, for up to 15 minutes whatever has happened since.

Everything runs on the event loop: handing a model of a third of a millisecond to a thread costs more than it gives.
"""

from __future__ import annotations

import os
import time
from datetime import datetime
from pathlib import Path

import numpy as np
import orjson
import redis.asyncio as redis
from fastapi import FastAPI
from fastapi.responses import Response

from peers.features import WIDTH, features
from peers.keys import ANSWER, PROFILE, VECTOR
from peers.scoring import Models

_KEPT_SECONDS = 900

app = FastAPI(openapi_url=None)
_models = Models(Path(os.environ["PEER_MODELS"]))
_store = redis.from_url(os.environ["PEER_REDIS"])


def _instant(at: str | None) -> int:
    return int((time.time() if at is None else datetime.fromisoformat(at).timestamp()) * 1000)


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")


async def _from_profile(customer_id: str, now: int) -> bytes:
    log = await _store.get(PROFILE + customer_id)
    # Events are appended, each with a comma after it: what Redis can do in one step.
    events = [] if log is None else orjson.loads(b"[" + log[:-1] + b"]")
    if not events:
        return orjson.dumps({"customer_id": customer_id, "personalized": False, "reason": "unknown_customer"})
    return orjson.dumps(_models.answer(customer_id, features(events, now), now, len(events)))


@app.get("/profile/v1/scores/{customer_id}")
async def from_profile(customer_id: str, at: str | None = None) -> Response:
    """From the events."""
    return _json(await _from_profile(customer_id, _instant(at)))


@app.get("/vector/v1/scores/{customer_id}")
async def from_vector(customer_id: str, at: str | None = None) -> Response:
    """From features that a job has stored, however old they are."""
    stored = await _store.get(VECTOR + customer_id)
    row = np.full(WIDTH, np.nan, np.float32) if stored is None else np.frombuffer(stored, np.float32)
    return _json(orjson.dumps(_models.answer(customer_id, row, _instant(at), 0)))


@app.get("/cached/v1/scores/{customer_id}")
async def cached(customer_id: str) -> Response:
    """From the answer of before, where there is one."""
    body = await _store.get(ANSWER + customer_id)
    if body is None:
        body = await _from_profile(customer_id, _instant(None))
        await _store.set(ANSWER + customer_id, body, ex=_KEPT_SECONDS)
    return _json(body)


@app.get("/health")
async def health() -> Response:
    """Whether Redis answers."""
    await _store.ping()
    return _json(b"{}")
