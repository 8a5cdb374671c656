#!/usr/bin/env python3
"""The code blocks of a document, each as a file of its own.

usage: snippets.py <document.md> <directory>
Blocks marked c or cpp, and unmarked ones that include a header of ours. One without #include is a fragment: it becomes
the body of a function. Prints a line for each: its file, and what it shows (exporter, processor, program, fragment).
"""
import pathlib
import re
import sys

FRAGMENT = """#include <otel/otel.h>
extern otel_logger logger;
void fragment(void);
otel_logger logger = OTEL_LOGGER_INIT("fragment", "1");
void fragment(void)
{{
{text}}}
"""


def blocks(text):
    """(language, line, text) of every fenced block that is C or C++."""
    fence = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    for match in fence.finditer(text):
        language, body = match.groups()
        if not language and "#include <otel/" in body:
            language = "c"
        if language in ("c", "cpp"):
            yield language, text.count("\n", 0, match.start()) + 1, body


def kind(body):
    if "#include" not in body:
        return "fragment"
    if "otel_log_exporter_register" in body:
        return "exporter"
    if "otel_log_processor_new" in body:
        return "processor"
    return "program"


def main():
    document, directory = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    for language, line, body in blocks(document.read_text(encoding="utf-8")):
        shows = kind(body)
        path = directory / f"{document.stem}_{line}.{'c' if language == 'c' else 'cc'}"
        path.write_text(FRAGMENT.format(text=body) if shows == "fragment" else body, encoding="utf-8")
        print(path.name, shows)


main()
