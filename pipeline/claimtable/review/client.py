"""Label Studio over the network: each call either does what it says, or raises a `ReviewError` that says what to do.

The SDK repeats every failed request by itself, a POST too, which doubles tasks when only the reply was lost. That is
switched off: what may be repeated is repeated here, and what may not raises `UnansweredError`, so that the caller
looks up what arrived.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from claimtable.errors import ReviewError
from claimtable.review.background import begin
from claimtable.review.credentials import Credentials

if TYPE_CHECKING:
    from label_studio_sdk.core.api_error import ApiError

T = TypeVar("T")

TIMEOUT_SECONDS = 60.0
"""Of one request; the SDK's own default. A server of the open edition answers imports of our size in a few."""
ATTEMPTS = 6
"""Of a request that may be repeated: with the waits below, about half a minute, in which a server restarts."""
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 15.0
LONGEST_ASKED_WAIT_SECONDS = 120.0
"""Longest `Retry-After` that is waited for; with a longer one the command ends and says so."""
PAGE = 100
"""Tasks asked for at a time: some megabytes with their annotations."""
DETAIL_CHARS = 300
"""Most of a server's own words in a message."""

# The names hold for the task and for what is nested in it alike. Drafts would cost the server a quarter more, and are
# no reviews.
_WITH_ANNOTATIONS = (
    "id,data,updated_at,created_at,annotations,predictions,result,completed_by,updated_by,was_cancelled,lead_time,"
    "parent_prediction,model_version,score"
)
_ONCE: Any = {"max_retries": 0}


# The server's own count of predictions can stay behind when they are deleted in bulk: their models are read instead.
_STATE = "id,data,total_annotations,cancelled_annotations,predictions_model_versions"
_HIDDEN = (
    *(
        "id",
        "inner_id",
        "annotations_results",
        "annotations_ids",
        "predictions_score",
        "predictions_model_versions",
    ),
    *(
        "predictions_results",
        "file_upload",
        "storage_filename",
        "created_at",
        "updated_at",
        "updated_by",
        "avg_lead_time",
    ),
    *("draft_exists", "annotators", "completed_at", "cancelled_annotations", "total_predictions"),
    *(
        f"data.{name}"
        for name in ("text", "task_key", "doc_id", "doc_sha256", "start", "end", "claim_id", "shown")
    ),
    *(
        f"data.{name}"
        for name in ("claim_start", "claim_end", "changed", "about", "evidence_url", "note", "voices")
    ),
    *(f"data.{name}" for name in ("modality", "polarity", "bound", "change", "verdict")),
)
"""Columns of the task list that nobody reads."""


@dataclass(frozen=True, slots=True)
class Found:
    """A task as the server has it."""

    task_id: int
    answers: int
    """Annotations, those that were skipped among them."""
    predicted: bool
    """Whether it has predictions."""


class UnansweredError(ReviewError):
    """A request may or may not have been carried out: the reply was lost, or the server failed."""

    def __init__(self, message: str, *, wait: float = FIRST_WAIT_SECONDS) -> None:
        super().__init__(message)
        self.wait = wait
        """Seconds after which to try again."""


class MissingError(ReviewError):
    """What was asked for is not there: 404."""


