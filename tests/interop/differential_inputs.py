"""Requests for propagation_probe: headers that are right, nearly right, and wrong in every way the rulings speak of."""

TOKEN = "!#$&'*+-.^_`|~abcxyzABC0189"
VALUE = "abcxyzABC0189!#$&'()*+-./:<=>?@[]^_`{|}~"
ODD = ["\n", "\r", "\x01", "\x7f", "ä", "\u00a0", "\"", "\\", " ", "\t", "%", "%4", "%zz"]


def text(r, alphabet, least, most):
    return "".join(r.choice(alphabet) for _ in range(r.randint(least, most)))


def digits(r, n):
    return text(r, "0123456789abcdef", n, n)


def once_in(r, n):
    return r.randrange(n) == 0


def blanks(r):
    return text(r, " \t", 0, 2) if once_in(r, 4) else ""


def spoiled(r, value, alphabet):
    """One edit somewhere."""
    at = r.randint(0, len(value))
    kind = r.randrange(4)
    if kind == 0:
        return value[:at] + r.choice(alphabet) + value[at:]
    if kind == 1:
        return value[:at] + value[at + 1:]
    if kind == 2:
        return value[:at] + r.choice(alphabet) + value[at + 1:]
    return value.upper() if once_in(r, 2) else value + r.choice(alphabet)


def traceparent(r):
    version = r.choice(["00"] * 8 + ["01", "cc", "fe", "ff"])
    flags = r.choice(["00", "01", "01", "02", "03", "04", "09", "ff", digits(r, 2)])
    trace = "0" * 32 if once_in(r, 30) else digits(r, 32)
    span = "0" * 16 if once_in(r, 30) else digits(r, 16)
    value = f"{version}-{trace}-{span}-{flags}"
    if once_in(r, 8):
        value += r.choice(["-", "-x", ".x", "-00", "x", "- "])
    if once_in(r, 5):
        value = spoiled(r, value, list("0123456789abcdefgA-._ \n\t") + ["ä"])
    return blanks(r) + value + blanks(r)


def state_member(r):
    key = r.choice("abcz019") + text(r, "abc019_-*/@", 0, 6)
    if once_in(r, 30):
        key = "k" * r.choice([241, 255, 256, 257])
    value = text(r, VALUE.replace("=", "") + " \"\\%;", 0, 6) + r.choice("abc019~")
    if once_in(r, 30):
        value = "v" * r.choice([255, 256, 257])
    member = f"{key}={value}"
    return spoiled(r, member, list("=,@A. ") + ODD) if once_in(r, 12) else member


def tracestate(r):
    count = r.choice([0, 1, 1, 2, 2, 3, 5, 31, 32, 33] if once_in(r, 3) else [1, 2, 3])
    members = [state_member(r) for _ in range(count)]
    if members and once_in(r, 8):
        members.append(r.choice(members))
    if once_in(r, 8):
        members.insert(r.randint(0, len(members)), r.choice(["", " ", "\t"]))
    return ",".join(blanks(r) + m + blanks(r) for m in members)


def baggage_value(r):
    value = text(r, VALUE, 0, 6)
    for _ in range(r.choice([0, 0, 1, 3])):
        value += r.choice(["%20", "%25", "%2C", "%3b", "%C3%A4", "%e2%82%ac", "%ff", "%c3", "%00", "%41", "+", "%F0%9F%98%80"])
    return value


def baggage_member(r):
    name = text(r, TOKEN if once_in(r, 3) else "abcXYZ019_-.", 1, 6) if not once_in(r, 10) else r.choice(["%6B", "a#b", "k%", "", "a b", "k(", "ä"])
    member = f"{name}{blanks(r)}={blanks(r)}{baggage_value(r)}"
    for _ in range(r.choice([0, 0, 0, 1, 2])):
        member += f"{blanks(r)};{blanks(r)}" + r.choice(["m", "m=1", "m = 1", "", "m n", "=", "m=\"x\"", "m%20n=%41"])
    return spoiled(r, member, list("=;%+") + ODD) if once_in(r, 10) else member


def baggage(r):
    members = [baggage_member(r) for _ in range(r.choice([0, 1, 1, 2, 2, 3, 5]))]
    if once_in(r, 40):
        members = [f"k{i}={'v' * r.choice([1, 100, 120, 130])}" for i in range(r.choice([63, 64, 65, 180, 200]))]
    if once_in(r, 40):
        members.append("long=" + "v" * r.choice([4080, 4100, 8187, 8188, 9000]))
    if members and once_in(r, 8):
        members.append(r.choice(members).partition("=")[0] + "=again")
    if once_in(r, 10):
        members.append("")
    return ",".join(blanks(r) + m + blanks(r) for m in members)


