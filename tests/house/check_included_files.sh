#!/usr/bin/env bash
# Documents that show a source file whole show it as it is.
# usage: check_included_files.sh <root of the tree>
set -euo pipefail
python3 "$1/docs/included_files.py" --check "$1"
