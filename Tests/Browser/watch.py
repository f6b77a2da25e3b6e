#!/usr/bin/env python3
"""The pages of pathwatch in a real browser: live, links, dragging, changes, alerts, silences, login, no script, CSP, axe.

    watch.py PROGRAM

PROGRAM is the built pathwatch. Needs PyPI's playwright and axe-playwright-python, and Debian's chromium. With
TRACECORE_KEEP_PICTURES=FOLDER, the pages are kept as pictures. It takes two minutes: the demo has to change first.
"""
import os, signal, subprocess, sys, tempfile, time, urllib.parse
from playwright.sync_api import sync_playwright, expect
from axe_playwright_python.sync_playwright import Axe

WRONG = []
TOKEN = "0123456789abcdef-browser"


def page_of(browser, width=1280, scheme="light", script=True, token=TOKEN, touch=False):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script, has_touch=touch,
        http_credentials={"username": "anyone", "password": token} if token else None)
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
    # The bands of the round trips.
    expect(page.locator(".chart .widest svg path.wide").first).to_be_visible()
    # Eleven or twelve, as the flow has it.
    expect(page.locator("#hops tbody tr").nth(10)).to_be_visible()
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
    page.locator("#changes li", has_text="Tokyo").locator("a").first.click()
    expect(page.locator(".sides section")).to_have_count(2)
    expect(page.locator("#before")).to_contain_text("Before")
    # It went over America before, and goes over Asia since, on the map too.
    expect(page.locator("#map-before svg").first).to_be_visible()
    expect(page.locator("#map-before")).to_contain_text("New York")
    expect(page.locator("#map-after")).to_contain_text("Mumbai")
    expect(page.locator("#map-before")).not_to_contain_text("Mumbai")
    expect(page.locator("#hops-after .place").first).to_contain_text("Lisbon")
    page.goto(url + "alerts")
    expect(page.locator("#alerts")).to_contain_text("Johannesburg does not answer")
    expect(page.locator("#alerts")).to_contain_text("terminal: told")
    page.locator("#alerts a[href^='/alerts/']").first.click()
    expect(page.locator("#alert h2")).to_contain_text("Johannesburg does not answer")
    expect(page.locator("#deliveries")).to_contain_text("terminal: told")
    expect(page.locator("#silence [name=labels]")).to_have_value("target=Johannesburg")
    page.click("#alert >> text=before and after")
    expect(page.locator(".sides section")).to_have_count(2)
    page.goto(url)
    expect(page.locator("#sum")).to_contain_text("1 without an answer")
    page.context.close()


def axis(page):
    """Where the axis of time of the chart that is shown is, and the times at its ends."""
    return page.evaluate("""() => {
      const chart = [...document.querySelectorAll(".chart [data-from]")].find((one) => one.offsetParent);
      chart.scrollIntoView({ block: "center" });
      const box = chart.querySelector(".axis").getBoundingClientRect();
      return { left: box.left, width: box.width, y: box.top - 20, from: +chart.dataset.from, to: +chart.dataset.to };
    }""")


def asked(page):
    return {name: int(value[0]) for name, value in urllib.parse.parse_qs(urllib.parse.urlparse(page.url).query).items()}


def drag(browser, url):
    page = page_of(browser)
    page.goto(url + "targets/Tokyo?last=5m")
    found = axis(page)
    at = lambda share: found["left"] + found["width"] * share
    # Escape gives up, and so does a click: the page stays.
    page.mouse.move(at(0.5), found["y"])
    page.mouse.down()
    page.mouse.move(at(0.7), found["y"], steps=4)
    expect(page.locator(".band")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".band")).to_have_count(0)
    page.mouse.up()
    page.mouse.click(at(0.5), found["y"])
    assert "last=5m" in page.url
    # Live pages are made anew meanwhile, which must not end it.
    page.mouse.move(at(0.75), found["y"])
    page.mouse.down()
    page.mouse.move(at(0.6), found["y"], steps=4)
    page.wait_for_timeout(2_500)
    page.mouse.move(at(0.5), found["y"], steps=4)
    with page.expect_navigation():
        page.mouse.up()
    span, length = asked(page), found["to"] - found["from"]
    assert abs(span["from"] - found["from"] - length / 2) <= 2 + length / 100, (span, found)
    assert abs(span["to"] - found["from"] - length * 3 / 4) <= 2 + length / 100, (span, found)
    expect(page.locator(".chart .widest svg")).to_be_visible()
    page.go_back()
    assert "last=5m" in page.url
    page.context.close()

    # By touch: along the chart it marks, and down the page it scrolls.
    page = page_of(browser, 360, touch=True)
    page.goto(url + "targets/Tokyo?last=5m")
    found = axis(page)
    touch = page.context.new_cdp_session(page)

    def swipe(points):
        for index, (x, y) in enumerate(points):
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove" if index else "touchStart", "touchPoints": [{"x": x, "y": y}]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    before = page.evaluate("scrollY")
    x = found["left"] + found["width"] / 2
    swipe([(x, found["y"] - 20 * step) for step in range(12)])
    page.wait_for_function(f"scrollY > {before} + 50")
    assert "last=5m" in page.url
    found = axis(page)
    with page.expect_navigation():
        swipe([(found["left"] + found["width"] * step / 20, found["y"]) for step in range(5, 16)])
    assert asked(page)["to"] - asked(page)["from"] < 300
    page.context.close()


