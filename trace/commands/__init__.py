"""The Flask commands: `flask --app trace <verb>`."""

from flask import Flask

from . import database


def register(app: Flask) -> None:
    app.cli.add_command(database.migrate_command)
