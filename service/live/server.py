"""uvicorn, taught to drop who does not read and to end every stream when it stops."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import resource
import socket
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from service.bootstrap import LiveParts
from service.live.app import Live, make_live_app
from service.live.follower import Pace

# Of one connection: what may wait in the program and in the kernel. Small, because a thousand
# readers who are slow at the same time must not cost hundreds of megabytes.
BUFFER_BYTES = 16_384
KERNEL_BUFFER_BYTES = 32_768
# How long sent bytes may stay unacknowledged, and how long a request may take to be made.
DEAD_AFTER_SECONDS = 45
REQUEST_SECONDS = 15
BACKLOG = 2_048
STOP_SECONDS = 3
# Connections beside the listeners: those being refused, metrics, health.
SPARE_CONNECTIONS = 200

log = logging.getLogger(__name__)


class LiveProtocol(H11Protocol):
    """One connection, with small buffers and an end for those who are gone without a word."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Limit the buffers and hand on how to drop the connection."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=BUFFER_BYTES)
        self.app_state = {**self.app_state, "abort": transport.abort}
        self.loop.call_later(REQUEST_SECONDS, self._check_request)
        opened: socket.socket | None = transport.get_extra_info("socket")
        if opened is None or opened.family not in (socket.AF_INET, socket.AF_INET6):
            return
        with contextlib.suppress(OSError):
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BUFFER_BYTES)
            if hasattr(socket, "TCP_USER_TIMEOUT"):
                millis = DEAD_AFTER_SECONDS * 1000
                opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, millis)

    def _check_request(self) -> None:
        # Still so after part of a request: nobody may send one for ever.
        if self.conn.their_state is h11.IDLE:
            self.transport.abort()


class LiveServer(uvicorn.Server):
    """A server that ends the streams before it waits for the connections to close."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.live: Live | None = None

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End every stream, then stop as usual: browsers come back to the next process."""
        if self.live is not None:
            self.live.hub.close()
        await super().shutdown(sockets)


def make_server(
    parts: LiveParts, *, host: str = "127.0.0.1", port: int = 0, pace: Pace | None = None
) -> LiveServer:
    """A server that is ready to run; with its `live` parts."""
    ceiling = parts.settings.live_listeners + SPARE_CONNECTIONS
    options: dict[str, Any] = {
        "http": LiveProtocol,
        "loop": "asyncio",
        "ws": "none",
        "lifespan": "on",
        "log_config": None,
        "access_log": False,
        "proxy_headers": False,
        "server_header": False,
        "backlog": BACKLOG,
        "limit_concurrency": ceiling,
        "timeout_graceful_shutdown": STOP_SECONDS,
    }
    server: LiveServer

    def give_up() -> None:
        log.error("following the news ended; this process stops and is to be started again")
        server.should_exit = True

    live = make_live_app(parts, pace=pace, on_failure=give_up)
    server = LiveServer(uvicorn.Config(live.app, host=host, port=port, **options))
    server.live = live
    return server


def allow_many_files(wanted: int) -> None:
    """Raise the limit of open files as far as allowed: every listener is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        log.warning(
            "only %d files may be open, so fewer listeners than PARLEY_LIVE_LISTENERS", soft
        )
