"""Short ways to push, to pull and to act as an annotator, for the tests with a real server."""

from __future__ import annotations

from claimtable.review import pull, push
from claimtable.review.exchange import open_project, setup


def fail(error):
    raise error


def send(store, client, title, *, annotator=None, on_error=fail, extractor="v1", **chosen):
    project = open_project(store, client, title, annotator, for_push=True)
    selection = push.select(store, **chosen)
    return push.push(store, client, project, selection, extractor=extractor, on_error=on_error)


def receive(store, client, title, *, on_error=fail, **options):
    return pull.pull(store, client, open_project(store, client, title), on_error=on_error, **options)


def remote_tasks(store, client, title):
    """Returns the tasks on the server, by key; fails where one is there twice."""
    project = open_project(store, client, title)
    tasks = list(client.changed_tasks(project.remote_id, None))
    by_key = {task["data"]["task_key"]: task for task in tasks}
    assert len(by_key) == len(tasks), "a task is there twice"
    return by_key


def submit(client, task, change=lambda items: items, **fields):
    """Submits a task as an annotator does, with its pre-annotations changed so."""
    prediction = task["predictions"][0]
    return client._sdk.annotations.create(
        task["id"], result=change(list(prediction["result"])), parent_prediction=prediction["id"], **fields
    )


def same_project(store, client, proxied, title):
    """Makes a project and has it known under the address of the proxy, too."""
    setup(store, client, title)
    setup(store, proxied, title)
