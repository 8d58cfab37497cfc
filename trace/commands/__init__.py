"""The Flask commands: `flask --app trace <verb>`."""

from flask import Flask

from . import database, demo, keys, serve, upkeep, worker


def register(app: Flask) -> None:
    own = (database.migrate_command, demo.demo_command, serve.serve_command, worker.worker_command, keys.group)
    for command in (*own, *upkeep.COMMANDS):
        app.cli.add_command(command)
