"""The Flask commands: `flask --app trace <verb>`."""

from flask import Flask

from . import archive, database, demo, keys, log, mail, people, press, scans, serve, upkeep, witness, worker


def register(app: Flask) -> None:
    own = (database.migrate_command, demo.demo_command, serve.serve_command, worker.worker_command, keys.group)
    others = (
        log.log_group,
        witness.witness_command,
        archive.archive_command,
        scans.fold_command,
        scans.simulate_command,
        mail.mail_command,
        people.operator_command,
        press.press_command,
    )
    for command in (*own, *others, *upkeep.COMMANDS):
        app.cli.add_command(command)
