#!/usr/bin/env python3
"""The pages of pathwatch in a real browser: live, links, changes, alerts, no script, CSP, axe.

    watch.py PROGRAM

PROGRAM is the built pathwatch. Needs PyPI's playwright and axe-playwright-python, and Debian's chromium. With
TRACECORE_KEEP_PICTURES=FOLDER, the pages are kept as pictures. It takes two minutes: the demo has to change first.
"""
import os, subprocess, sys, time, urllib.parse
from playwright.sync_api import sync_playwright, expect
from axe_playwright_python.sync_playwright import Axe

WRONG = []


def page_of(browser, width=1280, scheme="light", script=True):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script)
    page = context.new_page()
    page.on("console", lambda message: WRONG.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: WRONG.append(str(error)))
    return page


def live(browser, url):
    page = page_of(browser)
    page.goto(url)
    expect(page.locator("#rows tr")).to_have_count(5)
    row = page.locator("#rows tr", has_text="Tokyo")
    expect(row).to_contain_text("answers")
    before = row.locator("[data-column=Last]").inner_text()
    # Round trips differ by what jitter does, so a row that lives changes.
    expect(row.locator("[data-column=Last]")).not_to_have_text(before)
    page.click("text=Tokyo")
    expect(page.locator("h2").first).to_have_text("Tokyo")
    expect(page.locator(".chart .widest svg")).to_be_visible()
    expect(page.locator("#hops tbody tr")).to_have_count(12)
    page.click("text=Last day")
    assert "last=24h" in page.url
    page.click("text=Closer")
    assert "from=" in page.url and "to=" in page.url
    page.context.close()


def changes(browser, url):
    page = page_of(browser)
    page.goto(url + "changes")
    expect(page.locator("#changes")).to_contain_text("Tokyo")
    expect(page.locator("#changes")).to_contain_text("does not answer any longer")
    page.locator("#changes a", has_text="").first.click()
    expect(page.locator(".sides section")).to_have_count(2)
    expect(page.locator(".sides")).to_contain_text("Before")
    page.goto(url + "alerts")
    expect(page.locator("#alerts")).to_contain_text("Johannesburg does not answer")
    expect(page.locator("#alerts")).to_contain_text("terminal: told")
    page.goto(url)
    expect(page.locator("#sum")).to_contain_text("1 without an answer")
    page.context.close()


def no_script(browser, url):
    page = page_of(browser, script=False)
    page.goto(url + "targets/" + urllib.parse.quote("São Paulo"))
    expect(page.locator("#hops tbody tr").first).to_be_visible()
    page.context.close()


def looks(browser, url):
    folder = os.environ.get("TRACECORE_KEEP_PICTURES")
    for width in (360, 1280, 1600):
        for scheme in ("light", "dark"):
            for name in ("", "targets/Tokyo?last=5m", "targets/Johannesburg?last=5m", "changes", "alerts"):
                page = page_of(browser, width, scheme)
                page.goto(url + name)
                page.wait_for_load_state("domcontentloaded")
                wide = page.evaluate("document.scrollingElement.scrollWidth")
                assert wide <= width, f"{name} is {wide} wide at {width}"
                found = Axe().run(page).response["violations"]
                bad = [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in ("serious", "critical")]
                assert not bad, f"{name} at {width}, {scheme}: {bad}"
                if folder:
                    plain = name.split("?")[0].replace("/", "-") or "overview"
                    page.screenshot(path=f"{folder}/{plain}-{width}-{scheme}.png", full_page=True)
                page.context.close()


def main():
    # What a slow machine needs more is no mistake of a page.
    expect.set_options(timeout=30_000)
    failed = []
    process = subprocess.Popen([sys.argv[1], "demo", "-l", "127.0.0.1:0"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    begun = time.monotonic()
    try:
        url = next((line.split()[-1] for line in process.stderr if "listening on " in line), None)
        if not url:
            sys.exit("pathwatch did not start")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            for check in (live, no_script, changes, looks):
                if check is changes:
                    # Johannesburg is gone after 90 s, and it takes some more to be certain.
                    time.sleep(max(0, 125 - (time.monotonic() - begun)))
                try:
                    check(browser, url)
                    assert not WRONG, f"the console says {WRONG}"
                    print(f"ok      {check.__name__}", flush=True)
                except Exception as error:
                    failed.append(check.__name__)
                    print(f"FAILED  {check.__name__}: {str(error)[:1500]}", flush=True)
                WRONG.clear()
            browser.close()
    finally:
        process.terminate()
        process.wait(30)
    print(f"browser: {len(failed)} failed" if failed else "browser: all passed")
    return 1 if failed else 0


sys.exit(main())
