#!/usr/bin/env python3
"""The page of the looking glass in a real browser: each kind of run, stop, links, keys, no script, hostile names, CSP, axe.

    browser.py PROGRAM [CHECK…]

PROGRAM is the built lookingglass. Needs PyPI's playwright and axe-playwright-python, and Debian's chromium. With
TRACECORE_KEEP_PICTURES=FOLDER, the page is kept as pictures.
"""
import contextlib, os, re, subprocess, sys, tempfile, time
from playwright.sync_api import sync_playwright, expect
from axe_playwright_python.sync_playwright import Axe

HOSTILE = """
vantage here 192.0.2.10 2001:db8::10
router r1 198.51.100.1 2001:db8:1::1 name=<img/src=x/onerror=document.title='broken'>
router r2 198.51.100.2 2001:db8:1::2 name='&<b>
host target 203.0.113.7 2001:db8:7::7 delay=1ms name=</td><script>document.title='broken'</script>
path target: r1 r2
path default: r1
"""


class Glass(contextlib.AbstractContextManager):
    def __init__(self, program, *options):
        self.process = subprocess.Popen([program, "-l", "127.0.0.1:0", "--ratelimit", "100000/second", "--runs-per-client", "100",
                                         "--runs-per-target", "100", *options], stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if "listening on " in line:
                self.url = line.split()[-1]
                return
        sys.exit("the looking glass did not start")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)
        self.process.stderr.close()


