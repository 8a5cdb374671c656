"""Records for the desk, over OTLP/HTTP in JSON: a pipeline that ran, and what a stranger would write."""
import json
import time
import urllib.request

RUN = "931024c2-3720-11ea-b247-c49deda841c1"


def attributes(values):
    return [{"key": key, "value": {"stringValue": value}} for key, value in values.items()]


def record(body, severity=9, at=None, trace=None, span=None, **values):
    names = {key.replace("__", "."): value for key, value in values.items()}
    fields = {"timeUnixNano": str(at or time.time_ns()), "severityNumber": severity, "body": {"stringValue": body},
              "attributes": attributes(names)}
    if trace:
        fields.update(traceId=trace, spanId=span or "00f067aa0ba902b7")
    return fields


def send(url, resource, records, headers=None):
    body = {"resourceLogs": [{"resource": {"attributes": attributes(resource)},
                              "scopeLogs": [{"scope": {"name": "pipeline"}, "logRecords": records}]}]}
    request = urllib.request.Request(url + "/v1/logs", json.dumps(body).encode(),
                                     {"Content-Type": "application/json", **(headers or {})})
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status == 200


def step(name, run=RUN, **more):
    return {"service.name": name, "step_name": name, "parent_run_id": run, "experiment_name": "penguins by beak",
            "run_type": "training", "build_version": "1.4.0", "host.name": "node-7", **more}


def exception(body, at, kind, message, trace):
    stack = f"{kind}: {message}\n  at read_row (csv.c:118)\n  at prepare (prepare.c:64)\n  at main (prepare.c:131)"
    return record(body, 17, at, trace, exception__type=kind, exception__message=message, exception__stacktrace=stack,
                  code__function__name="read_row", code__file__path="csv.c", code__line__number="118")


def run_pipeline(url, begin_ns, run=RUN, trace="4bf92f3577b34da6a3ce929d0e0e4736", failing=True):
    """One run of four steps: warnings where rows are left out, a step that fails."""
    second = 1_000_000_000
    send(url, step("pipeline", run), [record("run started", 9, begin_ns, trace, steps="prepare, train, score")])
    rows = [record(f"row {40 + 7 * i} left out: bill_depth_mm is missing", 13, begin_ns + second + i * 90_000_000, trace,
                   file="penguins.csv", row=str(40 + 7 * i), column="bill_depth_mm", reason="missing") for i in range(5)]
    rows.append(record("342 rows read, 333 kept", 9, begin_ns + 2 * second, trace, rows__read="342", rows__kept="333"))
    send(url, step("prepare", run), rows)
    losses = [record(f"loss {0.69 / (1 + i / 3):.4f} after {100 * i} iterations", 9,
                     begin_ns + 3 * second + i * 420_000_000, trace, iteration=str(100 * i),
                     loss=f"{0.69 / (1 + i / 3):.4f}") for i in range(9)]
    send(url, step("train", run), losses)
    scores = [record("333 rows scored", 9, begin_ns + 8 * second, trace, accuracy="0.74")]
    if failing:
        scores += [record("accuracy 0.74 is below 0.80", 17, begin_ns + 8 * second + 4_000_000, trace, accuracy="0.74",
                          least="0.80"),
                   exception("damaged.csv cannot be read", begin_ns + 8 * second + 9_000_000, "CsvError",
                             "row 12 has 6 fields instead of 7", trace)]
    send(url, step("score", run), scores)
    if failing:
        send(url, step("pipeline", run), [record("step score failed with status 1", 17, begin_ns + 9 * second, trace)])


def past_hours(url, now_ns):
    """Errors over the day, so that plots have something to show."""
    minute = 60 * 1_000_000_000
    for hours, errors in ((7, 1), (6, 3), (5, 2), (4, 6), (3, 2), (2, 4), (1, 1)):
        begin = now_ns - hours * 60 * minute
        name = ("score", "prepare", "train")[hours % 3]
        records = [record(f"try {i + 1} to reach the feature store failed", 17, begin + i * minute, attempt=str(i + 1))
                   for i in range(errors)]
        if hours % 2:
            records.append(exception("connection lost", begin, "TimeoutError", "no answer within 5000 ms",
                                     f"{hours:032x}"))
        send(url, step(name, f"{hours:08d}-3720-11ea-b247-c49deda841c1"), records)


HOSTILE = {
    "markup": "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">",
    "controls": "bell\x07 escape\x1b[31m delete\x7f and NUL\x00 end",
    "direction": "abc\u202egpj.exe\u202c \u2066isolated\u2069 \u200fmark",
    "quotes": "it's \"quoted\" \\ back` and {braces} | take 1; drop table traces --",
    "large": "0123456789abcdef" * 65536,
}


def hostile(url):
    resource = {"service.name": "<b>role</b>", "parent_run_id": "'><svg onload=alert(1)>", "step_name": "<i>step</i>"}
    records = [record(text, 17, None, "ffffffffffffffffffffffffffffff0f", **{"<u>key</u>": text, "kind": kind})
               for kind, text in HOSTILE.items()]
    records.append(record("an exception", 17, None, None, exception__type="<script>alert(2)</script>",
                          exception__message=HOSTILE["markup"], exception__stacktrace=HOSTILE["direction"]))
    send(url, resource, records)