def login(browser, url):
    page = page_of(browser, token=None)
    for name in ("", "metrics", "api/v1/targets", "targets/Tokyo"):
        answer = page.request.get(url + name)
        assert answer.status == 401, (name, answer.status)
        assert "Basic" in answer.headers["www-authenticate"]
    assert page.request.get(url + "-/healthy").ok
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert "tracecore_path_up" in page.request.get(url + "metrics", headers=bearer).text()
    page.context.close()


def silences(browser, url):
    page = page_of(browser)
    page.goto(url + "alerts")
    page.fill("#silence [name=labels]", "target=Tokyo, team=asia")
    page.fill("#silence [name=for]", "never")
    page.click("text=Silence >> nth=-1")
    expect(page.locator("[role=alert]")).to_contain_text("such as 2h")
    WRONG.clear()
    page.fill("#silence [name=labels]", 'target="São Paulo"')
    page.fill("#silence [name=for]", "2h")
    page.fill("#silence [name=why]", "<b>work</b> on the cable")
    page.click("text=Silence >> nth=-1")
    expect(page.locator("#silences li")).to_contain_text("target=São Paulo until")
    expect(page.locator("#silences li")).to_contain_text("by browser: <b>work</b> on the cable")
    # The page of another site sends the same form, and the password goes with it.
    answer = page.request.post(url + "alerts/silences", form={"labels": "target=Tokyo", "for": "2h"}, headers={"Origin": "https://evil.example"})
    assert answer.status == 403, answer.status
    page.click("text=End")
    expect(page.locator("#silences li")).to_have_count(0)
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
            names = ["", "targets/Tokyo?last=5m", "targets/Johannesburg?last=5m", "changes", "alerts"]
            page = page_of(browser, width, scheme)
            page.goto(url + "alerts")
            names.append(page.locator("a[href^='/alerts/']").first.get_attribute("href")[1:])
            page.goto(url + "changes")
            names.append(page.locator("#changes li", has_text="Tokyo").locator("a").first.get_attribute("href")[1:])
            page.context.close()
            for name in names:
                page = page_of(browser, width, scheme)
                page.goto(url + name)
                page.wait_for_load_state("domcontentloaded")
                wide = page.evaluate("document.scrollingElement.scrollWidth")
                assert wide <= width, f"{name} is {wide} wide at {width}"
                found = Axe().run(page).response["violations"]
                bad = [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in ("serious", "critical")]
                assert not bad, f"{name} at {width}, {scheme}: {bad}"
                if folder:
                    plain = "alert" if name.startswith("alerts/") else name.split("?")[0].replace("/", "-") or "overview"
                    page.screenshot(path=f"{folder}/{plain}-{width}-{scheme}.png", full_page=True)
                page.context.close()


def main():
    # What a slow machine needs more is no mistake of a page.
    expect.set_options(timeout=30_000)
    failed = []
    tokens = tempfile.NamedTemporaryFile("w", suffix=".tokens")
    tokens.write(f"browser: {TOKEN}\n")
    tokens.flush()
    process = subprocess.Popen([sys.argv[1], "demo", "--history", "0", "-l", "127.0.0.1:0", "--tokens", tokens.name], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    begun = time.monotonic()
    try:
        url = next((line.split()[-1] for line in process.stderr if "listening on " in line), None)
        if not url:
            sys.exit("pathwatch did not start")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            for check in (live, login, no_script, silences, drag, changes, looks):
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
            # While a live page is open, the end is at once, and one who is impatient spoils nothing.
            page = page_of(browser)
            page.goto(url)
            expect(page.locator("#rows tr")).to_have_count(5)
            asked_at = time.monotonic()
            process.terminate()
            process.send_signal(signal.SIGTERM)
            code = process.wait(30)
            if code != 0 or time.monotonic() - asked_at > 4:
                failed.append("end")
                print(f"FAILED  end: {code} after {time.monotonic() - asked_at:.1f} s", flush=True)
            expect(page.locator("#broken")).to_contain_text("It is tried again")
            browser.close()
    finally:
        process.kill()
        process.wait(30)
    print(f"browser: {len(failed)} failed" if failed else "browser: all passed")
    return 1 if failed else 0


sys.exit(main())
