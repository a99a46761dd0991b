"""
moto's server on the port that is given, with the calls that name their operation (DynamoDB, Secrets Manager, Glue and their like) one at a
time: moto judges the condition of a write and writes in two steps, and two threads can both find it met, which AWS does not do. S3 goes on
beside them.
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
    if "HTTP_X_AMZ_TARGET" not in environ:
        return moto(environ, start_response)
    with turn:
        return moto(environ, start_response)


run_simple("127.0.0.1", int(sys.argv[1]), serve, threaded=True)
