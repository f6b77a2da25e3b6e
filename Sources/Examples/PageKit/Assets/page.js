// Puts what the server streams into its place. What it says, and when, is the server's; here is only the browser's part.
"use strict";

const form = document.getElementById("ask");
const result = document.getElementById("result");
let running = null;

// Reads a stream of lines {"id": …, "html": …} and puts each into the element of that name.
async function show(address) {
  if (running) running.abort();
  const own = running = new AbortController();
  result.hidden = false;
  document.body.classList.add("asking");
  // What goes on for ever is asked for again where it ends: the server was started anew, or the machine slept.
  const lasting = result.dataset.lasting !== undefined;
  const note = document.getElementById("broken") ?? document.createElement("p");
  try {
    const answer = await fetch(address, { signal: own.signal, headers: { Accept: "application/x-ndjson" } });
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) {
        if (lasting) throw new Error("over");
        break;
      }
      note.remove();
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines) if (line) put(JSON.parse(line));
    }
  } catch (error) {
    if (own.signal.aborted) return;
    note.id = "broken";
    note.className = "state failed";
    note.textContent = "The connection to the server broke off." + (lasting ? " It is tried again." : "");
    result.prepend(note);
    if (lasting) setTimeout(() => { if (running === null) show(address); }, 5000);
  } finally {
    if (running === own) {
      running = null;
      document.body.classList.remove("asking");
    }
  }
}

// The browser's back button shows the same results again.
function remember() {
  const kept = [...(result?.querySelectorAll("[data-kept]") ?? [])].map((run) => run.dataset.kept);
  if (kept.length) history.replaceState({ kept }, "");
}

function put(patch) {
  const place = document.getElementById(patch.id);
  if (!place) return;
  // What has the keyboard keeps it, though its element is another now.
  const held = document.activeElement && place.contains(document.activeElement) && document.activeElement !== place ? document.activeElement : null;
  const same = !held ? "" : held.id ? "#" + CSS.escape(held.id)
    : held.dataset.target ? `[data-target="${CSS.escape(held.dataset.target)}"]` : held.dataset.stop ? "[data-stop]" : "";
  place.innerHTML = patch.html;
  if (same) place.querySelector(same)?.focus({ preventScroll: true });
  if (patch.html.includes("data-kept=")) remember();
  for (const map of place.closest("[data-zoom]") ? [place.closest("[data-zoom]")] : place.querySelectorAll("[data-zoom]")) frame(map);
}

// What the form asks for; what is empty is left out.
function query(data) {
  const pairs = new URLSearchParams();
  for (const [name, value] of data) if (value !== "" && name !== "whole") pairs.append(name, value);
  return pairs.toString();
}

function fill(pairs) {
  for (const field of form.elements) {
    if (!field.name || field.type === "submit") continue;
    const values = pairs.getAll(field.name);
    if (field.type === "radio") field.checked = values.length ? values.includes(field.value) : field.defaultChecked;
    else if (field.type === "checkbox") field.checked = values.length ? values.includes(field.value) : field.defaultChecked;
    else field.value = values[0] ?? "";
  }
}

function ask() {
  const asked = query(new FormData(form));
  history.pushState(null, "", "/?" + asked);
  show("/live?" + asked);
}

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  window.addEventListener("popstate", (event) => {
    const pairs = new URLSearchParams(location.search);
    if (pairs.get("target") || !event.state?.kept) fill(pairs);
    if (event.state?.kept) return show("/live?" + query(event.state.kept.map((name) => ["kept", name])));
    // A run that was left in the middle is over. It is asked for again by the button, and not by going back.
    running?.abort();
    result.replaceChildren();
    result.hidden = true;
  });
}
if (result?.dataset.live) show(result.dataset.live);
else remember();

document.addEventListener("click", async (event) => {
  const host = event.target.closest("[data-target]");
  if (host && form && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    form.elements.target.value = host.dataset.target;
    ask();
    form.scrollIntoView();
    return;
  }
  const stop = event.target.closest("[data-stop]");
  if (stop) {
    stop.disabled = true;
    fetch(stop.dataset.stop, { method: "POST" });
    return;
  }
  const copy = event.target.closest("[data-copy]");
  if (copy && navigator.clipboard) {
    event.preventDefault();
    const answer = await fetch(copy.href);
    await navigator.clipboard.writeText(await answer.text());
    copy.textContent = answer.ok ? "Copied as " + copy.dataset.copy : "Not kept any more";
  }
});

// A map can be made larger and moved: by the wheel, two buttons of the keyboard, arrows, or by dragging.
const views = new Map();

function frame(map) {
  map.tabIndex = 0;
  const view = views.get(map.id);
  if (view) apply(map, view);
}

function apply(map, view) {
  const picture = map.querySelector("svg svg");
  if (!picture) return;
  picture.dataset.whole ??= picture.getAttribute("viewBox");
  const [, , width, height] = picture.dataset.whole.split(" ").map(Number);
  view.scale = Math.min(12, Math.max(1, view.scale));
  const [w, h] = [width / view.scale, height / view.scale];
  view.x = Math.min(width - w, Math.max(0, view.x));
  view.y = Math.min(height - h, Math.max(0, view.y));
  picture.setAttribute("viewBox", `${view.x} ${view.y} ${w} ${h}`);
  map.classList.toggle("near", view.scale > 1);
}

