#!/usr/bin/env python3
"""Gives generated headers to propagation_probe and to OpenTelemetry's propagators of other languages, and compares what
each makes of them. Where they differ, a ruling on that kind of input decides; a difference that none explains fails.

The rulings themselves are a peer too (peer_rulings.py), which may not differ at all, and is asked about contexts and
environments besides.

usage: differential.py <propagation_probe> <peer>=<command>... [--count N] [--seed N]
peer: rulings, python, javascript
"""
import collections
import json
import random
import re
import shlex
import subprocess
import sys
import threading

import differential_inputs
import differential_rulings


def ask(command, requests):
    """The replies of a program that speaks the line protocol."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               text=True, encoding="utf-8", errors="surrogateescape")

    def write():
        for request in requests:
            process.stdin.write(json.dumps(request) + "\n")
        process.stdin.close()

    writer = threading.Thread(target=write)
    writer.start()
    replies = [json.loads(line) for line in process.stdout]
    writer.join()
    if process.wait() != 0 or [r["id"] for r in replies] != [r["id"] for r in requests]:
        sys.exit(f"{command}: {len(replies)} replies to {len(requests)} requests, exit status {process.returncode}")
    return replies


def sent_baggage(header):
    """Entries of an outgoing header, so that more encoding than needed and the order do not count."""
    entries = {}
    for member in filter(None, header.split(",")):
        pair, _, properties = member.partition(";")
        name, _, value = pair.partition("=")
        bytes_of = re.sub("%([0-9A-Fa-f]{2})", lambda m: chr(int(m[1], 16)), value.strip())
        entries[name.strip()] = (bytes_of, ";".join(p.strip() for p in properties.split(";")))
    return entries


def meaning(reply):
    """What is compared."""
    if "envkey" in reply:
        return {"envkey": reply["envkey"]}
    found = {key: reply[key] or "" for key in ("trace_id", "span_id", "flags", "tracestate")}
    found["baggage"] = {name: (value, (meta or "").strip(" \t")) for name, value, meta in reply["baggage"]}
    for name, value in reply["inject"].items():
        found["sent " + name] = sent_baggage(value) if name.lower() == "baggage" else value
    return found


def differences(ours, theirs):
    a, b = meaning(ours), meaning(theirs)
    return {key: (a.get(key), b.get(key)) for key in {*a, *b} if a.get(key) != b.get(key)}


def compare(peer, requests, ours, theirs):
    """Prints what decides, and how often; the number of differences that nothing explains."""
    decided, unexplained = collections.Counter(), 0
    for request, our, their in zip(requests, ours, theirs):
        found = differences(our, their)
        if not found:
            decided["(same)"] += 1
            continue
        rules = peer != "rulings" and differential_rulings.deciding(peer, request["headers"], set(found))
        decided[" ".join(rules or ["NOTHING"])] += 1
        if not rules:
            unexplained += 1
            if unexplained <= 20:
                print(f"unexplained: {json.dumps(request)}\n  ours, {peer}: {found}")
    print(f"{peer}: {len(requests)} inputs, {decided.pop('(same)', 0)} the same, {unexplained} unexplained")
    for rules, count in decided.most_common():
        print(f"  {count:6} {rules}")
    return unexplained


def main(arguments):
    options = {"--count": 2000, "--seed": 1}
    while len(arguments) > 2 and arguments[-2] in options:
        options[arguments[-2]] = int(arguments[-1])
        arguments = arguments[:-2]
    if len(arguments) < 2:
        sys.exit(__doc__)
    r = random.Random(options["--seed"])
    requests = differential_inputs.make(r, options["--count"])
    own = differential_inputs.make_own(r, options["--count"])
    ours = ask([arguments[0]], requests + own)
    unexplained = 0
    for word in arguments[1:]:
        peer, _, command = word.partition("=")
        asked = requests + own if peer == "rulings" else requests
        unexplained += compare(peer, asked, ours, ask(shlex.split(command), asked))
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
