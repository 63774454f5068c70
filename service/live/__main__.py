"""Start the live process: `python -m service.live --bind 127.0.0.1:8001`."""

from __future__ import annotations

import click

from service.adapters.logging import configure_logging
from service.bootstrap import make_live, settings_from_environment
from service.live.server import SPARE_CONNECTIONS, allow_many_files, make_server

# Database, Redis, logs and what the interpreter has open.
SPARE_FILES = 100
_HIGHEST_PORT = 65_535


@click.command()
@click.option("--bind", default="127.0.0.1:8001", show_default=True, help="HOST:PORT to listen on.")
def serve(bind: str) -> None:
    """Serve the streams of live updates until told to stop."""
    host, port = _address(bind)
    settings = settings_from_environment()
    configure_logging(settings.log_level)
    allow_many_files(settings.live_listeners + SPARE_CONNECTIONS + SPARE_FILES)
    make_server(make_live(settings), host=host, port=port).run()


def _address(bind: str) -> tuple[str, int]:
    host, _, port = bind.rpartition(":")
    if not host or not port.isdigit() or int(port) > _HIGHEST_PORT:
        raise click.BadParameter("must be HOST:PORT", param_hint="--bind")
    return host.strip("[]"), int(port)


if __name__ == "__main__":
    serve(prog_name="python -m service.live")
