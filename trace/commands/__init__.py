"""The Flask commands: `flask --app trace <verb>`."""

from flask import Flask

from . import database, demo, log, serve


def register(app: Flask) -> None:
    for command in (database.migrate_command, demo.demo_command, serve.serve_command, log.log_group):
        app.cli.add_command(command)
