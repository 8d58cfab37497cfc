"""The Flask commands: `flask --app trace <verb>`."""

from flask import Flask

from . import database, demo, log, mail, scans, serve


def register(app: Flask) -> None:
    for command in (
        scans.fold_command,
        scans.simulate_command,
        database.migrate_command,
        demo.demo_command,
        serve.serve_command,
        log.log_group,
        mail.mail_command,
    ):
        app.cli.add_command(command)
