#!/usr/bin/env python3
"""Writes the table of environment variables in README.md from the lists that the code reads.

usage: docs/environment_table.py [--check] [root of the tree]
  --check  changes nothing; the exit status says whether README.md is up to date
"""
import pathlib
import re
import sys

BEGIN, END = "<!-- variables: written by docs/environment_table.py -->\n", "<!-- end of variables -->\n"
TOPS = ["sdk", "processors", "exporters", "bridges", "tools"]
FIRST = ["sdk", "exporters/otlp", "exporters/azure_monitor", "exporters/http", "exporters/console"]  # in this order; the others follow by name
ROW = re.compile(r'OTEL_VARIABLE\(\s*(\w+)\s*,\s*([A-Z]+)\((.*?)\)\s*,\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)', re.DOTALL)


def text_of(literals):
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals)).replace('\\"', '"')


def columns_of(kind, arguments, meaning):
    """The columns "default" and "meaning"."""
    if kind == "INTEGER":
        default, least, most = (int(number) for number in arguments.split(","))
        return str(default), f"{meaning}; {least} to {most:,}"
    if kind == "ENUM":
        choices = text_of(arguments).split("|")
        several = " or ".join(f"`{choice}`" for choice in choices) + "; " if len(choices) > 1 else ""
        return choices[0], several + meaning
    if kind == "LIMIT" and arguments.strip() == "UINT32_MAX":
        return "no limit", meaning
    if kind in ("BOOLEAN", "LIMIT", "DURATION", "TIMEOUT"):
        return arguments.strip(), meaning
    return text_of(arguments), meaning


def rows_of(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    rows = [(name, columns_of(kind, arguments, text_of(meaning)))
            for name, kind, arguments, meaning in ROW.findall(text)]
    if len(rows) != text.count("OTEL_VARIABLE("):
        sys.exit(f"{path}: a row cannot be read")
    return rows


def table_of(lists):
    """Neighbours that differ in their name only share a line."""
    lines = []
    for name, columns in (row for path in lists for row in rows_of(path)):
        if lines and lines[-1][1] == columns:
            lines[-1][0].append(name)
        else:
            lines.append(([name], columns))
    table = "| variable | default | meaning |\n|---|---|---|\n"
    for names, (default, meaning) in lines:
        table += f"| {', '.join(f'`{name}`' for name in names)} | {default} | {meaning} |\n".replace("|  |", "| |")
    return table


def main(arguments):
    check = "--check" in arguments
    roots = [a for a in arguments if a != "--check"]
    root = pathlib.Path(roots[0] if roots else pathlib.Path(__file__).parent.parent)
    lists = [path for top in TOPS for path in root.glob(f"{top}/**/variables.def")]
    part = lambda path: str(path.relative_to(root)).split("/src/")[0]
    lists.sort(key=lambda path: (FIRST.index(part(path)) if part(path) in FIRST else len(FIRST), path))

    readme = root / "README.md"
    old = readme.read_text()
    if old.count(BEGIN) != 1 or old.count(END) != 1:
        sys.exit(f"{readme}: the two marks of the table are not there")
    before, rest = old.split(BEGIN)
    new = before + BEGIN + table_of(lists) + END + rest.split(END)[1]
    if check and new != old:
        sys.exit("README.md: the table of variables is out of date: run docs/environment_table.py")
    if not check:
        readme.write_text(new)


main(sys.argv[1:])
