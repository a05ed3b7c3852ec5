"""How much a client may ask for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What one client, and all of them, may take.

    Parameters
    ----------
    max_bytes : int, default=200_000_000
        Of an upload.
    song_seconds : float, default=300.0
        Until a worker must have answered.
    upload_seconds : float, default=300.0
        Until an upload must be complete.
    pause_seconds : float, default=10.0
        Between two pieces of an upload, and until a connection has sent its request.
    n_requests : int, default=128
        Songs that are uploaded, wait or are heard at a time; more are refused.
    n_connections : int, default=512
        Open connections; more are closed at once.
    """

    max_bytes: int = 200_000_000
    song_seconds: float = 300.0
    upload_seconds: float = 300.0
    pause_seconds: float = 10.0
    n_requests: int = 128
    n_connections: int = 512
