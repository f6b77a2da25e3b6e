#!/usr/bin/env python3
"""The pages of cloudbench in a real browser: start, watch, two in line, cancel, restart in the middle, compare, several places,
downloads, axe.

    cloud.py PROGRAM

PROGRAM is the built cloudbench. Needs PyPI's playwright and axe-playwright-python, and Debian's chromium. With
TRACECORE_KEEP_PICTURES=FOLDER, the pages are kept as pictures.
"""
import csv, io, json, os, signal, subprocess, sys, tempfile, urllib.request
from playwright.sync_api import sync_playwright, expect
from axe_playwright_python.sync_playwright import Axe

WRONG = []
expect.set_options(timeout=30_000)


class Server:
    """The program, on a port of its own choice, over the simulated clouds."""

    def __init__(self, program, store, port=0):
        self.process = subprocess.Popen(
            [program, "serve", "--network", "clouds", "--store", store, "--rate", "600", "-l", f"127.0.0.1:{port}"],
            stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if "listening on" in line:
                self.url = line.split()[-1]
                return
        sys.exit("cloudbench ended before it listened")

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(20)


def page_of(browser, width=1280, scheme="light", script=True):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script)
    page = context.new_page()
    page.on("console", lambda message: WRONG.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: WRONG.append(str(error)))
    return page


def start(page, url, *providers, rounds=5):
    page.goto(url)
    for provider in providers:
        page.check(f"input[name=provider][value={provider}]")
    page.fill("input[name=rounds]", str(rounds))
    page.click("text=Start")
    assert "/runs/" in page.url, page.url
    return page.url


def runs(browser, url):
    """A run is started, watched by two, and found whole; its map fills and its bars settle meanwhile."""
    page, other = page_of(browser), page_of(browser, width=360, scheme="dark")
    run = start(page, url)
    other.goto(run)
    expect(page.locator("#state")).to_contain_text("measures: ")
    expect(page.locator("#log")).to_contain_text("looks names up")
    expect(page.locator("#found svg path.s1").first).to_be_attached()
    expect(other.locator("#state")).to_contain_text("measures: ")
    expect(page.locator("#state")).to_contain_text("Done in ")
    expect(other.locator("#state")).to_contain_text("Done in ")
    rows = page.locator("#found table").first.locator("tbody tr")
    assert rows.count() > 150, rows.count()
    expect(page.locator("#found")).to_contain_text("a front end near here: it answers in")
    expect(page.locator("#found")).to_contain_text("The way to ")
    report = json.load(urllib.request.urlopen(run + "/json"))
    assert report["schemaVersion"] == 1 and len(report["results"]) == 267
    table = list(csv.reader(io.StringIO(urllib.request.urlopen(run + "/csv").read().decode())))
    assert len(table) == 268 and table[0][0] == "rank"
    assert b"<script" not in urllib.request.urlopen(run + "/html").read()
    page.context.close()
    other.context.close()
    return run


def line(browser, url):
    """One waits while another is measured; both are cancelled, and what is known of the first is kept."""
    page = page_of(browser)
    first = start(page, url, "aws", rounds=60)
    expect(page.locator("#state")).to_contain_text("measures: ")
    second = start(page, url, "hetzner")
    expect(page.locator("#state")).to_contain_text("Waits in line: 1 before it.")
    page.goto(url)
    expect(page.locator("#overview li")).to_have_count(2)
    page.locator("#overview li", has_text="hetzner").locator("text=Cancel").click()
    expect(page.locator("#overview li")).to_have_count(1)
    page.goto(first)
    page.click("text=Cancel")
    page.goto(first)
    expect(page.locator("#state")).to_contain_text("Not finished: cancelled.")
    expect(page.locator("#found table").first.locator("tbody tr").first).to_be_visible()
    page.context.close()
    return second


def compare(browser, url):
    page = page_of(browser)
    start(page, url, "hetzner")
    expect(page.locator("#state")).to_contain_text("Done in ")
    page.goto(url)
    page.click("button:has-text('Compare')")
    expect(page.locator("#comparison")).to_contain_text("From 2")
    page.goto(url + "compare?before=a&after=b")
    expect(page.locator("#refused")).to_have_text("Choose two runs to compare.")
    WRONG[:] = [one for one in WRONG if "400" not in one]
    page.context.close()


