#!/usr/bin/env python3
"""Writes manual pages from the comments of public headers: one page a header, and one that leads there a function.

usage: docs/man_pages.py VERSION DIRECTORY INCLUDE...
  DIRECTORY  where man3/ is made, INCLUDE directories that hold otel/**/*.h
"""
import pathlib
import re
import sys

COMMENT = re.compile(r"/\*(.*?)\*/", re.DOTALL)
FUNCTION = re.compile(r"\b(otel_\w+)\s*\((?!\*)")
HIDDEN = re.compile(r"\b(?:otel_p_|OTEL_P_)\w+")


def words_of(comment):
    lines = [re.sub(r"^\s*\*? ?", "", line) for line in comment.strip().splitlines()]
    return "\n".join(line.rstrip() for line in lines).strip()


def blocks_of(text):
    """The header as (comment, code) pairs: a comment that begins a line, and the code up to the next such."""
    text = re.sub(r"(?m)^#(?:ifndef OTEL_\w+_H|define OTEL_\w+_H|include\b.*|endif\b.*|if\b.*|else\b.*|elif\b.*|ifdef\b.*"
                  r"|undef\b.*|ifndef\b.*)\n", "", text)
    text = re.sub(r"(?m)^(?:OTEL_EXTERN_C_(?:BEGIN|END)|OTEL_STATIC_ASSERT\(.*\);)\n", "", text)
    parts = re.split(r"(?m)^(/\*.*?\*/)[ \t]*\n", text, flags=re.DOTALL | re.MULTILINE)
    pairs = [("", parts[0])]
    for comment, code in zip(parts[1::2], parts[2::2]):
        pairs.append((words_of(comment[2:-2]), code))
    return pairs


def without_bodies(code):
    """Declarations: inline functions lose their bodies, macros keep name and parameters."""
    code = re.sub(r"(?m)^#define\s+(\w+(?:\([^)]*\))?)(?:[^\n]*\\\n)*[^\n]*", r"#define \1", code)
    code = re.sub(r"(?ms)^((?:OTEL_(?:SDK_)?INLINE|inline)\s[^;{}]*?)\s*\n\{.*?^\}", r"\1;", code)
    code = re.sub(r"\bOTEL_(?:API|INLINE|SDK_INLINE)\s+", "", code)
    code = re.sub(r"\s+OTEL_PRINTF\(\d+, \d+\)", "", code)
    paragraphs = re.split(r"\n\s*\n|(?<=;)\n(?=\S)|(?m:(?<=\n)(?=#define))", code)
    return "\n".join(p.strip("\n") for p in paragraphs if p.strip() and not HIDDEN.search(p))


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.splitlines())


def page_of(header, text, version):
    pairs = blocks_of(text)
    top = next(comment for comment, _ in pairs if comment)
    title = "otel_" + header.removeprefix("otel/").replace("/", "_")
    summary = re.split(r"(?<=[.:;])\s", top.replace("\n", " "))[0].rstrip(".:;")
    out = [f'.TH {title} 3 "" "OpenTelemetry for C {version}"', ".SH NAME", roff(f"{title} - {summary}"), ".SH SYNOPSIS",
           ".nf", roff(f"#include <{header}>"), ".fi", ".SH DESCRIPTION", roff(top), ".SH DECLARATIONS"]
    names = set()
    for comment, code in pairs:
        code = without_bodies(code)
        names |= set(FUNCTION.findall(COMMENT.sub("", code)))
        if code:
            out += [".PP", ".nf", roff(code), ".fi"]
        if comment and comment != top and code:
            out += [".RS 4", roff(comment), ".RE"]
    return title, names, "\n".join(out) + "\n"


def main(version, directory, *includes):
    man3 = pathlib.Path(directory) / "man3"
    man3.mkdir(parents=True, exist_ok=True)
    for include in includes:
        for path in sorted(pathlib.Path(include).glob("otel/**/*.h")):
            title, names, page = page_of(str(path.relative_to(include)), path.read_text(), version)
            (man3 / f"{title}.3").write_text(page)
            for name in names:
                (man3 / f"{name}.3").write_text(f".so man3/{title}.3\n")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