def several(r, make):
    """A header, sometimes a list of them."""
    return [make(r) for _ in range(r.choice([2, 2, 3]))] if once_in(r, 10) else make(r)


def b3_id(r, sizes):
    size = r.choice(sizes)
    value = "0" * size if once_in(r, 30) else digits(r, size)
    return spoiled(r, value, list("0123456789abcdefgA- ")) if once_in(r, 15) else value


def b3_state(r):
    return r.choice(["0", "1", "1", "d", "d", "true", "false", "", "2", "D", "01"] if once_in(r, 4) else ["0", "1", "d"])


def b3_single(r):
    if once_in(r, 12):
        return b3_state(r)
    value = b3_id(r, [32, 32, 16]) + "-" + b3_id(r, [16])
    if not once_in(r, 5):
        value += "-" + b3_state(r)
        if once_in(r, 4):
            value += "-" + b3_id(r, [16])
        if once_in(r, 20):
            value += "-" + b3_state(r)
    if once_in(r, 15):
        value = spoiled(r, value, list("0123456789abcdef-x "))
    return blanks(r) + value if once_in(r, 10) else value


def b3_multi(r, headers):
    if not once_in(r, 15):
        headers["X-B3-TraceId"] = b3_id(r, [32, 32, 16] if not once_in(r, 10) else [15, 17, 31])
    if not once_in(r, 15):
        headers["x-b3-spanid"] = b3_id(r, [16] if not once_in(r, 10) else [15, 17])
    if not once_in(r, 4):
        headers["X-B3-Sampled"] = r.choice(["0", "1", "1", "true", "false", "d", "", "2", "True"] if once_in(r, 3) else "01")
    if once_in(r, 4):
        headers["X-B3-Flags"] = r.choice(["1", "1", "0", "2", ""])
    if once_in(r, 4):
        headers["X-B3-ParentSpanId"] = b3_id(r, [16, 16, 15])


def context(r):
    """What was there before: ours, or of another request."""
    ids = {"trace_id": digits(r, 32), "span_id": digits(r, 16), "flags": digits(r, 2), "tracestate": "old=1"}
    entries = [[f"old{i}", r.choice(["", "1", " ä,;%\"\\\r\n", "+"]), r.choice(["", "", "m", "m=1;n", "m n", "ä", ";"])]
               for i in range(r.randint(0, 3))]
    if once_in(r, 3):
        entries.append([r.choice(["a b", "ä", "k=", "new"]), "1", ""])
    return {**(ids if once_in(r, 2) else {}), "baggage": entries}


def as_environment(r, headers):
    """Names as the carrier wants them, or nearly."""
    return {name.upper().replace("-", "_") if not once_in(r, 6) else r.choice([name, name.upper(), "9" + name]):
            value[0] if isinstance(value, list) else value for name, value in headers.items()}


def make_own(r, count):
    """Requests that only we and the rulings can answer: with a context before, of an environment, names for one."""
    requests = make(r, count)
    for n, q in enumerate(requests):
        kind = r.randrange(4)
        if kind < 2:
            q["context"] = context(r)
        if kind in (1, 2):
            q.update(carrier="env", headers=as_environment(r, q["headers"]))
        if kind == 3:
            requests[n] = {"id": q["id"], "envkey": text(r, "abcXYZ019_-. =\té€😀\u0301", 0, 12)}
    return requests


def request(r, number):
    kind = r.choice(["tracecontext", "tracecontext", "baggage", "baggage", "b3", "b3multi", "tracecontext,baggage"])
    headers = {}
    if "tracecontext" in kind:
        headers["traceparent"] = several(r, traceparent) if once_in(r, 4) else traceparent(r)
        if not once_in(r, 4):
            headers["TraceState"] = several(r, tracestate)
        if once_in(r, 30):
            del headers["traceparent"]
    if "baggage" in kind:
        headers["baggage"] = several(r, baggage)
    if "b3" in kind:
        if not once_in(r, 2):
            headers["b3"] = [b3_single(r), b3_single(r)] if once_in(r, 20) else b3_single(r)
        if "b3" not in headers or once_in(r, 3):
            b3_multi(r, headers)
    return {"id": str(number), "propagators": kind, "carrier": "http", "headers": headers}


def make(r, count):
    return [request(r, n) for n in range(count)]
