#!/usr/bin/env python3
"""Keeps the source files that documents show whole, between two marks, equal to the files themselves.

usage: docs/included_files.py [--check] [root of the tree]
  --check  changes nothing; the exit status says whether all are up to date
"""
import pathlib
import re
import sys

PLACE = re.compile(r"(<!-- file: (\S+) -->\n)(.*?)(<!-- end of file -->\n)", re.DOTALL)


def shown(root, path):
    return f"\n```C\n{(root / path).read_text()}```\n\n"


def main(arguments):
    check = "--check" in arguments
    roots = [a for a in arguments if a != "--check"]
    root = pathlib.Path(roots[0] if roots else pathlib.Path(__file__).parent.parent)
    stale = 0
    for document in [root / "README.md", *sorted((root / "docs").glob("*.md"))]:
        text = document.read_text()
        new = PLACE.sub(lambda m: m.group(1) + shown(root, m.group(2)) + m.group(4), text)
        if new == text:
            continue
        if check:
            print(f"{document.name}: shows a file as it is no longer: run docs/included_files.py")
            stale += 1
        else:
            document.write_text(new)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