class Browser:
    """A browser whose pages count what must not happen."""

    def __init__(self, browser, glass):
        self.browser, self.glass = browser, glass
        self.wrong = []
        self.allowed = ()

    def page(self, width=1280, scheme="light", script=True, reduced=False):
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script,
            reduced_motion="reduce" if reduced else "no-preference", accept_downloads=True)
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=self.glass.url.rstrip("/"))
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("console", lambda message: self.note(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.note(str(error)))
        page.on("dialog", lambda dialog: (self.note("a dialog"), dialog.dismiss()))
        return page

    def note(self, text):
        if not any(part in text for part in self.allowed):
            self.wrong.append(text)

    def run(self, page, query):
        page.goto(self.glass.url + "?" + query)
        self.done(page)

    def done(self, page, count=1):
        expect(page.locator(".state.done")).to_have_count(count, timeout=60_000)
        # Links to the result come when it is kept.
        expect(page.locator(".take")).to_have_count(count, timeout=60_000)


def each_kind(b):
    for verb, sign in [("monitor", "table.mtr .spark"), ("trace", "table.hops"), ("ping", ".lines"), ("paths", "svg.paths"),
                       ("mtu", "table.hops")]:
        page = b.page()
        b.run(page, f"verb={verb}&target=tokyo.example&count=2&interval=0.2")
        expect(page.locator(sign).first).to_be_visible()
        assert "tokyo.example (203.0.113.110)" in page.locator("h2").inner_text()
        if verb != "ping":
            expect(page.locator(".map svg svg")).to_be_visible()
        if verb in ("ping", "trace", "monitor"):
            expect(page.locator(".chart .wide svg")).to_be_visible()
            expect(page.locator(".chart .narrow svg")).to_be_hidden()
        page.context.close()


def live_and_stopped(b):
    page = b.page()
    page.goto(b.glass.url)
    page.fill("[name=target]", "tokyo.example")
    page.check("[name=verb][value=ping]")
    page.locator("summary").click()
    page.fill("[name=count]", "100")
    page.click("button[type=submit]")
    expect(page.locator(".lines")).to_contain_text("icmp_seq=1 ")
    expect(page.locator(".state.running")).to_be_visible()
    expect(page.locator(".lines")).to_contain_text("icmp_seq=2 ")
    page.click("[data-stop]")
    expect(page.locator(".state.done, .state.failed")).to_be_visible()
    expect(page.locator("[data-stop]")).to_have_count(0)
    assert "Link to this result" in page.locator(".take").inner_text()
    page.context.close()


def link_and_back(b):
    page = b.page()
    b.run(page, "verb=trace&target=tokyo.example")
    times = page.locator("td.times").first.inner_text()
    kept = page.locator("[data-kept]").get_attribute("data-kept")
    page.fill("[name=target]", "chicago.example")
    page.check("[name=verb][value=ping]")
    page.locator("summary").click()
    page.fill("[name=count]", "1")
    page.press("[name=target]", "Enter")
    expect(page.locator("h2")).to_contain_text("Ping of chicago.example (")
    b.done(page)
    assert "target=chicago.example" in page.url
    page.go_back()
    expect(page.locator("h2")).to_contain_text("Trace to tokyo.example (")
    # The same result, and not another run.
    assert page.locator("[data-kept]").get_attribute("data-kept") == kept
    assert page.locator("td.times").first.inner_text() == times
    assert page.input_value("[name=target]") == "tokyo.example"
    page.go_forward()
    expect(page.locator("h2")).to_contain_text("Ping of chicago.example (")
    page.goto(b.glass.url + "runs/" + kept)
    assert page.locator("td.times").first.inner_text() == times
    page.goto(b.glass.url + "?action=trace&target=tokyo.example&aftype=ipv4")
    b.done(page)
    page.context.close()


def next_target(b):
    page = b.page()
    b.run(page, "verb=trace&target=tokyo.example")
    page.locator("[data-target='198.51.100.21']").click()
    expect(page.locator("h2")).to_contain_text("198.51.100.21")
    b.done(page)
    assert page.input_value("[name=target]") == "198.51.100.21"
    page.context.close()


def copies(b):
    page = b.page()
    b.run(page, "verb=trace&target=tokyo.example")
    for name, sign in [("text", "trace to tokyo.example"), ("Markdown", "|"), ("JSON", '"hops"')]:
        page.locator(f"[data-copy={name}]").click()
        expect(page.locator(f"[data-copy={name}]")).to_have_text(f"Copied as {name}")
        assert sign in page.evaluate("navigator.clipboard.readText()")
    with page.expect_download() as download:
        page.get_by_text("Download the events").click()
    events = open(download.value.path()).read()
    assert events.startswith('{"schemaVersion"') and '"ended"' in events
    page.context.close()


def keys_alone(b):
    page = b.page()
    page.goto(b.glass.url)
    assert page.evaluate("document.activeElement.name") == "target"
    page.keyboard.type("tokyo.example")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.value") == "trace"
    page.keyboard.press("Enter")
    b.done(page)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('map')"):
            break
    else:
        raise AssertionError("the map cannot be reached by Tab")
    box = lambda: page.locator(".map svg svg").get_attribute("viewBox")
    whole = box()
    page.keyboard.press("+")
    page.keyboard.press("+")
    near = box()
    assert near != whole
    page.keyboard.press("ArrowRight")
    assert box() != near
    for _ in range(3):
        page.keyboard.press("-")
    assert [float(n) for n in box().split()] == [float(n) for n in whole.split()]
    page.context.close()


def no_script(b):
    page = b.page(script=False)
    page.goto(b.glass.url)
    page.fill("[name=target]", "tokyo.example")
    page.check("[name=verb][value=trace]")
    page.click("button[type=submit]")
    b.done(page)
    assert page.locator("tbody tr").count() in (11, 12)
    page.goto(b.glass.url + "?verb=trace&target=tokyo.example")
    b.done(page)
    assert "whole=1" in page.url
    page.context.close()


def refusals(b):
    b.allowed = ("400 (Bad Request)",)
    page = b.page()
    for target, reason in [("-n", "begins or ends with a hyphen"), ("nowhere.example", "has no host"), ("a b", "is wanted")]:
        page.goto(b.glass.url)
        page.fill("[name=target]", target)
        page.click("button[type=submit]")
        expect(page.locator(".refused, .state.failed")).to_contain_text(reason)
    page.context.close()


def hostile(b):
    for verb in ["trace", "monitor", "paths", "ping", "mtu"]:
        page = b.page()
        b.run(page, f"verb={verb}&target=203.0.113.7&count=1")
        assert page.locator("#result img, #result script").count() == 0
        assert page.title() == "Looking glass"
        if verb == "trace":
            assert "<img/src=x" in page.locator("tbody").inner_text()
        page.context.close()
    b.allowed = ("400 (Bad Request)",)
    page = b.page()
    page.goto(b.glass.url + "?target=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%22%27%1b%E2%80%AE")
    expect(page.locator(".refused")).to_be_visible()
    assert page.locator("#result img").count() == 0
    page.context.close()


def looks(b):
    folder = os.environ.get("TRACECORE_KEEP_PICTURES")
    both = [(1280, "light"), (360, "dark")]
    for width, scheme in both + [(360, "light"), (1280, "dark")] if folder else both:
        for name, query in [("start", ""), ("trace", "verb=trace&target=tokyo.example"),
                            ("mtr", "verb=monitor&target=tokyo.example&count=5&interval=0.3"),
                            ("ping", "verb=ping&target=tokyo.example&count=5&interval=0.2"),
                            ("paths", "verb=paths&target=tokyo.example"), ("mtu", "verb=mtu&target=tokyo.example")]:
            page = b.page(width, scheme, reduced=True)
            if query:
                b.run(page, query)
            else:
                page.goto(b.glass.url)
            wide = page.evaluate("document.scrollingElement.scrollWidth")
            assert wide <= width, f"{name} is {wide} wide at {width}"
            found = Axe().run(page).response["violations"]
            bad = [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in ("serious", "critical")]
            assert not bad, f"{name} at {width}, {scheme}: {bad}"
            if folder:
                page.screenshot(path=f"{folder}/{name}-{width}-{scheme}.png", full_page=True)
            page.context.close()


def embedded(b):
    page = b.page()
    b.run(page, "verb=trace&target=tokyo.example&embed=1")
    expect(page.locator("form")).to_have_count(0)
    expect(page.locator("h1")).to_be_hidden()
    page.context.close()


CHECKS = [each_kind, live_and_stopped, link_and_back, next_target, copies, keys_alone, no_script, refusals, looks, embedded]


def main():
    # What a slow machine needs more is no mistake of a page.
    expect.set_options(timeout=30_000)
    program, names = sys.argv[1], sys.argv[2:]
    failed = []
    topology = tempfile.NamedTemporaryFile("w", suffix=".topology")
    topology.write(HOSTILE)
    topology.flush()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for options, checks in [(["--network", "demo"], CHECKS), (["--network", topology.name], [hostile])]:
            with Glass(program, *options) as glass:
                for check in checks:
                    if names and check.__name__ not in names:
                        continue
                    began = time.monotonic()
                    b = Browser(chromium, glass)
                    try:
                        check(b)
                        assert not b.wrong, f"the console says {b.wrong}"
                        print(f"ok      {check.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
                    except Exception as error:
                        failed.append(check.__name__)
                        print(f"FAILED  {check.__name__}: {str(error)[:1500]}", flush=True)
        chromium.close()
    print(f"browser: {len(failed)} failed" if failed else "browser: all passed")
    return 1 if failed else 0


sys.exit(main())
