"""The page of the desk as somebody sees it: asks, opens rows, follows an operation, watches the tail and an alert, on a
phone and on a desktop, light and dark. usage: test_desk_page.py <directory for screenshots>"""
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import time

import chromium
import desk_scene

here = os.path.dirname(os.path.abspath(__file__))
checks = open(os.path.join(here, "page_checks.js")).read()
shots = sys.argv[1]
WIDTHS = {"desktop": (1360, 900, False), "phone": (390, 844, True)}

# Fires while the latest record is a step that failed: so the test decides for how long.
RULES = """
[failed steps]
query = union traces, exceptions | top 1 by timestamp | where message == 'step watched failed' | summarize count()
comparison = >
threshold = 0
every = 1s
"""


class Desk:
    def __init__(self, directory, *more, **variables):
        self.process = subprocess.Popen([os.environ["DESK"], "serve", "--listen", "127.0.0.1:0", "--db",
                                         os.path.join(directory, "desk.db"), *more], stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, **variables})
        self.url = self.process.stdout.readline().split()[-1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        expect("exit status of the desk", self.process.wait(60), 0)


def expect(what, found, wanted=True):
    if found != wanted:
        raise AssertionError(f"{what}: {found!r} instead of {wanted!r}")


def text_of(selector):
    return f"(document.querySelector({json.dumps(selector)})?.textContent ?? '')"


def count_of(selector):
    return f"document.querySelectorAll({json.dumps(selector)}).length"


def ask(page, query):
    """As a hand does it: into the box, all of it away, the new one, Control and Enter."""
    page.click("#query-text")
    page.press("a", 65, 2)
    page.evaluate("document.getElementById('query-text').select()")
    page.type(query)
    page.press("Enter", 13, 2)
    page.wait(f"location.hash === '#q=' + encodeURIComponent({json.dumps(query)}) && "
              "!document.getElementById('ask').hasAttribute('aria-busy')")


def open_page(browser, desk, width, dark, path="/", reduced=False):
    page = browser.page(*WIDTHS[width][:2], dark=dark, phone=WIDTHS[width][2], reduced=reduced)
    page.open(desk.url + path)
    page.wait("document.querySelectorAll('#results tbody tr').length > 0")
    page.wait("document.querySelectorAll('#over-time rect, #problems li').length > 1")
    page.wait("document.querySelectorAll('#run-steps > li').length > 0")
    page.wait(text_of("#tail-status") + " === 'live'")
    return page


def settle(page, desk):
    """Nobody complains, nothing was asked of anybody else, and every element is as it should be."""
    expect("complaints", page.complaints, [])
    foreign = [url for url in page.requests() if not url.startswith(desk.url + "/") and not url.startswith("about:")]
    expect("foreign addresses", foreign, [])
    expect("faults", page.evaluate(checks), [])


def looks_right_everywhere(browser, desk):
    for width in WIDTHS:
        for dark in (False, True):
            page = open_page(browser, desk, width, dark, reduced=True)
            ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
            expect("dark ground", sum(map(int, ground[4:-1].split(","))) < 128 * 3, dark)
            expect("rows fit", page.evaluate("(e => e.scrollWidth <= e.clientWidth)(document.getElementById('results'))"))
            page.screenshot(os.path.join(shots, f"{width}-{'dark' if dark else 'light'}.png"), whole=width == "phone")
            settle(page, desk)


def answers_queries(browser, desk):
    page = open_page(browser, desk, "desktop", False)
    ask(page, "traces | where customDimensions.Level == 'WARNING' | project timestamp, message, customDimensions")
    page.wait(count_of("#results tbody tr") + " === 5")
    expect("status", page.evaluate(text_of("#result-status") + ".startsWith('5 rows in ')"))
    expect("text", page.evaluate(text_of("#results td[data-name=message]")), "row 40 left out: bill_depth_mm is missing")

    # With the keyboard alone: from the results to the first row's button, which opens it.
    page.evaluate("document.getElementById('results').focus()")
    page.press("Tab", 9)
    expect("focus", page.evaluate("document.activeElement.className"), "opener")
    expect("focus is seen", page.evaluate("getComputedStyle(document.activeElement).outlineStyle"), "solid")
    page.press("Enter", 13, text="\r")
    page.wait(count_of("tr.detail") + " === 1")
    shown = page.evaluate("Object.fromEntries([...document.querySelectorAll('tr.detail dl > div')]"
                          ".map((pair) => [...pair.children].map((e) => e.textContent)))")
    expect("dimension", shown.get("column"), "bill_depth_mm")
    expect("dimension", shown.get("parent_run_id"), desk_scene.RUN)
    page.screenshot(os.path.join(shots, "dimensions.png"))
    page.press("Tab", 9)  # into what was opened, which Escape closes
    expect("focus", page.evaluate("document.activeElement.closest('tr').className"), "detail")
    page.press("Escape", 27)
    page.wait(count_of("tr.detail") + " === 0")
    expect("focus", page.evaluate("document.activeElement.className"), "opener")

    ask(page, "traces | wher message == 1")
    page.wait("!document.getElementById('query-error').hidden")
    expect("mistake", page.evaluate(text_of("#query-error") + ".startsWith('Line 1, column 10: ')"))
    expect("its place", page.evaluate(text_of("#query-error .place")), "traces | wher message == 1")
    expect("its place", page.evaluate(text_of("#query-error mark")), "wher")
    expect("old rows are gone", page.evaluate(count_of("#results tr")), 0)
    page.screenshot(os.path.join(shots, "mistake.png"))
    # A query that was refused is said by the browser's console too: that one is wanted.
    expect("complaints", [c for c in page.complaints if "400 (Bad Request)" not in c], [])
    page.evaluate("history.back()")
    page.wait(count_of("#results tbody tr") + " === 5")
    expect("the way back", page.evaluate("document.getElementById('query-error').hidden"))
    page.evaluate("document.querySelector('.skip').focus()")
    page.press("Enter", 13, text="\r")
    expect("focus", page.evaluate("document.activeElement.id"), "query-text")
    expect("the question stays in the address", page.evaluate("location.hash.startsWith('#q=traces')"))
    page.evaluate("history.back()")
    page.wait("location.hash === '' && " + count_of("#results tbody tr") + " > 20")  # as the page began
    expect("the first query", page.evaluate("document.getElementById('query-text').value.startsWith('union (traces')"))


def the_four_queries_are_ready(browser, desk):
    page = open_page(browser, desk, "phone", True)
    expect("ready queries", page.evaluate(count_of("#ready-queries a")), 4)
    for nth, wanted in ((1, 19), (2, 38), (3, 21)):
        page.click(f"#ready-queries a:nth-child({nth})")
        page.wait(text_of("#result-status") + f".startsWith('{wanted} rows in ')")
    page.click("#results > button")
    page.wait(count_of("#results tbody tr") + " === 21")
    page.screenshot(os.path.join(shots, "phone-errors.png"))
    page.click("#ready-queries a:nth-child(4)")
    page.wait(text_of("#results .single strong") + " === '21'")
    settle(page, desk)


def follows_an_operation(browser, desk):
    page = open_page(browser, desk, "desktop", True)
    ask(page, "exceptions | where type == 'CsvError'")
    page.wait(count_of("#results tbody tr") + " === 1")
    page.click("#results td[data-name=operation_Id] a")
    page.wait(count_of("#results tbody tr") + " === 20")
    expect("query", page.evaluate("document.getElementById('query-text').value"),
           "union traces, exceptions | where operation_Id == '4bf92f3577b34da6a3ce929d0e0e4736' | order by timestamp asc")
    page.screenshot(os.path.join(shots, "operation.png"))
    page.click("#run-steps > li:last-child a")  # and from a step to its logs
    page.wait(count_of("#results tbody tr") + " === 3")
    page.click("#problems a")
    page.wait("document.getElementById('query-text').value.startsWith('exceptions | where timestamp > ago(24h)')")
    page.wait(count_of("#results tbody tr") + " > 0")
    page.click("#over-time a")
    page.wait("document.getElementById('query-text').value.includes('datetime(')")
    page.wait(count_of("#results tbody tr") + " > 0")
    settle(page, desk)


def watches_the_tail_and_an_alert(browser, desk):
    page = open_page(browser, desk, "phone", False)
    page.wait("!document.getElementById('alerts').hidden")
    page.wait(text_of("#alerts-status") + " === 'all quiet'")
    desk_scene.send(desk.url, desk_scene.step("watched"), [desk_scene.record("step watched failed", 17)])
    page.wait(text_of("#tail-lines li:first-child .text") + " === 'step watched failed'")
    page.wait(text_of("#alerts-status") + " === '1 firing'")
    expect("title", page.evaluate("document.title"), "(1) Collector desk")
    page.evaluate("document.getElementById('alerts').scrollIntoView()")
    page.screenshot(os.path.join(shots, "phone-firing.png"))
    settle(page, desk)
    desk_scene.send(desk.url, desk_scene.step("watched"), [desk_scene.record("well again")])
    page.wait(text_of("#tail-lines li:first-child .text") + " === 'well again'")
    page.wait(text_of("#alerts-status") + " === 'all quiet'")
    expect("title", page.evaluate("document.title"), "Collector desk")

    page.click("#tail-pause")
    desk_scene.send(desk.url, desk_scene.step("watched"), [desk_scene.record("while paused")])
    page.wait(text_of("#tail-status") + " === 'paused, 1 line since'")
    expect("paused", page.evaluate(text_of("#tail-lines li .text")), "well again")
    page.click("#tail-pause")
    page.wait(text_of("#tail-lines li .text") + " === 'while paused'")
    page.click("#tail-filter")
    page.type("step watched")
    page.wait("[...document.querySelectorAll('#tail-lines li')].filter((line) => line.checkVisibility()).length === 1")
    settle(page, desk)


def shows_what_strangers_write_as_text(browser, desk):
    desk_scene.hostile(desk.url)
    for width in WIDTHS:
        page = open_page(browser, desk, width, False)
        ask(page, "traces | where isnotempty(customDimensions.kind)")
        page.wait(f"{count_of('#results tbody tr')} === {len(desk_scene.HOSTILE)}")
        for kind, text in desk_scene.HOSTILE.items():
            ask(page, f"traces | where customDimensions.kind == '{kind}'")
            page.wait(count_of("#results tbody tr") + " === 1")
            page.click("#results .opener")
            if len(text) > 400:
                expect("folded", page.evaluate("document.querySelector('tr.detail').textContent.length") < 10000)
                page.click("tr.detail button")
            shown = text.replace("\x07", "\\x07").replace("\x1b", "\\x1b").replace("\x7f", "\\x7f").replace("\0", "\\x00")
            for mark in "\u202e\u202c\u2066\u2069\u200f":
                shown = shown.replace(mark, f"\\u{ord(mark):04x}")
            page.wait(f"[...document.querySelectorAll('tr.detail .text')].some((e) => e.textContent === {json.dumps(shown)})")
        page.screenshot(os.path.join(shots, f"{width}-large.png"))
        ask(page, "union traces, exceptions | where cloud_RoleName has 'role' or itemType == 'exception'")
        page.wait(count_of("#results tbody tr") + " > 5")
        page.click("#all-columns")
        page.screenshot(os.path.join(shots, f"{width}-hostile.png"))
        expect("title", page.evaluate("document.title.endsWith('Collector desk')"))
        expect("dialogs", [e for e in browser.events if e["method"] == "Page.javascriptDialogOpening"], [])
        settle(page, desk)


def begins_empty_behind_a_token(browser, directory):
    """A page that is open before anything has come shows it when it comes; the token leaves the address."""
    secret = "open sesame".replace(" ", "-")
    with Desk(directory, DESK_TOKEN=secret) as desk:
        page = browser.page(*WIDTHS["desktop"][:2])
        page.open(desk.url + "/?token=" + secret)
        page.wait(text_of("#results") + ".includes('OTEL_EXPORTER_OTLP_ENDPOINT=' + location.origin)")
        expect("address", page.evaluate("location.href"), desk.url + "/")
        expect("cookie for scripts", page.evaluate("document.cookie"), "")
        page.wait(text_of("#tail-status") + " === 'live'")
        page.screenshot(os.path.join(shots, "empty.png"))
        desk_scene.send(desk.url, desk_scene.step("first"), [desk_scene.record("the first record")],
                        {"Authorization": "Bearer " + secret})
        page.wait(text_of("#results td[data-name=message]") + " === 'the first record'")
        settle(page, desk)


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """The page of a foreign site."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>elsewhere</title>")

    def log_message(self, *_):
        pass


def foreign_pages_learn_nothing(browser, desk):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.page(*WIDTHS["desktop"][:2])
    page.open(f"http://localhost:{server.server_address[1]}/")
    script = """(async (desk) => {
        const learned = [];
        for (const mode of ["cors", "no-cors"]) for (const [path, body] of [["/query", "traces"], ["/alerts"], ["/tail"]])
            await fetch(desk + path, {mode, method: body ? "POST" : "GET", body, credentials: "include"})
                .then((answer) => answer.text()).then((text) => text && learned.push(text)).catch(() => {});
        const frame = document.createElement("iframe");
        frame.src = desk;
        document.body.append(frame);
        await new Promise((done) => { frame.onload = done; });
        try { learned.push(frame.contentDocument.title); } catch {}
        return learned.filter((text) => text);
    })(%s)""" % json.dumps(desk.url)
    expect("learned", page.evaluate(script), [])
    mine = [event for event in browser.events if event.get("sessionId") == page.session]
    asked = {event["params"]["requestId"] for event in mine if event["method"] == "Network.requestWillBeSent"
             and event["params"]["request"]["url"].startswith(desk.url + "/") and event["params"]["type"] == "Fetch"}
    expect("asked", len(asked) >= 6)
    expect("answers", {event["params"]["statusCode"] for event in mine
                       if event["method"] == "Network.responseReceivedExtraInfo"
                       and event["params"]["requestId"] in asked}, {403})
    server.shutdown()


def main():
    if not chromium.find_program():
        print("skipped: there is no Chromium here (Debian: chromium)")
        return
    os.makedirs(shots, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        rules = os.path.join(directory, "alerts.conf")
        open(rules, "w").write(RULES)
        with Desk(directory, "--alerts", rules) as desk, chromium.Browser() as browser:
            now = time.time_ns()
            desk_scene.past_hours(desk.url, now)
            desk_scene.run_pipeline(desk.url, now - 60_000_000_000)
            for test in (looks_right_everywhere, answers_queries, the_four_queries_are_ready, follows_an_operation,
                         watches_the_tail_and_an_alert, foreign_pages_learn_nothing,
                         shows_what_strangers_write_as_text, begins_empty_behind_a_token):
                begun = time.monotonic()
                with tempfile.TemporaryDirectory() as empty:
                    test(browser, empty if test is begins_empty_behind_a_token else desk)
                print(f"{test.__name__}: {time.monotonic() - begun:.1f} s", flush=True)


main()
