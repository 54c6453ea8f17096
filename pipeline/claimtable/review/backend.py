"""An ML backend of Label Studio: it is asked for a prediction when a task that has none is opened.

Speaks the protocol of label-studio-ml: `/health`, `/setup`, `/predict`, `/webhook`, `/versions`. It answers from what
is in the request alone, so it needs no key of Label Studio, legacy or personal: a task holds its text, and one that
holds an address instead of a text is refused, not fetched. Label Studio sends its key along on `/setup`; it is
neither kept nor written anywhere.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from claimtable.errors import ClaimTableError, ReviewError
from claimtable.review.tasks import Item

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

MAX_BODY_BYTES = 20_000_000
"""Largest request: Label Studio asks for up to 100 tasks of some 10,000 characters at a time, each written with its
annotations and predictions. Hand-set."""
MAX_TEXT_CHARS = 100_000
"""Longest text of one task: ten times what claimtable itself puts into one. Hand-set."""
MAX_WAITING = 64
"""Requests that may wait for the one pipeline. Hand-set."""
MAX_WAITING_BYTES = 1_000_000
"""What may wait in them, some 40 s of work: more would only run into Label Studio's limit of 100 s. Hand-set."""
MAX_HELD_BYTES = 100_000_000
"""Bodies that are held at a time, those that are still coming in among them. Hand-set."""
BODY_SECONDS = 60
"""How long a request may take to come in. Hand-set."""
RETRY_SECONDS = "10"

Predict = Callable[[Mapping[str, Any]], dict[str, Any]]
"""Data of a task → its prediction; raises ClaimTableError where there can be none."""

_OPEN = frozenset(("/health", "/webhook"))
"""Answered without a token: they tell and do nothing, and Label Studio sends webhooks without one."""

_log = logging.getLogger(__name__)


def make_app(
    predict: Predict,
    *,
    version: str,
    token: str | None = None,
    hosts: Collection[str] | None = None,
    on_error: Callable[[Exception], object],
) -> Starlette:
    """Return the ASGI application.

    Args:
        predict: runs in a thread, one at a time.
        version: of what predicts; Label Studio does not ask again for tasks that hold a prediction of it.
        token: wanted of every request but the open ones, as bearer token or as password of basic
            authentication, which is what Label Studio can send; None: anyone may ask.
        hosts: names by which it may be asked, in the header Host; None: any. Pages of the web may ask by none.
        on_error: takes the tasks for which there is no prediction.

    Raises:
        ReviewError: Starlette is not installed.
    """
    try:
        from anyio import CapacityLimiter, to_thread
        from starlette.applications import Starlette
        from starlette.exceptions import HTTPException
        from starlette.responses import JSONResponse
        from starlette.routing import Route
    except ImportError as error:
        raise ReviewError('serving needs Starlette and uvicorn: pip install "claimtable[serve]"') from error

    held = _Held()
    waiting = waiting_bytes = 0
    limiter: CapacityLimiter | None = None

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "UP", "model_class": "claimtable"})

    async def setup(request: Request) -> Response:
        async with held.body(request):
            pass
        return JSONResponse({"model_version": version})

    async def versions(_: Request) -> Response:
        return JSONResponse({"versions": [version]})

    async def webhook(_: Request) -> Response:
        # Nothing is trained here while people review: claimtable train-data does that when asked. What it says is not read.
        return JSONResponse({}, status_code=201)

    async def predictions(request: Request) -> Response:
        nonlocal waiting, waiting_bytes, limiter
        async with held.body(request) as body:
            tasks = _tasks(body)
            # One request alone is answered, whatever its length.
            if waiting >= MAX_WAITING or (waiting and waiting_bytes + len(body) > MAX_WAITING_BYTES):
                raise _busy()
            limiter = limiter or CapacityLimiter(1)
            waiting += 1
            waiting_bytes += len(body)
            try:
                # Task by task, so that those of other requests come in between, and a long request holds up nobody.
                results = [
                    await to_thread.run_sync(
                        _predict, predict, task, on_error, limiter=limiter, abandon_on_cancel=True
                    )
                    for task in tasks
                ]
            finally:
                waiting -= 1
                waiting_bytes -= len(body)
        return JSONResponse({"results": results})

    def guarded(
        endpoint: Callable[[Request], Awaitable[Response]],
    ) -> Callable[[Request], Awaitable[Response]]:
        async def checked(request: Request) -> Response:
            if hosts is not None and not _is_asked_by(request, hosts):
                raise HTTPException(
                    421, "this server is not known by that name: ask it by 127.0.0.1 or localhost"
                )
            if token is not None and request.url.path not in _OPEN and not _knows(request, token):
                raise HTTPException(401, "a token is wanted", {"WWW-Authenticate": "Bearer, Basic"})
            return await endpoint(request)

        return checked

    async def refuse(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return JSONResponse({"error": error.detail}, error.status_code, dict(error.headers or {}))

    routes = [
        Route("/", guarded(health)),
        Route("/health", guarded(health)),
        Route("/setup", guarded(setup), methods=["POST"]),
        Route("/predict", guarded(predictions), methods=["POST"]),
        Route("/webhook", guarded(webhook), methods=["POST"]),
        Route("/versions", guarded(versions), methods=["GET", "POST"]),
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: refuse})
    # It would lead to whatever host the request names.
    app.router.redirect_slashes = False
    return app