// Makes a map larger around a point of the picture, or moves it by parts of its size.
function change(map, factor, right, down, at = [0.5, 0.5]) {
  const picture = map.querySelector("svg svg");
  if (!picture) return;
  const whole = (picture.dataset.whole ?? picture.getAttribute("viewBox")).split(" ").map(Number);
  const view = views.get(map.id) ?? { scale: 1, x: 0, y: 0 };
  const old = view.scale;
  view.scale = Math.min(12, Math.max(1, old * factor));
  view.x += at[0] * whole[2] * (1 / old - 1 / view.scale) + right * whole[2] / view.scale;
  view.y += at[1] * whole[3] * (1 / old - 1 / view.scale) + down * whole[3] / view.scale;
  views.set(map.id, view);
  apply(map, view);
}

document.addEventListener("keydown", (event) => {
  const map = event.target.closest?.("[data-zoom]");
  const step = { "+": [1.5, 0, 0], "-": [1 / 1.5, 0, 0], ArrowLeft: [1, -0.1, 0], ArrowRight: [1, 0.1, 0], ArrowUp: [1, 0, -0.1], ArrowDown: [1, 0, 0.1] }[event.key];
  if (!map || !step || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  change(map, ...step);
});

document.addEventListener("wheel", (event) => {
  const map = event.target.closest?.("[data-zoom]");
  // Without a key, the wheel moves the page.
  if (!map || !event.ctrlKey) return;
  event.preventDefault();
  const box = map.getBoundingClientRect();
  change(map, event.deltaY < 0 ? 1.2 : 1 / 1.2, 0, 0, [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]);
}, { passive: false });

let held = null;
document.addEventListener("pointerdown", (event) => {
  const map = event.target.closest?.("[data-zoom].near");
  if (map) held = { map, x: event.clientX, y: event.clientY };
});
document.addEventListener("pointermove", (event) => {
  if (!held) return;
  const box = held.map.getBoundingClientRect();
  change(held.map, 1, (held.x - event.clientX) / box.width, (held.y - event.clientY) / box.height);
  held.x = event.clientX;
  held.y = event.clientY;
});
document.addEventListener("pointerup", () => { held = null; });
for (const map of document.querySelectorAll("[data-zoom]")) frame(map);

// A span of a chart is marked by dragging along it, and shown when it is let go. Escape gives it up. A finger that moves up or
// down scrolls the page as ever: the browser takes it away from the chart then.
let marked = null;
document.addEventListener("pointerdown", (event) => {
  const chart = event.target.closest?.("[data-from]");
  const axis = chart?.querySelector("svg .axis")?.getBoundingClientRect();
  if (!axis || marked || event.button !== 0 || event.ctrlKey || event.metaKey) return;
  if (event.clientX < axis.left - 8 || event.clientX > axis.right + 8) return;
  const box = chart.querySelector("svg").getBoundingClientRect();
  const band = document.createElement("div");
  band.className = "band";
  band.style.top = `${axis.top - 190 < box.top ? box.top + 60 : axis.top - 190}px`;
  band.style.bottom = `${innerHeight - Math.min(box.bottom, innerHeight)}px`;
  marked = { band, axis, id: event.pointerId, start: event.clientX, end: event.clientX, from: +chart.dataset.from, to: +chart.dataset.to, page: chart.dataset.page };
  // The picture may be made anew meanwhile, and what it is in stays.
  chart.parentElement.setPointerCapture(event.pointerId);
  document.body.classList.add("marking");
});

// The seconds at both ends of what is marked.
function span() {
  const at = (x) => marked.from + Math.min(1, Math.max(0, (x - marked.axis.left) / marked.axis.width)) * (marked.to - marked.from);
  const from = Math.floor(at(Math.min(marked.start, marked.end)));
  return [from, Math.max(from + 1, Math.ceil(at(Math.max(marked.start, marked.end))))];
}

function unmark() {
  marked?.band.remove();
  marked = null;
  document.body.classList.remove("marking");
}

document.addEventListener("pointermove", (event) => {
  if (!marked || event.pointerId !== marked.id) return;
  marked.end = event.clientX;
  const inside = (x) => Math.min(marked.axis.right, Math.max(marked.axis.left, x));
  const [left, right] = [inside(Math.min(marked.start, marked.end)), inside(Math.max(marked.start, marked.end))];
  marked.band.style.left = `${left}px`;
  marked.band.style.width = `${right - left}px`;
  marked.band.textContent = span().map((time) => new Date(time * 1000).toISOString().slice(11, 19)).join(" – ");
  if (!marked.band.isConnected) document.body.append(marked.band);
});
document.addEventListener("pointerup", (event) => {
  if (!marked || event.pointerId !== marked.id) return;
  marked.end = event.clientX;
  const [from, to] = span();
  const page = Math.abs(marked.end - marked.start) >= 8 ? `${marked.page}?from=${from}&to=${to}` : null;
  unmark();
  if (page) location.assign(page);
});
document.addEventListener("pointercancel", unmark);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") unmark(); });
