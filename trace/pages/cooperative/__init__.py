"""What a cooperative sees of its own: /my/…"""

from flask import Flask

from ...standards.identifiers import show_phone
from ..stamp_words import FINER
from . import (
    activation,
    batches,
    certificates,
    charts,
    complaints,
    cooperative,
    diary,
    diary_book,
    diary_paper,
    dispatches,
    endings,
    export,
    findings,
    growers,
    hand_overs,
    home,
    imports,
    internal_audits,
    links,
    mark_use,
    own_faces,
    own_labels,
    own_stocks,
    plots,
    print_answers,
    print_guide,
    print_jobs,
    print_sends,
    printers,
    printing,
    products,
    programme,
    run_deeds,
    runs,
    samples,
    scope,
    search,
    stamp_orders,
    surveillance,
    trademarks,
    variance,
)


def init_app(app: Flask) -> None:
    app.jinja_env.globals["has_page"] = lambda endpoint: endpoint in app.view_functions
    app.jinja_env.globals["finer_words"] = FINER
    app.jinja_env.filters["phone"] = show_phone
    for subject in (growers, plots, products, trademarks, certificates, scope, cooperative, links):
        app.register_blueprint(subject.bp)
    for subject in (
        home,
        batches,
        runs,
        run_deeds,
        activation,
        hand_overs,
        stamp_orders,
        variance,
        printing,
        print_jobs,
        print_sends,
        print_guide,
        printers,
        own_labels,
        own_faces,
        own_stocks,
        print_answers,
        dispatches,
        search,
        export,
        complaints,
        findings,
        charts,
        diary,
        diary_paper,
        diary_book,
        samples,
        imports,
        internal_audits,
        surveillance,
        endings,
        mark_use,
        programme,
    ):
        app.register_blueprint(subject.bp)
    app.register_blueprint(dispatches.slips)
