"""Our items beside what was captured from the reference exporters (A: opencensus-ext-azure 1.1.15, B:
azure-monitor-opentelemetry-exporter 1.0.0b58, C: @azure/monitor-opentelemetry-exporter 1.0.0-beta.47), and beside what
is recommended (expected). Each difference must be explained by a row of differences.txt, each row must explain one.
usage: golden.py <azure_map> [case...]"""
import fnmatch
import json
import os
import sys

import items as lib

HERE = os.path.dirname(os.path.abspath(__file__))
PLACEHOLDERS = ("<at most 64 characters>", "<program name>", "<host name>", "<never empty: unknown_service:PROGRAM>")
LIMITS = {"many-attributes": 1000}


def read_rows():
    """reference | case | path | kind | reason, with shell patterns."""
    rows = []
    with open(os.path.join(HERE, "differences.txt"), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip() and not line.startswith("#"):
                columns = [c.strip() for c in line.split("|")]
                assert len(columns) == 5 and all(columns), f"differences.txt:{number}: five columns"
                rows.append({"line": number, "match": columns[:4], "used": 0})
    return rows


def explained(rows, found):
    for row in rows:
        if all(fnmatch.fnmatchcase(f, m) for f, m in zip(found, row["match"])):
            row["used"] += 1
            return True
    return False


def read_case(name):
    with open(os.path.join(HERE, "cases", name + ".json"), encoding="utf-8") as file:
        case = lib.expand(json.load(file))
    for reference in ("expected", "A", "B", "C"):
        for item in case.get(reference, []):
            item["tags"] = case["tags"][item["tags"]]
    return case


def is_placeholder(ours, theirs):
    return theirs in PLACEHOLDERS and isinstance(ours, str) and 0 < len(ours) <= 256


def check_always(name, lines, items):
    for line, item in zip(lines, items):
        assert len(line) <= 65536, f"{name}: {len(line)} bytes"
        assert item.pop("iKey") == "00000000-0000-0000-0000-0000000000aa"


def compare(rows, name, reference, ours, theirs):
    wrong = []
    if len(ours) != len(theirs):
        if not explained(rows, (reference, name, "items", "other")):
            wrong.append(f"{name}.{reference}: {len(ours)} items, not {len(theirs)}")
        return wrong
    for n, (our_item, their_item) in enumerate(zip(ours, theirs)):
        for path, kind, a, b in lib.differences(our_item, their_item):
            path = path.replace("data/baseData/", "")
            if not is_placeholder(a, b) and not explained(rows, (reference, name, path, kind)):
                wrong.append(f"{name}.{reference} {n} {path} {kind}: ours {lib.short(a)}, theirs {lib.short(b)}")
    return wrong


def main():
    program, names = sys.argv[1], sys.argv[2:]
    rows, wrong, compared = read_rows(), [], 0
    for name in names or sorted(n[:-5] for n in os.listdir(os.path.join(HERE, "cases"))):
        case = read_case(name)
        lines, ours = lib.map_records(program, case["input"], limit=LIMITS.get(name))
        check_always(name, lines, ours)
        for reference in ("expected", "A", "B", "C"):
            if reference in case:
                wrong += compare(rows, name, reference, ours, case[reference])
                compared += 1
    unused = [] if names else [r["line"] for r in rows if not r["used"]]
    for text in wrong:
        print(text)
    for line in unused:
        print(f"differences.txt:{line}: explains nothing")
    print(f"{compared} comparisons, {len(rows)} rows, {len(wrong)} differences that no row explains, "
          f"{len(unused)} rows without use")
    return 1 if wrong or unused or not compared else 0


sys.exit(main())