def _predict(predict: Predict, task: Any, on_error: Callable[[Exception], object]) -> Any:
    """Return the prediction of one task; an empty list, which Label Studio takes for none, where there is none."""
    number = task.get("id") if isinstance(task, Mapping) else None
    try:
        data = task.get("data") if isinstance(task, Mapping) else None
        text = data.get("text") if isinstance(data, Mapping) else None
        if not isinstance(data, Mapping) or not isinstance(text, str) or not text.strip():
            raise ReviewError("it has no text in data.text")
        if text.startswith(("http://", "https://", "s3://", "gs://")) and not text.split(None, 1)[1:]:
            raise ReviewError(
                "it holds an address instead of a text, and nothing is fetched: import the text itself"
            )
        if len(text) > MAX_TEXT_CHARS:
            raise ReviewError(
                f"its text has {len(text):,} characters, more than {MAX_TEXT_CHARS:,}: split it, at paragraphs"
            )
        return predict(data)
    except ClaimTableError as error:
        on_error(ReviewError(f"task {number}: no prediction: {error}"))
    except Exception as error:  # noqa: BLE001 - one odd task must not cost the others of its request theirs
        _log.exception("task %s", number)
        on_error(ReviewError(f"task {number}: no prediction: unexpected {type(error).__name__} ({error})"))
    return []


def _tasks(body: bytes) -> list[Any]:
    from starlette.exceptions import HTTPException

    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, f"the body is not JSON: {error}") from None
    tasks = data.get("tasks") if isinstance(data, Mapping) else None
    if not isinstance(tasks, list):
        raise HTTPException(400, "the body has no list `tasks`")
    return tasks


def _busy() -> Exception:
    from starlette.exceptions import HTTPException

    return HTTPException(429, "too many requests are waiting: try again", {"Retry-After": RETRY_SECONDS})


class _Held:
    """The bodies of the requests at hand, and how many bytes they are together."""

    def __init__(self) -> None:
        self.size = 0

    @asynccontextmanager
    async def body(self, request: Request) -> AsyncIterator[bytes]:
        """Read the body of a request and hold it until the block ends; one too large, too many or too slow is refused."""
        from anyio import fail_after
        from starlette.exceptions import HTTPException

        body = bytearray()
        try:
            with fail_after(BODY_SECONDS):
                async for chunk in request.stream():
                    body += chunk
                    self.size += len(chunk)
                    if len(body) > MAX_BODY_BYTES:
                        raise HTTPException(
                            413,
                            f"the body is larger than {MAX_BODY_BYTES:,} bytes: ask for fewer tasks at a time",
                        )
                    if self.size > MAX_HELD_BYTES:
                        raise _busy()
            yield bytes(body)
        except TimeoutError:
            raise HTTPException(408, f"the body did not come in within {BODY_SECONDS} s") from None
        finally:
            self.size -= len(body)


def _is_asked_by(request: Request, hosts: Collection[str]) -> bool:
    """Return whether the request names one of these hosts, and comes from no page of the web."""
    given = request.headers.get("host", "")
    name = given.rpartition(":")[0] if given.rpartition(":")[2].isdigit() else given
    return name.strip("[]").lower() in hosts and "origin" not in request.headers


def _knows(request: Request, token: str) -> bool:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return False
    elif scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(value.strip().encode(), token.encode())


def joined(parts: Mapping[int, tuple[Item, ...]]) -> list[Item]:
    """Return the items of a text's parts as those of the whole text.

    Args:
        parts: where a part starts → its items. A region that several parts have, an actor, stays in the first.
    """
    items: list[Item] = []
    placed: dict[str, int] = {}
    for start, part in sorted(parts.items()):
        for item in part:
            if item["type"] == "relation":
                items.append(item)
            elif placed.setdefault(item["id"], start) == start:
                value = item["value"]
                items.append(
                    {**item, "value": {**value, "start": value["start"] + start, "end": value["end"] + start}}
                )
    return items
