"""
moto's server on the port that is given, one call at a time: moto judges the condition of a write and writes in two steps, so two threads can
both find it met, and lists what another thread deletes meanwhile, which it answers with 500. AWS does neither.
"""

import sys
import threading
from collections.abc import Iterable
from typing import Any

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

moto = DomainDispatcherApplication(create_backend_app)
moto.debug = True
turn = threading.Lock()


def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    with turn:
        return moto(environ, start_response)


run_simple("127.0.0.1", int(sys.argv[1]), serve, threaded=True)
