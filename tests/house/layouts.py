#!/usr/bin/env python3
"""Sizes and offsets of what the public headers define, against the reviewed table (64-bit).

usage: layouts.py <root of the tree> [--write]
A frozen structure keeps its size, a sized one grows at its end only. So every field of the table must still be where it
was, and a new one may only take what was reserved, or follow the last. --write makes the table anew: review it.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

TABLE = "tests/house/layouts.txt"
PARTS = ("api", "sdk", "processors")
FROZEN = {"otel_str", "otel_value", "otel_attr", "otel_scope", "otel_logger", "otel_span", "otel_span_context",
          "otel_context", "otel_context_entry", "otel_context_token", "otel_log_processor", "otel_log_exporter",
          "otel_provider"}
ENTRY = re.compile(r"^\s*<(\d+)><([0-9a-f]+)>: Abbrev Number: \d+ \((DW_TAG_\w+)\)")
ATTRIBUTE = re.compile(r"^\s*<[0-9a-f]+>\s+(DW_AT_\w+)\s*:\s*(?:\(indirect[^)]*\):\s*)?(.*?)\s*$")


def debug_information(root):
    """What readelf says of an object that includes every public header."""
    includes = [root / part / "include" for part in PARTS] + sorted((root / "exporters").glob("*/include"))
    headers = sorted(str(h.relative_to(d)) for d in includes for h in d.rglob("*.h"))
    with tempfile.TemporaryDirectory() as directory:
        source, result = pathlib.Path(directory, "all.c"), pathlib.Path(directory, "all.o")
        source.write_text("".join(f"#include <{h}>\n" for h in headers))
        subprocess.run(["gcc", "-std=c11", "-D_GNU_SOURCE", "-g", "-gdwarf-4", "-fno-eliminate-unused-debug-types", "-c",
                        *(f"-I{d}" for d in includes), str(source), "-o", str(result)], check=True)
        return subprocess.run(["readelf", "--debug-dump=info", str(result)], check=True, capture_output=True,
                              text=True).stdout


def entries(text):
    """(depth, tag, attributes) of every entry."""
    entry = None
    for line in text.splitlines():
        head = ENTRY.match(line)
        if head:
            if entry:
                yield entry
            entry = (int(head[1]), head[3], {})
        elif entry and (found := ATTRIBUTE.match(line)):
            entry[2][found[1]] = found[2]
    if entry:
        yield entry


def layouts(root):
    """{structure: (size, [(field, offset)])}"""
    found, fields, depth = {}, None, 0
    for level, tag, attributes in entries(debug_information(root)):
        if tag == "DW_TAG_structure_type":
            name, size = attributes.get("DW_AT_name", ""), attributes.get("DW_AT_byte_size")
            fields = None
            if name.startswith("otel_") and size:
                fields, depth = [], level
                found[name] = (int(size, 0), fields)
        elif fields is not None and level <= depth:
            fields = None
        elif fields is not None and tag == "DW_TAG_member" and level == depth + 1:
            fields.append((attributes.get("DW_AT_name", "?"), int(attributes["DW_AT_data_member_location"], 0)))
    return found


def as_text(found):
    for name, (size, fields) in sorted(found.items()):
        yield f"{name} {size}{' frozen' if name in FROZEN else ''}"
        for field, offset in fields:
            yield f"    {field} {offset}"


def read_table(path):
    table = {}
    for line in path.read_text().splitlines():
        words = line.split()
        if not line.startswith(" "):
            fields = []
            table[words[0]] = (int(words[1]), fields)
        else:
            fields.append((words[0], int(words[1])))
    return table


def has_room(fields, offset, frozen):
    """Whether a new field may lie there: in what was reserved, or behind all others of a sized structure."""
    before = [(at, field) for field, at in fields if at <= offset]
    if not before:
        return False
    at, field = max(before)
    return field.startswith("reserved") or (not frozen and at == fields[-1][1] and offset > at)


def structure_faults(name, old, new):
    (size, fields), (new_size, new_fields) = old, new
    frozen = name in FROZEN
    for field, at in fields:
        if (field, at) not in new_fields and not field.startswith("reserved"):
            yield f"{name}: {field} is not at {at} any more"
    for field, at in new_fields:
        if (field, at) not in fields and not has_room(fields, at, frozen):
            yield f"{name}: {field} at {at} takes a place that others had"
    if new_size < size or (frozen and new_size != size):
        yield f"{name}: {new_size} bytes, it had {size}"


def faults(table, found):
    for name, old in table.items():
        if name in found:
            yield from structure_faults(name, old, found[name])
        else:
            yield f"{name} is gone"
    for name in FROZEN - set(found):
        yield f"{name} is frozen and does not exist"


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    found, path = layouts(root), root / TABLE
    if "--write" in sys.argv:
        path.write_text("\n".join(as_text(found)) + "\n")
        return
    wrong = list(faults(read_table(path), found))
    print("\n".join(wrong) if wrong else f"{len(found)} structures, none has lost or moved a field")
    sys.exit(1 if wrong or len(found) < len(FROZEN) else 0)


main()
