"""What a cooperative sees of its own: /my/…"""

from flask import Flask

from ...standards.identifiers import show_phone
from . import (
    batches,
    certificates,
    cooperative,
    growers,
    plots,
    printing,
    products,
    run_deeds,
    runs,
    scope,
    trademarks,
)


def init_app(app: Flask) -> None:
    app.jinja_env.globals["has_page"] = lambda endpoint: endpoint in app.view_functions
    app.jinja_env.filters["phone"] = show_phone
    for subject in (growers, plots, products, trademarks, certificates, scope, cooperative):
        app.register_blueprint(subject.bp)
    for subject in (batches, runs, run_deeds, printing):
        app.register_blueprint(subject.bp)
