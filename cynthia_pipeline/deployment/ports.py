"""Ports to listen on."""

import socket


def port_to_use(host: str, wanted: int) -> int:
    """`wanted` if it is free on `host`, else one that the system gives; 0 always asks the system."""
    try:
        return _bound_once(host, wanted)
    except OSError:
        return _bound_once(host, 0)


def _bound_once(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        # As servers do, so that connections which linger from a run before do not count as taken.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        return int(listener.getsockname()[1])
