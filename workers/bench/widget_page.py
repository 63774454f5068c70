"""What a browser measures of the widget: first paint, and how a long thread scrolls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WATCH = """() => {
    const seen = (root) => new MutationObserver((_, watch) => {
        if (!root.querySelector("article") || "painted" in window) return;
        watch.disconnect();
        window.placed = performance.now();
        // A frame that shows them is over when the task after its callbacks runs.
        requestAnimationFrame(() => {
            const after = new MessageChannel();
            after.port1.onmessage = () => { window.painted = performance.now(); };
            after.port2.postMessage(0);
        });
    }).observe(root, { childList: true, subtree: true });
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (how) {
        const root = attach.call(this, how);
        seen(root);
        return root;
    };
    window.longTasks = [];
    new PerformanceObserver((list) => {
        for (const one of list.getEntries()) window.longTasks.push(one.duration);
    }).observe({ type: "longtask" });
}"""
PAINTED = """async () => {
    while (!("painted" in window)) await new Promise((go) => setTimeout(go, 20));
    const [script] = performance.getEntriesByType("resource")
        .filter((one) => one.name.endsWith("/embed.js"));
    return window.painted - script.responseEnd;
}"""
# Presses the button below the thread until all of it is there; how long each page took, request
# and drawing, until a frame after it.
OPEN = """async () => {
    await customElements.whenDefined("parley-comments");
    const root = document.querySelector("parley-comments").shadowRoot;
    const frame = () => new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
    const rest = () => root.querySelector(".thread > .more button");
    while (!rest()) await frame();
    const times = [];
    for (let button; (button = rest());) {
        const began = performance.now();
        button.click();
        while (rest() === button) await new Promise((go) => setTimeout(go, 1));
        await frame();
        times.push(performance.now() - began);
    }
    window.longTasks.length = 0;
    return { times, comments: root.querySelectorAll("article").length };
}"""
# Scrolls by so much in every frame, back and forth, and then jumps; the time between frames.
SCROLL = """async ([perFrame, frames, jumps]) => {
    const frame = () => new Promise((go) => requestAnimationFrame(go));
    const page = document.documentElement;
    const between = [], jumped = [];
    let last = await frame();
    for (let n = 0, step = perFrame; n < frames; n += 1) {
        if (page.scrollTop + innerHeight >= page.scrollHeight - 1) step = -perFrame;
        if (page.scrollTop === 0) step = perFrame;
        scrollBy(0, step);
        const now = await frame();
        between.push(now - last);
        last = now;
    }
    for (let n = 0; n < jumps; n += 1) {
        const began = performance.now();
        scrollTo(0, (n * 7919 % jumps) / jumps * page.scrollHeight);
        await frame();
        await new Promise((go) => setTimeout(go));
        jumped.push(performance.now() - began);
    }
    return { between, jumped, long: window.longTasks.splice(0), height: page.scrollHeight };
}"""
PER_FRAME = 200
FRAMES = 300
JUMPS = 20


@dataclass(frozen=True)
class Scrolled:
    """One way down a page. Times in milliseconds; `long`: tasks of 50 ms and more."""

    between: Sequence[float]
    jumped: Sequence[float]
    long: Sequence[float]
    height: int


def painted(browser: Any, url: str, *, runs: int) -> tuple[list[float], list[float]]:
    """From the loader's arrival until the first comments are painted: first visits, and returns.

    Milliseconds. A first visit has an empty cache; a return has the files, and asks for comments.
    """
    first, again = [], []
    for _ in range(runs):
        context = browser.new_context()
        page = context.new_page()
        page.add_init_script(f"({WATCH})()")
        page.goto(url)
        first.append(page.evaluate(PAINTED))
        page.reload()
        again.append(page.evaluate(PAINTED))
        context.close()
    return first, again


def opened(browser: Any, url: str) -> tuple[Any, list[float], int]:
    """A page with the whole thread on it, how long each page of it took, and its comments."""
    page = browser.new_context().new_page()
    page.set_default_timeout(0)
    page.add_init_script(f"({WATCH})()")
    page.goto(url)
    found = page.evaluate(OPEN)
    return page, found["times"], found["comments"]


def scrolled(page: Any) -> Scrolled:
    """Scroll at `PER_FRAME` pixels a frame, faster than anybody reads, then jump about."""
    return Scrolled(**page.evaluate(SCROLL, [PER_FRAME, FRAMES, JUMPS]))
