"""A stand-in for a server of a language model: it speaks OpenAI's way, and says what a table has for a prompt."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

BEFORE = "<|start_header_id|>user<|end_header_id|>\n\n<|reserved_special_token_69|>"
BEHIND = "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"
# Of a text and all that was asked: the status, and what the server answers.
Answer = Callable[[str, dict[str, Any]], tuple[int, dict[str, Any]]]


class StandIn:
    """Where the server is, and what it was asked so far."""

    def __init__(self, address: str) -> None:
        self.address, self.asked = address, list[dict[str, Any]]()


@contextmanager
def completion_server(answer: Answer, codes: int | None = None) -> Iterator[StandIn]:
    """A server of the model `speechless`; with `codes` it tells that it has these sound tokens, as vLLM's does."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(200, {"object": "list", "data": [{"id": "speechless"}]})

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/tokenize":
                code = int(asked["prompt"].removeprefix("<|sound_").removesuffix("|>"))
                self._say(*(404, {}) if codes is None else (200, {"count": 1 if code < codes else 9}))
            else:
                assert self.path == "/v1/completions"
                assert asked["prompt"].startswith(BEFORE)
                assert asked["prompt"].endswith(BEHIND)
                stand_in.asked.append(asked)
                self._say(*answer(asked["prompt"].removeprefix(BEFORE).removesuffix(BEHIND), asked))

        def _say(self, status: int, found: dict[str, Any]) -> None:
            body = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stand_in = StandIn(f"http://127.0.0.1:{server.server_port}/v1")
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()


def completion(text: str, reason: str = "stop", **more: Any) -> tuple[int, dict[str, Any]]:
    """What the server answers where it went on with this text."""
    return 200, {"choices": [{"index": 0, "text": text, "finish_reason": reason, **more}]}