def matrix(browser, url):
    """A run from three places: each has a column, the best of each and for all are told, and a vantage point that is not there
    is refused."""
    page = page_of(browser)
    page.goto(url)
    expect(page.locator("input[name=from]")).to_have_count(3)
    for name in ("here", "tokyo", "sao-paulo"):
        page.check(f"input[name=from][value={name}]")
    page.check("input[name=provider][value=aws]")
    page.check("input[name=provider][value=vultr]")
    page.fill("input[name=rounds]", "5")
    page.click("text=Start")
    run = page.url
    expect(page.locator("#state")).to_contain_text("measures: ")
    expect(page.locator("#log")).to_contain_text("tokyo: ")
    expect(page.locator("#state")).to_contain_text("Done in ")
    table = page.locator("#found table.matrix")
    expect(table.locator("thead th")).to_have_text(["Rank", "Region", "here", "tokyo", "sao-paulo", "Mean", "Place"])
    row = table.locator("tbody tr", has_text="aws/ap-northeast-1")
    shades = [row.locator("td.heat").nth(index).get_attribute("class").split()[-1] for index in range(3)]
    assert shades[1] == "h0" and shades[2] == "h5", shades
    expect(page.locator("#found h2", has_text="From tokyo: Map")).to_have_count(1)
    expect(page.locator("#found")).to_contain_text("For all")
    document = json.load(urllib.request.urlopen(run + "/json"))
    assert [report["run"].get("from") for report in document["reports"]] == [None, "tokyo", "sao-paulo"]
    rows = list(csv.DictReader(io.StringIO(urllib.request.urlopen(run + "/csv").read().decode())))
    assert {row["from"] for row in rows} == {"", "tokyo", "sao-paulo"}
    assert "heat h0" in urllib.request.urlopen(run + "/html").read().decode()
    page.goto(url)
    expect(page.locator("#overview table")).to_contain_text("aws, vultr from here, tokyo, sao-paulo, 5 rounds: ")
    page.context.close()
    return run


def refusals(browser, url):
    """What is wrong is told; other sites start nothing; an end that nobody asked for is none."""
    def post(path, body, **fields):
        request = urllib.request.Request(url + path, body.encode(), fields)
        try:
            return urllib.request.urlopen(request).status, ""
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
    assert post("runs", "rounds=0")[0] == 400 and "rounds is a whole number from 1 to 100" in post("runs", "rounds=0")[1]
    assert post("runs", "provider=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")[0] == 400
    assert "there is no vantage point nowhere" in post("runs", "from=nowhere")[1]
    assert "<img" not in post("runs", "provider=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")[1]
    assert post("runs", "rounds=5", Origin="https://evil.example")[0] == 403
    assert post("runs/none/cancel", "")[0] == 404


def restart(browser, program, store, server):
    """The server ends in the middle of a run, and is killed in the middle of it: the run begins again, and is whole."""
    page = page_of(browser)
    run = start(page, server.url, "aws", rounds=20)
    expect(page.locator("#state")).to_contain_text("measures: ")
    assert server.end() == 0
    port = int(server.url.rstrip("/").split(":")[-1])
    server = Server(program, store, port)
    expect(page.locator("#state")).to_contain_text("measures: ")
    server.end(signal.SIGKILL)
    server = Server(program, store, port)
    expect(page.locator("#state")).to_contain_text("Done in ", timeout=60_000)
    assert len(json.load(urllib.request.urlopen(run + "/json"))["results"]) > 30
    page.context.close()
    # The browser says what it could not fetch meanwhile.
    WRONG[:] = [one for one in WRONG if "ERR_" not in one and "Failed to" not in one]
    return server


def looks(browser, url, run, matrix):
    folder = os.environ.get("TRACECORE_KEEP_PICTURES")
    for width in (360, 1280):
        for scheme in ("light", "dark"):
            for name, address in (("start", url), ("run", run), ("matrix", matrix)):
                page = page_of(browser, width, scheme)
                page.goto(address)
                page.wait_for_selector("#result > *")
                wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
                assert not wide, f"{name} is wider than {width}"
                found = Axe().run(page).response["violations"]
                grave = [one for one in found if one["impact"] in ("serious", "critical")]
                assert not grave, [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in grave]
                if folder:
                    page.screenshot(path=f"{folder}/cloud-{name}-{width}-{scheme}.png", full_page=name == "start")
                page.context.close()
    page = page_of(browser, script=False)
    page.goto(run)
    assert page.locator("#found table").first.locator("tbody tr").count() > 150
    page.context.close()


def main():
    program = os.path.abspath(sys.argv[1])
    failed = 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        store = os.path.join(folder, "runs.db")
        server = Server(program, store)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        kept = {}

        def check(name, body):
            nonlocal failed
            WRONG.clear()
            try:
                kept[name] = body()
                assert not WRONG, WRONG
                print(f"ok     {name}")
            except Exception as error:
                failed += 1
                print(f"WRONG  {name}: {str(error)[:800]}")

        try:
            check("a run", lambda: runs(browser, server.url))
            check("in line, and cancelled", lambda: line(browser, server.url))
            check("from several places", lambda: matrix(browser, server.url))
            check("compared", lambda: compare(browser, server.url))
            check("refused", lambda: refusals(browser, server.url))
            if kept.get("a run") and kept.get("from several places"):
                check("looks", lambda: looks(browser, server.url, kept["a run"], kept["from several places"]))
            check("started anew in the middle", lambda: restart(browser, program, store, server))
            server = kept.get("started anew in the middle") or server
        finally:
            browser.close()
            server.end()
    sys.exit(1 if failed else 0)


main()
