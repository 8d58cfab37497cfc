"""Counters of this process, for whoever watches the service. Names end in their unit or in _total (Prometheus)."""

from prometheus_client import Counter

REQUESTS = Counter("temgoc_requests_total", "Requests to pages behind the sign-in and to forms", ["status"])
"""status: 2xx … 5xx"""
LOOKS = Counter("temgoc_looks_total", "Pages of stamps served", ["who"])
"""who: person or robot"""
LOOKS_UNWRITTEN = Counter("temgoc_looks_unwritten_total", "Times the counts of looks could not be written, and wait")
SCANS = Counter("temgoc_scans_total", "Confirmations of stamps that came in", ["outcome"])
"""outcome: kept, placed, again, full (share of a stamp a day), network (share of one), robot, token, unknown, busy"""
REPORTS = Counter("temgoc_reports_total", "Doubts and complaints sent from pages", ["outcome"])
"""outcome: kept, token, network"""
PINS = Counter("temgoc_pins_total", "PINs typed on pages of stamps", ["outcome"])
"""outcome: first, again, wrong, locked (not judged), network (its share was used up), token, busy"""
