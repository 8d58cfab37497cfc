"""What a cooperative sees of its own: /my/…"""

from flask import Flask

from ...standards.identifiers import show_phone
from . import certificates, cooperative, growers, plots, products, scope, trademarks


def init_app(app: Flask) -> None:
    app.jinja_env.globals["has_page"] = lambda endpoint: endpoint in app.view_functions
    app.jinja_env.filters["phone"] = show_phone
    for subject in (growers, plots, products, trademarks, certificates, scope, cooperative):
        app.register_blueprint(subject.bp)
