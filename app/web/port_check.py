"""Refuses a port that is served already: granian would silently share its traffic."""

import socket


class PortTaken(Exception):
    """Another server answers on the port already."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} is served already; stop that server or set PORT.")
        self.port = port


def refuse_shared_port(port: int, host: str = "127.0.0.1") -> None:
    """Raise PortTaken when a server accepts connections on `port`."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex((host, port)) == 0:
            raise PortTaken(port)
