"""`claimtable review`: claims go to Label Studio, and what people say of them comes back. One file per verb."""

from __future__ import annotations

import typer

from claimtable.cli.review.agreement import agreement_command
from claimtable.cli.review.conflicts import conflicts_command
from claimtable.cli.review.doctor import doctor_command
from claimtable.cli.review.files import export_tasks_command, import_annotations_command
from claimtable.cli.review.pull import pull_command
from claimtable.cli.review.push import push_command
from claimtable.cli.review.setup import setup_command
from claimtable.cli.review.start import start_command
from claimtable.cli.review.status import status_command
from claimtable.cli.review.sync import sync_command

review_app = typer.Typer(
    no_args_is_help=True,
    help="Exchange claims with reviewers, and see how far they agree.",
)
review_app.command("start")(start_command)
review_app.command("doctor")(doctor_command)
review_app.command("setup")(setup_command)
review_app.command("push")(push_command)
review_app.command("pull")(pull_command)
review_app.command("sync")(sync_command)
review_app.command("status")(status_command)
review_app.command("agreement")(agreement_command)
review_app.command("conflicts")(conflicts_command)
review_app.command("export-tasks")(export_tasks_command)
review_app.command("import-annotations")(import_annotations_command)