class Client:
    """A server, seen with one key."""

    def __init__(self, credentials: Credentials, *, timeout: float = TIMEOUT_SECONDS) -> None:
        import httpx
        from label_studio_sdk import LabelStudio
        from label_studio_sdk.core.api_error import ApiError

        self.url = credentials.url
        self._key = credentials.api_key
        try:
            self._http = httpx.Client(timeout=timeout, follow_redirects=True)
        except (ImportError, ValueError) as error:
            raise ReviewError(
                f"the proxy that the environment names cannot be used ({error}): for SOCKS, pip install "
                '"httpx[socks]"; or unset ALL_PROXY and its like, or name the server in NO_PROXY'
            ) from None
        make: Any = LabelStudio
        try:
            self._sdk: Any = make(
                base_url=credentials.url,
                api_key=credentials.api_key,
                timeout=timeout,
                httpx_client=self._http,
            )
        except ApiError as error:
            raise self._refused(error, "the key was read") from None
        tokens = self._sdk._client_wrapper._tokens_client
        # The SDK would exchange a personal token at the root of the host, beside a path prefix.
        tokens._base_url = f"{credentials.url}/"
        self.is_personal_token = not tokens._use_legacy_token
        """Whether the key is a personal access token, which is exchanged for one that lasts minutes."""
        if self.is_personal_token:
            self._once("exchanging the personal access token", self._sdk._client_wrapper.get_headers)

    def find_project(self, title: str) -> str | None:
        """Return the id of the oldest project with exactly this title, None where there is none."""
        found: list[int] = []

        def page(number: int) -> list[Any]:
            pager = self._sdk.projects.list(title=title, page=number, page_size=PAGE, request_options=_ONCE)
            return list(pager.items or ())

        number = 1
        while projects := self._repeat("looking for the project", partial(page, number)):
            found += [project.id for project in projects if project.title == title]
            if len(projects) < PAGE:
                break
            number += 1
        return str(min(found)) if found else None

    def project(self, project: str) -> tuple[str, str]:
        """Return labelling configuration and description of a project.

        Raises:
            MissingError: there is no such project.
        """
        found = self._repeat(
            f"reading project {project}", lambda: self._sdk.projects.get(int(project), request_options=_ONCE)
        )
        return found.label_config or "", found.description or ""

    def create_project(self, title: str, config: str, description: str) -> None:
        """Make a project. Not repeated: look it up afterwards."""
        self._once(
            f"making the project {title!r}",
            lambda: self._sdk.projects.create(
                title=title,
                label_config=config,
                description=description,
                show_collab_predictions=True,
                request_options=_ONCE,
            ),
        )

    def update_project(self, project: str, **settings: str) -> None:
        """Give a project these settings, such as `label_config`."""
        self._repeat(
            f"updating project {project}",
            lambda: self._ask("PATCH", f"api/projects/{project}", {}, settings),
        )

    def ensure_view(self, project: str, columns: Sequence[str]) -> None:
        """Give a project whose task list nobody arranged yet one with these fields of the data as columns."""
        views = self._repeat(
            "reading the views", lambda: self._ask("GET", "api/dm/views/", {"project": project}, many=True)
        )
        if views:
            return
        hidden = [f"tasks:{name}" for name in _HIDDEN]
        shown = [f"tasks:data.{name}" for name in columns]
        numbers = {f"tasks:data.{name}": "Number" for name in ("check_worthiness", "confidence")}
        data = {
            "title": "Claims",
            "type": "list",
            "target": "tasks",
            "ordering": ["-tasks:data.check_worthiness"],
            "hiddenColumns": {"explore": hidden, "labeling": hidden},
            "columnsDisplayType": numbers,
            "columnsWidth": dict.fromkeys(shown, 110),
        }
        body = {"project": int(project), "data": data}
        self._once(
            "arranging the task list",
            lambda: self._ask("POST", "api/dm/views/", {"project": project}, body),
        )

    def whoami(self) -> str:
        """Return the address of the person whose key it is. Asked once: it says soon what is wrong."""
        found = self._once(
            "reading whose the key is", lambda: self._ask("GET", "api/current-user/whoami", {})
        )
        return str(found.get("email") or found.get("username") or found.get("id"))

    def version(self) -> str:
        """Return the version of Label Studio."""
        found = self._repeat("reading the version", lambda: self._ask("GET", "api/version", {}))
        return str(found.get("release") or "0")

    def backends(self, project: str) -> list[dict[str, Any]]:
        """Return the ML backends of a project."""
        found = self._repeat(
            "reading the backends", lambda: self._ask("GET", "api/ml/", {"project": project}, many=True)
        )
        return list(found)

    def webhooks(self, project: str) -> list[dict[str, Any]]:
        """Return the webhooks of a project."""
        found = self._repeat(
            "reading the webhooks", lambda: self._ask("GET", "api/webhooks/", {"project": project}, many=True)
        )
        return list(found)

    def takes_webhook(self, project: str, url: str) -> bool:
        """Return whether the server would call this address: make a webhook that is off, and delete it."""
        body = {"project": int(project), "url": url, "is_active": False, "send_for_all_actions": True}
        try:
            made = self._once("trying a webhook", lambda: self._ask("POST", "api/webhooks/", {}, body))
        except UnansweredError:
            raise
        except ReviewError:
            return False
        self._once("taking it away", lambda: self._sdk.webhooks.delete(made["id"], request_options=_ONCE))
        return True

    def reviewers(self) -> dict[int, str]:
        """Return the e-mail address, or else the user name, of every user by id."""
        users = self._repeat("reading the users", lambda: self._sdk.users.list(request_options=_ONCE))
        return {user.id: user.email or user.username or f"user {user.id}" for user in users}

    def find_tasks(self, project: str, keys: Sequence[str]) -> dict[str, list[Found]]:
        """Return the tasks that have one of these keys, by ascending id, by key."""
        found: dict[str, list[Found]] = {}
        for chunk in (keys[i : i + PAGE] for i in range(0, len(keys), PAGE)):
            condition = _condition("data.task_key", "in_list", "List", list(chunk))
            for task in self._tasks(project, [condition], include=_STATE):
                answers = (task.get("total_annotations") or 0) + (task.get("cancelled_annotations") or 0)
                state = Found(task["id"], answers, bool(task.get("predictions_model_versions")))
                found.setdefault(task["data"]["task_key"], []).append(state)
        return found

    def import_tasks(self, project: str, tasks: Sequence[dict[str, Any]]) -> list[int]:
        """Import tasks, all or none, and return their ids in order. Not repeated.

        Raises:
            UnansweredError: nobody knows whether they are there.
        """
        reply = self._once(
            f"sending {len(tasks)} tasks to project {project}",
            lambda: self._ask("POST", f"api/projects/{project}/import", {"return_task_ids": True}, tasks),
        )
        ids = list(reply.get("task_ids") or ())
        sent = sum(len(task.get("predictions") or ()) for task in tasks)
        if len(ids) == len(tasks) and reply.get("prediction_count", sent) != sent:
            self._complete(ids, tasks)
        return ids

    def _complete(self, ids: Sequence[int], tasks: Sequence[dict[str, Any]]) -> None:
        """Give tasks the predictions that the server dropped without a word, as it does at times when it is busy."""
        for number, task in zip(ids, tasks, strict=True):
            predictions = task.get("predictions") or ()
            if predictions and not self.task(number).get("predictions"):
                self.replace_prediction({"id": number}, predictions[0])

    def task(self, task_id: int) -> dict[str, Any]:
        """Return a task with its annotations, drafts and predictions."""
        found = self._repeat(
            f"reading task {task_id}", lambda: self._sdk.tasks.get(str(task_id), request_options=_ONCE)
        )
        return _plain(found)

    def update_task(self, task_id: int, data: Mapping[str, Any]) -> None:
        """Give a task other data."""
        self._repeat(
            f"updating task {task_id}",
            lambda: self._ask("PATCH", f"api/tasks/{task_id}/", {}, {"data": dict(data)}),
        )

    def ask_second(self, task_id: int) -> None:
        """Have a task wait for a second person, who sees nothing of the first."""
        self._repeat(
            f"asking a second person about task {task_id}",
            lambda: self._ask("PATCH", f"api/tasks/{task_id}/", {}, {"overlap": 2, "is_labeled": False}),
        )

    def delete_task(self, task_id: int) -> None:
        """Delete a task; one that is gone already is well."""
        try:
            self._repeat(
                f"deleting task {task_id}",
                lambda: self._sdk.tasks.delete(str(task_id), request_options=_ONCE),
            )
        except MissingError:
            return

    def replace_prediction(self, task: dict[str, Any], prediction: dict[str, Any]) -> None:
        """Give a task this prediction in place of the ones that it has."""
        first, *others = task.get("predictions") or [None]
        if first is None:
            self._once(
                f"sending a prediction of task {task['id']}",
                lambda: self._sdk.predictions.create(task=task["id"], **prediction, request_options=_ONCE),
            )
            return
        self._repeat(
            f"updating the prediction of task {task['id']}",
            lambda: self._sdk.predictions.update(first["id"], **prediction, request_options=_ONCE),
        )
        for other in others:
            self._repeat(
                f"deleting a prediction of task {task['id']}",
                partial(self._sdk.predictions.delete, other["id"], request_options=_ONCE),
            )

    def last_change(self, project: str) -> str | None:
        """Return when a task of the project last changed, by the server's clock; None for a project without tasks."""
        tasks = self._page(project, [], include="id,updated_at", ordering="-tasks:updated_at", size=1)
        return str(tasks[0]["updated_at"]) if tasks else None

    def changed_tasks(
        self,
        project: str,
        since: str | None,
        *,
        on_error: Callable[[str, ReviewError], object] | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Yield tasks with their annotations and predictions, those alone that changed after a time, by id.

        Args:
            project: the server's number of it.
            since: UTC, as `last_change` gives it; None yields every task.
            on_error: takes the number of a task that the server cannot give, while the rest goes on; None: raised.
        """
        conditions = [] if since is None else [_condition("updated_at", "greater", "Datetime", since)]
        return self._tasks(project, conditions, include=_WITH_ANNOTATIONS, on_error=on_error)

    def ensure_webhook(self, project: str, url: str) -> None:
        """Ask the server to call `url` at each change of an annotation, where it doesn't already."""
        hooks = self._repeat(
            "reading the webhooks", lambda: self._sdk.webhooks.list(project=project, request_options=_ONCE)
        )
        if any(hook.url == url and hook.is_active for hook in hooks):
            return
        actions: Any = ["ANNOTATION_CREATED", "ANNOTATION_UPDATED", "ANNOTATIONS_DELETED"]
        self._once(
            "asking for webhooks",
            lambda: self._sdk.webhooks.create(
                project=int(project),
                url=url,
                send_payload=False,
                send_for_all_actions=False,
                is_active=True,
                actions=actions,
                request_options=_ONCE,
            ),
        )

    def _tasks(
        self,
        project: str,
        conditions: Sequence[dict[str, Any]],
        *,
        include: str,
        on_error: Callable[[str, ReviewError], object] | None = None,
    ) -> Iterator[dict[str, Any]]:
        # By the last id, not by page number: a task that goes away meanwhile would move the
        # next page, and the SDK's own pager takes a 404 for the end.
        def after(last: int) -> list[dict[str, Any]]:
            asked = [*conditions, _condition("id", "greater", "Number", last)]
            try:
                return self._page(project, asked, include=include, ordering="tasks:id", size=PAGE)
            except UnansweredError:
                if on_error is None:
                    raise
                # One bad task spoils the page: it alone is to fail. Where the server is down, this is refused, too.
                page = self._page(project, asked, include="id", ordering="tasks:id", size=PAGE)
                return [self._one_task(task["id"], on_error) for task in page]

        tasks = after(0)
        while len(tasks) == PAGE:
            # While these are worked on, the server gathers the next ones.
            following = begin(partial(after, tasks[-1]["id"]))
            yield from (task for task in tasks if "data" in task)
            tasks = following()
        yield from (task for task in tasks if "data" in task)

    def _one_task(self, task_id: int, on_error: Callable[[str, ReviewError], object]) -> dict[str, Any]:
        """Return a task; its id alone where it cannot be had."""
        try:
            return self.task(task_id)
        except MissingError:
            pass
        except ReviewError as error:
            on_error(str(task_id), error)
        return {"id": task_id}

    def _page(
        self, project: str, conditions: Sequence[dict[str, Any]], *, include: str, ordering: str, size: int
    ) -> list[dict[str, Any]]:
        query = json.dumps(
            {"filters": {"conjunction": "and", "items": list(conditions)}, "ordering": [ordering]}
        )

        parameters = {"project": project, "page": 1, "page_size": size, "fields": "all"}
        parameters |= {"include": include, "query": query}
        reply = self._repeat(
            f"reading the tasks of project {project}", lambda: self._ask("GET", "api/tasks/", parameters)
        )
        return list(reply["tasks"])

    def _ask(
        self, method: str, path: str, parameters: Mapping[str, Any], body: Any = None, *, many: bool = False
    ) -> Any:
        """Make a request without the SDK, whose records of many tasks cost several times as much as the tasks."""
        from label_studio_sdk.core.api_error import ApiError

        # The key, or what it was exchanged for.
        headers = {**self._sdk._client_wrapper.get_headers(), "Content-Type": "application/json"}
        reply = self._http.request(
            method,
            f"{self.url}/{path}",
            params={name: str(value) for name, value in parameters.items()},
            content=None if body is None else json.dumps(body).encode(),
            headers=headers,
        )
        try:
            content = reply.json()
        except ValueError:
            content = reply.text
        if not reply.is_success or not isinstance(content, list if many else dict):
            raise ApiError(status_code=reply.status_code, headers=dict(reply.headers), body=content)
        return content

    def _repeat(self, what: str, call: Callable[[], T]) -> T:
        """Make a call that may be made twice, again and again until it is answered."""
        for attempt in range(1, ATTEMPTS):
            try:
                return self._once(what, call)
            except UnansweredError as error:
                time.sleep(max(error.wait, min(FIRST_WAIT_SECONDS * 2**attempt, LONGEST_WAIT_SECONDS)))
        return self._once(what, call)

    def _once(self, what: str, call: Callable[[], T]) -> T:
        import httpx
        from label_studio_sdk.core.api_error import ApiError

        try:
            return call()
        except ApiError as error:
            raise self._refused(error, what) from None
        except httpx.ConnectError as error:
            if "CERTIFICATE" in str(error).upper():
                raise ReviewError(
                    f"the certificate of {self.url} is not trusted ({what}): set SSL_CERT_FILE to the file that holds "
                    "it, or its authority"
                ) from None
            raise UnansweredError(
                f"{self.url} does not answer ({what}): start Label Studio, or mend LABEL_STUDIO_URL"
            ) from None
        except httpx.TimeoutException:
            raise UnansweredError(
                f"{self.url} took too long ({what}): run the command again, nothing is lost or doubled by it"
            ) from None
        except httpx.HTTPError as error:
            raise UnansweredError(
                f"the connection to {self.url} broke ({what}: {type(error).__name__}): run the command again, "
                "nothing is lost or doubled by it"
            ) from None
        except ValueError as error:
            # A gateway's page where JSON was awaited.
            raise UnansweredError(
                f"{self.url} answered something else than Label Studio would ({what}: {type(error).__name__}): see "
                "whether it runs, and whether LABEL_STUDIO_URL is its address"
            ) from None

    def _refused(self, error: ApiError, what: str) -> ReviewError:
        status = error.status_code
        detail = self._detail(error)
        if "reserved network address" in detail:
            return ReviewError(
                f"{self.url} calls no addresses of its own network ({what}): start Label Studio with "
                "SSRF_PROTECTION_ENABLED=false and ML_BLOCK_LOCAL_IP=false, or do without: sync --watch asks by itself"
            )
        if status in (401, 403):
            return ReviewError(
                f"{self.url} does not accept the key ({what}, {status}): copy a legacy or personal access token anew "
                "from Account & Settings in Label Studio into LABEL_STUDIO_API_KEY"
            )
        if status == 404:
            return MissingError(
                f"{self.url} has no such thing ({what}, 404): check LABEL_STUDIO_URL, and run "
                "claimtable review setup"
            )
        if status == 429:
            wait = _retry_after(error.headers or {})
            if wait > LONGEST_ASKED_WAIT_SECONDS:
                return ReviewError(
                    f"{self.url} asks to wait {wait:.0f} seconds ({what}): run the command again then"
                )
            return UnansweredError(f"{self.url} asks to slow down ({what}): try again later", wait=wait)
        if status in (408, 409) or (status is not None and status >= 500):
            return UnansweredError(
                f"{self.url} failed ({what}, {status}{detail}): see its log, and try again"
            )
        return ReviewError(f"{self.url} refused it ({what}, {status}{detail})")

    def _detail(self, error: ApiError) -> str:
        body = error.body
        if isinstance(body, dict):
            words = str(body.get("validation_errors") or body.get("detail") or body)
        else:
            # A whole page of HTML says nothing.
            words = "" if str(body).lstrip().startswith("<") else str(body or "")
        words = " ".join(words.replace(self._key, "***").split())[:DETAIL_CHARS]
        return f": {words}" if words else ""


def _condition(column: str, operator: str, kind: str, value: Any) -> dict[str, Any]:
    return {"filter": f"filter:tasks:{column}", "operator": operator, "type": kind, "value": value}


def _plain(record: Any) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(record.json())
    return data


def _retry_after(headers: dict[str, str]) -> float:
    value = next((v for name, v in headers.items() if name.lower() == "retry-after"), "")
    if value.strip().isdigit():
        return float(value)
    return FIRST_WAIT_SECONDS
