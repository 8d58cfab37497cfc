"""The optional database of places: a province from an address, and nothing finer; a person's word goes before."""

import struct
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import code_of
from tests.test_scans import ADDRESS, PHONE, opened
from trace.pages.consumer import scanning
from trace.records import Run, Scan
from trace.settings import StartRefused, from_environment
from trace.standards.iso_provinces import BY_ISO
from trace.standards.provinces import PROVINCES
from trace.where import Where


def encoded(value: Any) -> bytes:
    """A value in the data section of a MaxMind database (format 2.0): maps, arrays, texts and small numbers."""
    if isinstance(value, dict):
        body = b"".join(encoded(key) + encoded(each) for key, each in value.items())
        return bytes([7 << 5 | len(value)]) + body
    if isinstance(value, list):
        return bytes([len(value), 4]) + b"".join(map(encoded, value))
    if isinstance(value, str):
        text = value.encode()
        return (bytes([2 << 5 | len(text)]) if len(text) < 29 else bytes([2 << 5 | 29, len(text) - 29])) + text
    return bytes([5 << 5 | 2]) + struct.pack(">H", value)


def database(path: Path, places: dict[str, dict[str, Any]]) -> Path:
    """The smallest database that holds these IPv4 networks: a binary tree with records of 24 bits, and the data."""
    nodes: list[list[Any]] = [[None, None]]
    data = b""
    for network, place in places.items():
        net, at = ip_network(network), 0
        bits = [int(net.network_address) >> 31 - n & 1 for n in range(net.prefixlen)]
        for bit in bits[:-1]:
            if nodes[at][bit] is None:
                nodes[at][bit] = len(nodes)
                nodes.append([None, None])
            at = nodes[at][bit]
        nodes[at][bits[-1]] = ("data", len(data))
        data += encoded(place)

    def record(value: Any) -> bytes:
        pointer = len(nodes) if value is None else value if isinstance(value, int) else len(nodes) + 16 + value[1]
        return struct.pack(">I", pointer)[1:]

    facts = {
        "node_count": len(nodes), "record_size": 24, "ip_version": 4, "database_type": "Test",
        "languages": ["en"], "binary_format_major_version": 2, "binary_format_minor_version": 0, "build_epoch": 1,
        "description": {"en": "test"},
    }  # fmt: skip
    tree = b"".join(record(left) + record(right) for left, right in nodes)
    path.write_bytes(tree + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + encoded(facts))
    return path


@pytest.fixture
def places(tmp_path: Path) -> Path:
    return database(
        tmp_path / "places.mmdb",
        {
            "113.160.0.0/16": {"country": {"iso_code": "VN"}, "subdivisions": [{"iso_code": "54"}]},
            "27.72.0.0/16": {"country": {"iso_code": "VN"}, "subdivisions": [{"iso_code": "SG"}]},
            "14.160.0.0/16": {"country": {"iso_code": "VN"}},
            "9.9.9.0/24": {"country": {"iso_code": "DE"}, "subdivisions": [{"iso_code": "54"}]},
        },
    )


def test_every_province_of_before_the_merger_has_its_own_of_today() -> None:
    assert len(BY_ISO) == 63
    assert set(BY_ISO.values()) == set(PROVINCES)


def test_an_address_gives_a_province_abroad_or_nothing(places: Path) -> None:
    where = Where(places)
    found = [
        where.province(address) for address in (ADDRESS, "27.72.1.1", "9.9.9.9", "14.160.1.1", "8.8.8.8", "::1", "x")
    ]
    assert found == ["24", "79", "00", None, None, None, None]
    assert Where(None).province(ADDRESS) is None


def test_a_file_that_is_no_such_database_ends_the_start(tmp_path: Path) -> None:
    (tmp_path / "x.mmdb").write_text("x")
    for name in ("x.mmdb", "missing.mmdb"):
        with pytest.raises(StartRefused, match="TEMGOC_GEO_DATABASE"):
            Where(from_environment({"TEMGOC_GEO_DATABASE": str(tmp_path / name)}).geo_database)


def test_a_scan_knows_its_province_and_a_persons_word_goes_before(
    app: Any, client: FlaskClient, session: Session, run: Run, places: Path
) -> None:
    assert "bảng tra trên máy chủ" not in client.get("/privacy").text
    desk: scanning.Desk = app.extensions["temgoc"]["scan_desk"]
    app.extensions["temgoc"]["scan_desk"] = replace(desk, where=Where(places))
    code = code_of(run, 7)

    def scan(**fields: str) -> None:
        sent = {"code": code, "token": opened(client, code)} | fields
        where = {"environ_base": {"REMOTE_ADDR": ADDRESS}, "headers": {"User-Agent": PHONE}}
        assert client.post("/scan", data=sent, **where).status_code in {200, 204}

    scan(by="phone")
    assert session.scalars(select(Scan.province)).all() == ["24"], "Bắc Giang is Bắc Ninh now"
    scan(province="01")
    session.rollback()
    assert session.scalars(select(Scan.province)).all() == ["01"]
    scan(by="phone")
    scan(province="79")
    session.rollback()
    assert session.scalars(select(Scan.province)).all() == ["01"], "said once"
    assert "bảng tra trên máy chủ" in client.get("/privacy").text
