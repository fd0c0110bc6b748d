// Text that changes by itself. Listened for while everything else is measured; only where something changed meanwhile is
// the page watched on, for longer than WCAG lets it change. audit/changes.py parses the answer.
const LOOK_MS = 1300, STILL_MS = 1500, WATCH_MS = 6200, PATIENCE_MS = 12_000, PACE_MS = 100, MOST = 50, SAMPLES = 8;
const OPERABLE = "button,a[href],input[type=button],input[type=submit],input[type=checkbox],input[type=radio],select,summary,[role=button],[role=switch],[role=checkbox]";

function watchTexts({ indexOf }) {
  const began = performance.now();
  const seen = new Map(); // element -> { first, last, count, samples }
  const observer = new MutationObserver(note);
  observer.observe(document, { childList: true, characterData: true, subtree: true });
  return { told };

  function note(records) {
    const touched = new Set();
    for (const { type, target, addedNodes } of records) {
      // What a script puts in as elements is something new; what it puts in as text is the same thing saying something else.
      if (type === "childList" && ![...addedNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())) continue;
      let element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
      while (element && !indexOf.has(element)) element = element.parentElement;
      if (element && document.body?.contains(element)) touched.add(element);
    }
    for (const element of touched) count(element, performance.now());
  }

  // Reading a text lays the page out, so that a page that changes many, or one with every frame, is not followed at that pace.
  function count(element, now) {
    const entry = seen.get(element);
    if (entry ? now - entry.read < PACE_MS : seen.size >= MOST) return;
    const text = collapse(element.innerText ?? "").slice(0, TEXT_CAP);
    if (!entry) { seen.set(element, { first: now, last: now, read: now, count: 1, samples: [text] }); return; }
    entry.read = now;
    if (entry.samples.at(-1) === text) return;
    Object.assign(entry, { last: now, count: entry.count + 1, samples: [...entry.samples, text].slice(-SAMPLES) });
  }

  // [index, changes, ms from the first to the last, what it said, whether there is other text], and what controls say.
  // silentMs: for how long no text has changed, if that is known from before this began.
  async function told(silentMs) {
    const pause = (ms) => new Promise((done) => setTimeout(done, ms));
    const since = Math.min(began, performance.now() - silentMs);
    while (document.scripts.length && !seen.size && performance.now() - since < LOOK_MS) await pause(100);
    while (seen.size && isStillWorthIt(performance.now())) await pause(200);
    observer.disconnect();
    const whole = collapse(document.body?.innerText ?? "");
    const texts = [...seen].filter(([element]) => element.isConnected && element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      .map(([element, { first, last, count, samples }]) => [indexOf.get(element), count, round(last - first), samples, collapse(element.innerText ?? "") !== whole ? 1 : 0]);
    return { texts, controls: texts.length ? controls() : [] };
  }

  function isStillWorthIt(now) {
    const entries = [...seen.values()];
    return now - began < PATIENCE_MS && now - Math.max(...entries.map(({ last }) => last)) < STILL_MS && now - Math.min(...entries.map(({ first }) => first)) < WATCH_MS;
  }

  function controls() {
    return [...document.querySelectorAll(OPERABLE)].filter((element) => element.checkVisibility({ visibilityProperty: true })).slice(0, 300)
      .map((element) => collapse([element.innerText, element.matches("input[type=button],input[type=submit]") ? element.value : "", element.getAttribute("aria-label"),
        element.title, element.labels?.[0]?.innerText, element.querySelector("img")?.alt].filter(Boolean).join(" ")).slice(0, 80));
  }
}
