#!/usr/bin/env python3
"""Line coverage of the libraries and tools, from what a build with --coverage left behind, as a table.

usage: coverage.py <build tree> <least percent of all>    exit status 1: below that, or a file that no test reaches
"""
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PARTS = ("api/", "sdk/", "exporters/", "tools/")
LOW = 80


def reports(build):
    """What gcov says of every object file, one JSON document each."""
    notes = [str(p.resolve()) for p in build.rglob("*.gcno") if "/tests/" not in str(p) and "/examples/" not in str(p)]
    with tempfile.TemporaryDirectory() as directory:
        for start in range(0, len(notes), 50):
            subprocess.run(["gcov", "--json-format", "--preserve-paths", *notes[start:start + 50]],
                           cwd=directory, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for path in pathlib.Path(directory).glob("*.gcov.json.gz"):
            with gzip.open(path) as file:
                yield json.load(file)


def source_name(report, name):
    path = pathlib.Path(name)
    path = (path if path.is_absolute() else pathlib.Path(report["current_working_directory"]) / path).resolve()
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else None


def count_lines(build):
    """{file: {line: times}} of our sources; a line that is compiled several times counts once."""
    lines = {}
    for report in reports(build):
        for file in report["files"]:
            name = source_name(report, file["file"])
            if not name or not name.startswith(PARTS):
                continue
            seen = lines.setdefault(name, {})
            for line in file["lines"]:
                number = line["line_number"]
                seen[number] = seen.get(number, 0) + line["count"]
    return lines


def percent(hit, total):
    return 100.0 * hit / total if total else 100.0


def main():
    build, least = pathlib.Path(sys.argv[1]), float(sys.argv[2])
    files = {name: (sum(1 for n in seen.values() if n), len(seen)) for name, seen in count_lines(build).items()}
    if not files:
        sys.exit("coverage.py: no data in " + str(build))
    folders = {}
    for name, (hit, total) in files.items():
        folder = folders.setdefault(str(pathlib.PurePath(name).parent), [0, 0])
        folder[0] += hit
        folder[1] += total
    print("lines reached by tests:")
    for folder, (hit, total) in sorted(folders.items()):
        print(f"  {folder:34} {hit:6} of {total:6}  {percent(hit, total):5.1f} %")
    hit, total = (sum(f[i] for f in files.values()) for i in (0, 1))
    print(f"  {'together':34} {hit:6} of {total:6}  {percent(hit, total):5.1f} %")
    for name, (reached, lines) in sorted(files.items(), key=lambda f: percent(*f[1])):
        if percent(reached, lines) < LOW:
            print(f"  below {LOW} %: {name} {percent(reached, lines):.1f} % ({lines - reached} lines not reached)")
    unreached = [name for name, (reached, lines) in files.items() if lines > 3 and not reached]
    for name in unreached:
        print(f"  no test reaches {name}")
    sys.exit(1 if unreached or percent(hit, total) < least else 0)


main()
