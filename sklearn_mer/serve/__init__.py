"""Songs over HTTP: uploads to files, files to worker processes, and their answers as JSON.

Nothing here knows of music: what a worker does with a file is told by who starts it.
"""

from ._limits import Limits
from ._run import ServeError, run_service
from ._worker import run_worker

__all__ = ["Limits", "ServeError", "run_service", "run_worker"]
