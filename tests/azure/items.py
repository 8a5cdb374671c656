"""Cases and items: reading them, running azure_map, comparing."""
import json
import os
import subprocess


def expand(value):
    """Long texts are written as {"*": [[text, times], ...]}."""
    if isinstance(value, list):
        return [expand(v) for v in value]
    if isinstance(value, dict):
        if list(value) == ["*"]:
            return "".join(text * times for text, times in value["*"])
        return {k: expand(v) for k, v in value.items()}
    return value


def refuse(constant):
    raise ValueError(f"{constant} is no JSON")


def unique(pairs):
    keys = [k for k, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError(f"a key twice in {keys}")
    return dict(pairs)


def map_records(program, request, *options, limit=None):
    """The items that we make of a request, as they lie in a file, and parsed."""
    text = json.dumps(request, ensure_ascii=False).replace("\\u0000", "\ue000")
    environment = {"PATH": os.environ["PATH"]}
    if limit:
        environment["OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT"] = str(limit)
    run = subprocess.run([program, *options], input=text.encode(), capture_output=True, env=environment, check=True)
    lines = run.stdout.split(b"\n")[:-1]
    items = [json.loads(line.decode("utf-8"), object_pairs_hook=unique, parse_constant=refuse) for line in lines]
    return lines, items


def differences(ours, theirs, path=""):
    """(path, kind) of each: more (only ours has it), less (only theirs), other."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted(set(ours) | set(theirs)):
            here = f"{path}/{key}" if path else key
            if key not in theirs:
                yield here, "more", ours[key], None
            elif key not in ours:
                yield here, "less", None, theirs[key]
            else:
                yield from differences(ours[key], theirs[key], here)
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for n, (a, b) in enumerate(zip(ours, theirs)):
            yield from differences(a, b, f"{path}/{n}")
    elif isinstance(ours, bool) != isinstance(theirs, bool) or ours != theirs:
        yield path, "other", ours, theirs


def short(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) < 100 else f"{text[:60]}... ({len(text)})"
