#!/usr/bin/env bash
# usage: check_layouts.sh <root of the tree>; see layouts.py
exec python3 "$(dirname "$0")/layouts.py" "$1"
