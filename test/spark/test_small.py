import ast
import json
import socket
import threading
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from unittest.mock import patch

import small

# The job as a whole against a server that plays Lambda and Glue. How long Glue takes to start it only an account shows.

MADE_UP = {"AWS_ACCESS_KEY_ID": "made-up", "AWS_SECRET_ACCESS_KEY": "made-up", "AWS_DEFAULT_REGION": "us-east-1"}
RUN = ["--job-language", "python", "--FUNCTION", "here-dev-transform", "--WORKFLOW_NAME", "w", "--WORKFLOW_RUN_ID", "wr_1"]


@contextmanager
def aws(
    status: int, answer: object, headers: dict[str, str], properties: dict[str, str] | None = None
) -> Iterator[list[tuple[str, object]]]:
    """Answers every call like this, but what the properties of the run are; yields `(path or target, body)` of each request so far."""
    asked: list[tuple[str, object]] = []

    class Playing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            what = self.headers.get("X-Amz-Target", self.path)
            asked.append((what, body))
            self.send_response(200 if what == ASKED else status)
            text = json.dumps({"RunProperties": properties or {}} if what == ASKED else answer).encode()
            for name, value in {**({} if what == ASKED else headers), "Content-Length": str(len(text))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Playing)
    threading.Thread(target=server.serve_forever).start()
    try:
        with patch.dict("os.environ", {**MADE_UP, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}"}):
            yield asked
    finally:
        server.shutdown()
        server.server_close()


INVOKED = "/2015-03-31/functions/here-dev-transform/invocations"
TOLD = "AWSGlue.PutWorkflowRunProperties"
ASKED = "AWSGlue.GetWorkflowRunProperties"
LOOKED = (ASKED, {"Name": "w", "RunId": "wr_1"})


class Small(unittest.TestCase):
    def test_the_function_is_called_once_and_its_counts_are_put_into_the_properties_of_the_run(self) -> None:
        answer = {"batch_id": "b_1", "objects": 3, "tables": {"daily_metrics": 7}, "users": ["u_1"], "why": None}
        with aws(200, answer, {}) as asked:
            small.main(RUN)
        figures = {"small_batch_id": "b_1", "small_objects": "3", "small_tables_daily_metrics": "7"}
        self.assertEqual(asked, [LOOKED, (INVOKED, {}), (TOLD, {"Name": "w", "RunId": "wr_1", "RunProperties": figures})])

    def test_a_run_that_says_so_makes_everything_anew_or_tells_what_that_would_change(self) -> None:
        compared = {"outcome": "compared", "batch_id": "b_2", "added": {}, "changed": {"daily_metrics": 2}, "removed": {"meals": 1}}
        figures = {
            "small_outcome": "compared",
            "small_batch_id": "b_2",
            "small_changed_daily_metrics": "2",
            "small_removed_meals": "1",
        }
        for word in ("apply", "dry-run"):
            with aws(200, compared, {}, {"rebuild": word, "another": "1"}) as asked:
                small.main(RUN)
            told = (TOLD, {"Name": "w", "RunId": "wr_1", "RunProperties": figures})
            self.assertEqual(asked, [LOOKED, (INVOKED, {"rebuild": word}), told])

    def test_a_word_nobody_knows_is_refused_before_anything_is_called(self) -> None:
        with aws(200, {}, {}, {"rebuild": "everything"}) as asked:
            with self.assertRaisesRegex(small.JobError, "^invalid_arguments: the property rebuild"):
                small.main(RUN)
        self.assertEqual(asked, [LOOKED])

    def test_nothing_to_do_tells_nothing_and_outside_a_workflow_nobody_is_told(self) -> None:
        with aws(200, None, {}) as asked:
            small.main(RUN)
        self.assertEqual(asked, [LOOKED, (INVOKED, {})])
        with aws(200, {"objects": 3}, {}) as asked:
            small.main(RUN[:4])
        self.assertEqual(asked, [(INVOKED, {})])

    def test_a_function_that_failed_fails_the_job_with_its_word_and_is_not_called_again(self) -> None:
        for told, word in (
            ({"errorType": "Error", "errorMessage": "too_large_for_small"}, "ended with too_large_for_small;"),
            ({"errorType": "Sandbox.Timedout", "errorMessage": "Task timed out after 900.00 seconds"}, "ended with Sandbox.Timedout;"),
        ):
            with aws(200, told, {"X-Amz-Function-Error": "Unhandled"}) as asked:
                with self.assertRaisesRegex(small.JobError, f"^transform_failed: here-dev-transform {word}"):
                    small.main(RUN)
            self.assertEqual(asked, [LOOKED, (INVOKED, {})])

    def test_a_call_lambda_did_not_take_is_not_made_again_either(self) -> None:
        for status in (403, 429, 500, 503):
            with aws(status, {"message": "no"}, {}) as asked:
                with self.assertRaisesRegex(small.JobError, "^transform_unreachable: here-dev-transform"):
                    small.main(RUN)
            self.assertEqual([path for path, _ in asked], [ASKED, INVOKED])

    def test_it_waits_longer_than_a_function_may_run(self) -> None:
        self.assertGreater(small.WAITS.read_timeout, 15 * 60)

    def test_the_line_it_waits_on_is_asked_more_often_than_one_is_dropped_for_silence(self) -> None:
        # https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html: a NAT gateway drops a line after 350 idle seconds.
        dropped_after, idle = 350, getattr(socket, "TCP_KEEPIDLE", 0x10)
        lines: list[tuple[int, int]] = []
        connect = socket.socket.connect

        def seen(line: socket.socket, address: object) -> None:
            lines.append((line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE), line.getsockopt(socket.IPPROTO_TCP, idle)))
            connect(line, address)

        with aws(200, None, {}), patch.object(socket.socket, "connect", seen):
            small.main(RUN[:4])
        [(is_kept, asked_after)] = lines
        self.assertNotEqual(is_kept, 0)
        # One question may get lost.
        self.assertLess(2 * asked_after, dropped_after)

    def test_an_argument_that_names_no_function_is_refused(self) -> None:
        for argv in ([], ["--FUNCTION", ""], ["--FUNCTION", "a b"], ["--WORKFLOW_NAME", "w"]):
            with self.assertRaisesRegex(small.JobError, "^invalid_arguments: --FUNCTION"):
                small.read_arguments(argv)

    def test_python_39_reads_it_and_it_imports_what_a_shell_has(self) -> None:
        tree = ast.parse(Path(small.__file__).read_text(), feature_version=(3, 9))
        imports = [one.module or "" for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)]
        imports += [name.name for one in ast.walk(tree) if isinstance(one, ast.Import) for name in one.names]
        self.assertEqual(
            sorted(imports),
            ["boto3", "botocore.config", "botocore.exceptions", "botocore.httpsession", "collections.abc", "json", "re", "socket", "sys", "typing"],
        )


if __name__ == "__main__":
    unittest.main()
