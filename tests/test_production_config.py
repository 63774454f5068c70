"""nginx, gunicorn, Prometheus and Grafana: what their files name exists in the program."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from gunicorn.config import Config

ROOT = Path(__file__).resolve().parent.parent
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
API_PORT = 8000
LIVE_PORT = 8001


def test_nginx_goes_where_the_api_listens() -> None:
    upstream = re.search(r"server (\S+):(\d+) resolve;", (ROOT / "config/nginx.conf").read_text())
    assert upstream is not None
    aliases = SERVICES["api"]["networks"]["front"]["aliases"]

    assert upstream[1] in aliases
    assert "." in upstream[1]
    assert int(upstream[2]) == API_PORT
    assert f"0.0.0.0:{API_PORT}" in SERVICES["api"]["command"]
    assert "front" in SERVICES["nginx"]["networks"]


def test_nginx_sends_streams_where_the_live_process_listens() -> None:
    config = (ROOT / "config/nginx.conf").read_text()
    found = re.search(r"upstream live \{[^}]*server (\S+):(\d+) resolve;", config)
    assert found is not None

    assert found[1] in SERVICES["live"]["networks"]["front"]["aliases"]
    assert "." in found[1]
    assert int(found[2]) == LIVE_PORT
    assert f"0.0.0.0:{LIVE_PORT}" in SERVICES["live"]["command"]
    assert re.search(r"/stream\$ \{[^}]*proxy_buffering off;[^}]*proxy_pass http://live;", config)


def test_prometheus_asks_services_that_exist() -> None:
    jobs = yaml.safe_load((ROOT / "config/prometheus.yml").read_text())["scrape_configs"]
    asked = {(n, sd["port"]) for job in jobs for sd in job["dns_sd_configs"] for n in sd["names"]}

    listening = {name: metrics_port(SERVICES[name]) for name, _ in asked}

    assert asked == set(listening.items())


def test_the_settings_of_gunicorn_exist() -> None:
    known = set(Config().settings)
    file = (ROOT / "config" / "gunicorn.py").read_text()
    names = re.findall(r"^(?:def )?([a-z_]+)(?: = |\()", file, flags=re.MULTILINE)

    assert names
    assert [name for name in names if name not in known] == []


def metrics_port(service: dict[str, Any]) -> int:
    """Where it answers Prometheus: on a port of its own, else where it listens anyway."""
    own = service["environment"].get("PARLEY_METRICS_PORT")
    command = service["command"]
    return int(own or command[command.index("--bind") + 1].rpartition(":")[2])
