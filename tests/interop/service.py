#!/usr/bin/env python3
"""Asks trace_context_service to call back, as the W3C's suite does, and looks at the headers that come: the carriers of
libmicrohttpd and libcurl with repeated headers, any casing, and several calls of one request.

usage: service.py <trace_context_service>
"""
import http.client
import http.server
import json
import re
import subprocess
import sys
import threading

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
PARENT = ("traceparent", f"00-{TRACE}-{SPAN}-01")

# headers of the request, whether its trace goes on, flags and trace state of each call
CASES = [
    ([], False, None, None),
    ([PARENT], True, "01", None),
    ([("TraceParent", f"00-{TRACE}-{SPAN}-03")], True, "03", None),
    ([("traceparent", f" \t00-{TRACE}-{SPAN}-00 \t")], True, "00", None),
    ([PARENT, PARENT], False, None, None),
    ([PARENT, ("tracestate", "a=1"), ("TraceState", "b= 2 , a=3"), ("tracestate", "")], True, "01", "a=1,b= 2"),
    ([PARENT, ("tracestate", "")], True, "01", None),
    ([PARENT, ("tracestate", "a=1,B=2")], True, "01", None),
    ([("tracestate", "a=1")], False, None, None),
    ([("traceparent", f"cc-{TRACE}-{SPAN}-01-later")], True, "01", None),
    ([("traceparent", "x" * 20000)], False, None, None),
]


class Callbacks(http.server.BaseHTTPRequestHandler):
    seen = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.path, json.loads(body), self.headers))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"null")

    def log_message(self, *unused):
        pass


def request(port, headers, calls):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    body = json.dumps(calls)
    connection.putrequest("POST", "/test")
    for name, value in [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers]:
        connection.putheader(name, value)
    connection.endheaders(body.encode())
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read() or b"null")


def fault(port, back, case):
    """What is wrong, or nothing."""
    headers, kept, flags, state = case
    Callbacks.seen.clear()
    calls = [{"url": f"http://127.0.0.1:{back}/{n}", "arguments": [n] * n} for n in range(3)]
    status = request(port, headers, calls)
    if status != (200, {}):
        return f"answered {status}"
    if [(path, body) for path, body, _ in Callbacks.seen] != [(f"/{n}", [n] * n) for n in range(3)]:
        return f"called {Callbacks.seen}"
    parents = [h.get_all("traceparent", []) for _, _, h in Callbacks.seen]
    found = [re.fullmatch("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})", " ".join(p)) for p in parents]
    if not all(found) or len({m[1] for m in found}) != 1 or len({m[2] for m in found} - {SPAN}) != 3:
        return f"sent {parents}"
    if (found[0][1] == TRACE) != kept or (flags and {m[3] for m in found} != {flags}):
        return f"sent {parents}"
    states = [h.get_all("tracestate") for _, _, h in Callbacks.seen]
    return "" if states == [[state] if state else None] * 3 else f"sent {states}"


def main(program):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Callbacks)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    service = subprocess.Popen([program, "0"], stdout=subprocess.PIPE, text=True)
    port, failed = int(service.stdout.readline()), 0
    for case in CASES:
        wrong = fault(port, server.server_port, case)
        failed += bool(wrong)
        if wrong:
            print(f"FAILED: {case[0]}: {wrong}")
    service.terminate()
    failed += service.wait(60) != 0
    print(f"{len(CASES)} requests, {failed} faults")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
