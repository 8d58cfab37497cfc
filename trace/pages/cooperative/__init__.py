"""What a cooperative sees of its own: /my/…"""

from flask import Flask


def init_app(app: Flask) -> None:
    app.jinja_env.globals["has_page"] = lambda endpoint: endpoint in app.view_functions
