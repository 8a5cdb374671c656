"""otel-log against a service that answers by a script: what becomes of four records r0..r3, in real time.

usage: azure_transport.py <otel-log> [case...]      all cases at once; prints what is not as it should be
"""
import concurrent.futures
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from azure_service import Service  # noqa: E402

KEY = "11111111-2222-3333-4444-00005ec4e700"
CASES = {}


def case(script, window=2.5, ticks=(), stop_ms=300, **environment):
    """A function that checks a run: what is written to otel-log, for how long it then stays open."""
    def add(check):
        CASES[check.__name__] = (check, script, window, ticks, stop_ms, environment)
        return check
    return add


class Run:
    def __init__(self, otel_log, script, window, ticks, stop_ms, environment):
        self.service = Service(script)
        environment = {k: v.replace("PORT", str(self.service.ports[1])) for k, v in environment.items()}
        given = dict(os.environ, OTEL_LOGS_EXPORTER="azure_monitor", OTEL_BLRP_SCHEDULE_DELAY="50",
                     APPLICATIONINSIGHTS_CONNECTION_STRING="InstrumentationKey=%s;IngestionEndpoint=http://127.0.0.1:%d/"
                     % (KEY, self.service.ports[0]), **environment)
        process = subprocess.Popen([otel_log, "--json", "--stats", "--timeout", str(stop_ms)], env=given,
                                   stdin=subprocess.PIPE, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        began = self.service.began = time.monotonic()
        self.write(process, "r0", "r1", "r2", "r3")
        for at, name in ticks:
            time.sleep(max(0, began + at - time.monotonic()))
            self.write(process, name)
        time.sleep(max(0, began + window - time.monotonic()))
        ending = time.monotonic()
        self.out, self.said = process.communicate()
        self.stop_s, self.code = time.monotonic() - ending, process.returncode
        self.books = json.loads(self.said.splitlines()[-1])["pipelines"][0]
        self.seen = self.service.seen
        self.service.stop()
        for secret in (KEY, "canary", "SECRET"):
            assert secret not in self.said and secret not in self.out, "a secret was said: " + self.said

    @staticmethod
    def write(process, *names):
        process.stdin.write("".join('{"body":"%s"}\n' % n for n in names))
        process.stdin.flush()

    def items(self):
        return [" ".join(s.items) for s in self.seen]

    def expect(self, *items):
        assert self.items() == list(items), "requests: %s" % self.seen

    def expect_books(self, exported, rejected=0, lost=0):
        b = self.books
        assert (b["exported"], b["rejected"], sum(b["dropped"].values())) == (exported, rejected, lost), b
        told = sum(l["count"] for l in b.get("losses", []) if l["reason"] in ("rejected", "too_large"))
        assert told == rejected, b

    def gap(self, nth, least, most):
        gap = self.seen[nth + 1].at - self.seen[nth].at
        assert least <= gap <= most, "%.2f s between %s and %s" % (gap, self.seen[nth], self.seen[nth + 1])

    def expect_said(self, *words):
        for w in words:
            assert w in self.said, "%r was not said: %s" % (w, self.said)


ALL, LATE = "r0 r1 r2 r3", 0.8  # seconds that a busy machine may be late


@case("200", window=0.5)
def ok(run):
    run.expect(ALL)
    run.expect_books(4)
    assert run.seen[0].path == "/v2.1/track"
    assert run.seen[0].headers["Content-Type"] == "application/json"
    assert run.seen[0].headers["Accept"] == "application/json"
    assert "Authorization" not in run.seen[0].headers
    assert run.said.count("\n") == 1, run.said


@case("202:empty;200", window=1.5, ticks=[(0.7, "t1")])
def accepted_202(run):
    run.expect(ALL, "t1")
    run.expect_books(5)


@case("204;200", window=1.5, ticks=[(0.7, "t1")])
def accepted_204(run):
    run.expect(ALL, "t1")
    run.expect_books(5)


@case("200:html;200:empty", window=1.5, ticks=[(0.7, "t1")])
def ok_without_json(run):
    run.expect(ALL, "t1")
    run.expect_books(5)
    assert run.said.count("not the service's") == 1, run.said


@case("truncate;200", window=1.5, ticks=[(0.7, "t1")])
def answer_broken_off(run):
    run.expect(ALL, "t1")
    run.expect_books(5)


@case("206:0=400,3=500,1=429;200")
def partial_mixed(run):
    run.expect(ALL, "r1 r3")
    run.gap(0, 1, 1.3 + LATE)
    run.expect_books(3, rejected=1)
    assert run.books["losses"] == [{"kind": "message", "reason": "rejected", "http_status": 400, "count": 1}], run.books
    run.expect_said("words for 400")


@case("206:1=503,3=429&ra=2;200", window=3.5, ticks=[(0.7, "t1")])
def partial_with_retry_after(run):
    assert run.items()[:2] == [ALL, "r1 r3"], run.seen
    run.gap(0, 2, 2.1 + LATE)
    run.expect_books(5)


@case("206:1=sampled,2=sampled;200", window=1.5, ticks=[(0.4, "t1")])
def partial_sampled(run):
    run.expect(ALL, "t1")
    run.gap(0, 0, 0.5 + LATE)
    run.expect_books(5)
    assert "WARN" not in run.said and "left out by the service's sampling" in run.said, run.said


@case("206:7=429,0=503;200")
def partial_index_out_of_range(run):
    run.expect(ALL, "r0")
    run.expect_books(4)


@case("206:RAW{\"errors\":[null,{\"index\":2,\"statusCode\":408}]};200")
def partial_with_null(run):
    run.expect(ALL, "r2")
    run.expect_books(4)


@case("206:empty;206:html;200", window=2, ticks=[(0.6, "t1"), (1.2, "t2")])
def partial_without_json(run):
    run.expect(ALL, "t1", "t2")
    assert run.said.count("did not say which") == 1, run.said


@case("206:none;200", window=1.5, ticks=[(0.7, "t1")])
def partial_without_errors(run):
    run.expect(ALL, "t1")
    run.expect_books(5)


@case("206:2=402;200", window=3, ticks=[(0.5, "t1")], stop_ms=1000)
def quota_of_one_item(run):
    run.expect(ALL)
    run.expect_books(3, lost=2)


@case("439;200", window=3, ticks=[(0.5, "t1")], stop_ms=1000)
def quota_439(run):
    run.expect(ALL)
    run.expect_books(0, lost=5)
    run.expect_said("HTTP 439", "quota")


@case("402&ra=2;200", window=3.2)
def quota_402_with_retry_after(run):
    run.expect(ALL, ALL)
    run.gap(0, 2, 2.1 + LATE)
    run.expect_books(4)


@case("307>other;200", window=1.5, ticks=[(0.7, "t1")])
def redirect_307(run):
    run.expect(ALL, ALL, "t1")
    assert [s.port for s in run.seen] == ["self", "other", "self"]
    run.expect_books(5)


@case("308>other;200", window=1.5, ticks=[(0.7, "t1")])
def redirect_308(run):
    run.expect(ALL, ALL, "t1")
    assert [s.port for s in run.seen] == ["self", "other", "other"]


@case("307>other&ttl=600;200", window=1.5, ticks=[(0.7, "t1")])
def redirect_with_a_lifetime(run):
    assert [s.port for s in run.seen] == ["self", "other", "other"]


@case("308>other;200;503;200", window=3, ticks=[(0.5, "t1")])
def redirect_forgotten(run):
    assert [s.port for s in run.seen] == ["self", "other", "other", "self"]
    run.expect_books(5)


@case("308>rel;200", window=0.7)
def redirect_relative(run):
    run.expect(ALL, ALL)
    assert run.seen[1].path == "/v2.1/track?moved=1"


@case("307>none;200")
def redirect_nowhere(run):
    run.expect(ALL, ALL)
    run.gap(0, 1, 1.3 + LATE)


@case("307>self", window=2.6)
def redirect_loop(run):
    first = [s for s in run.seen if s.at < run.seen[0].at + 0.9]
    assert len(first) == 10 and len(run.seen) <= 16, run.seen
    run.expect_said("redirects lead to no end")


def refused_redirect(run):
    run.expect(ALL, ALL)
    run.gap(0, 1, 1.3 + LATE)
    run.expect_books(4)
    run.expect_said("not trusted")
    assert "u:p" not in run.said


for target in ("host", "user", "tls", "http://evil.example/v2.1/track", "//evil.example/x"):
    CASES["redirect_foreign " + target] = (refused_redirect, "307>%s;200" % target, 2.5, (), 300, {})


@case("303>other;200", window=1.5, ticks=[(0.7, "t1")])
def redirect_303(run):
    run.expect(ALL, "t1")
    run.expect_books(1, rejected=4)
    run.expect_said("HTTP 303", "rejected (HTTP 303)")


@case("400;200", window=1)
def bad_request(run):
    run.expect(ALL, "r0 r1", "r2 r3")
    run.expect_books(4)


@case("400:2=400;200", window=1)
def bad_request_that_names_one(run):
    run.expect(ALL, "r0 r1 r3")
    run.expect_books(3, rejected=1)
    run.expect_said("words for 400")


@case("400:ikey;400:ikey;200", window=5.5, ticks=[(0.6, "t1"), (2.0, "t2")])
def unknown_key(run):
    run.expect(ALL, "t1", "t2")
    run.gap(0, 1, 1.4 + LATE)
    run.gap(1, 2, 2.6 + LATE)
    run.expect_books(1, rejected=5)
    assert run.said.count("does not know the instrumentation key") >= 1, run.said


for status, words in ((404, "connection string"), (405, "no telemetry"), (302, "redirect"), (410, "410")):
    def refused(run, status=status, words=words):
        run.expect(ALL, "t1")
        run.expect_books(1, rejected=4)
        run.expect_said("HTTP %d" % status, words)
    CASES["refused %d" % status] = (refused, "%d:empty;200" % status, 1.5, ((0.7, "t1"),), 300, {})

for answer in ("401", "403", "408", "429", "500", "502", "503", "504", "close"):
    def later(run):
        run.expect(ALL, ALL, ALL)
        run.gap(0, 1, 1.3 + LATE)
        run.gap(1, 2, 2.6 + LATE)
        run.expect_books(4)
        run.expect_said("cannot export, trying again", "exporting again")
    CASES["twice " + answer] = (later, "%s;%s;200" % (answer, answer), 4.8, (), 300, {})

for wait in ("0", "gone", "soon", "in a minute", "1.5"):
    def backoff(run):
        run.expect(ALL, ALL)
        run.gap(0, 1, 2 + LATE)
        run.expect_books(4)
    CASES["retry after " + wait] = (backoff, "503&ra=%s;200" % wait, 3, (), 300, {})


@case("429&ra=3;200", window=4.5, ticks=[(0.5, "t1"), (1.5, "t2")])
def retry_after_seconds(run):
    assert run.items()[:2] == [ALL, ALL] and run.items()[2] == "t1 t2", run.seen
    run.gap(0, 3, 3.1 + LATE)


@case("503&ra=date+3;200", window=5)
def retry_after_date(run):
    run.expect(ALL, ALL)
    run.gap(0, 1.9, 3.2 + LATE)


@case("429&ra=3600;200", window=1, stop_ms=2000)
def retry_after_an_hour_at_stop(run):
    run.expect(ALL)
    run.expect_books(0, lost=4)
    assert run.stop_s < 2.6, run.stop_s


@case("429&ra=1;200", window=0.2, stop_ms=4000)
def retry_after_within_a_stop(run):
    run.expect(ALL, ALL)
    run.gap(0, 1, 1.2 + LATE)
    run.expect_books(4)


@case("503", window=0.1, stop_ms=5000)
def a_stop_asks_seldom(run):
    assert 3 <= len(run.seen) <= 6, run.seen
    run.expect_books(0, lost=4)
    assert run.stop_s < 5.7, run.stop_s


@case("503", window=4.5, ticks=[(t / 4, "t%d" % t) for t in range(1, 17)])
def an_outage_is_probed(run):
    assert len(run.seen) <= 4, run.seen
    assert all(s.items == ALL.split() for s in run.seen), run.seen


@case("413;200", window=1)
def too_large(run):
    run.expect(ALL, "r0 r1", "r2 r3")
    run.expect_books(4)


@case("413;413;413;200", window=1)
def one_too_large(run):
    run.expect(ALL, "r0 r1", "r0", "r1", "r2 r3")
    run.expect_books(3, rejected=1)
    run.expect_said("too large (HTTP 413)")


@case("hang;200", window=3.5, OTEL_C_AZURE_TIMEOUT="1000")
def no_answer(run):
    run.expect(ALL, ALL)
    run.gap(0, 2, 2.3 + LATE)
    run.expect_books(4)


@case("delay=2:200", window=3)
def slow_answer(run):
    run.expect(ALL)
    run.expect_books(4)


ENTRA = dict(OTEL_C_AZURE_CREDENTIAL="client_secret", AZURE_TENANT_ID="tenant", AZURE_CLIENT_ID="client",
             AZURE_CLIENT_SECRET="SECRET", AZURE_AUTHORITY_HOST="http://127.0.0.1:PORT")


def authorizations(run):
    return [s.headers.get("Authorization") for s in run.seen]


@case("200", window=1.2, ticks=[(0.6, "t1")], **ENTRA)
def a_token_is_kept(run):
    run.expect(ALL, "t1")
    assert authorizations(run) == ["Bearer canary-1"] * 2 and run.service.tokens == 1, authorizations(run)


@case("401;200", window=1, **ENTRA)
def a_token_is_replaced(run):
    run.expect(ALL, ALL)
    run.gap(0, 0, LATE)
    assert authorizations(run) == ["Bearer canary-1", "Bearer canary-2"], authorizations(run)


@case("403;403;200", window=3.5, **ENTRA)
def a_role_that_comes_later(run):
    run.expect(ALL, ALL, ALL)
    run.gap(0, 0, LATE)
    run.gap(1, 0.9, 2 + LATE)
    run.expect_books(4)
    run.expect_said("Monitoring Metrics Publisher")
    assert authorizations(run)[2] not in authorizations(run)[:2], authorizations(run)


for target in ("other", "host"):
    def token_stays(run):
        refused_redirect(run)
        assert all(s.port == "self" for s in run.seen) and all(authorizations(run)), run.seen
    CASES["token and redirect to " + target] = (token_stays, "307>%s;200" % target, 2.5, (), 300, ENTRA)


@case("200", window=0.5, OTEL_RESOURCE_ATTRIBUTES="filler=" + "x" * 1000)
def compressed(run):
    run.expect(ALL)
    assert run.seen[0].headers["Content-Encoding"] == "gzip"


@case("200", window=0.5, OTEL_RESOURCE_ATTRIBUTES="filler=" + "x" * 1000, OTEL_C_AZURE_COMPRESSION="none")
def not_compressed(run):
    run.expect(ALL)
    assert "Content-Encoding" not in run.seen[0].headers


def run_one(otel_log, name):
    check, *given = CASES[name]
    try:
        return check(Run(otel_log, *given))
    except (AssertionError, IndexError) as error:
        return "%s: %s" % (name, error)


def main():
    otel_log, names = sys.argv[1], sys.argv[2:] or list(CASES)
    left, faults = names, []
    for at_once in (24, 4, 1):  # whoever misses its times on a busy machine tries again where there are fewer
        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            faults = list(pool.map(lambda n: run_one(otel_log, n), left))
        left = [name for name, fault in zip(left, faults) if fault]
    print("\n".join([f for f in faults if f] + ["%d cases, %d not as they should be" % (len(names), len(left))]))
    return bool(left)


if __name__ == "__main__":
    sys.exit(main())
