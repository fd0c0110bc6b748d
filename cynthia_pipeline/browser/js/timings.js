// What the browser itself recorded of the page's loading. Buffered observers deliver what happened before now
// while axe works; nothing waits for them, and what the measuring itself causes is left out.
function watchTimings() {
  const startedAt = performance.now();
  const timings = {};
  const [navigation] = performance.getEntriesByType("navigation");
  if (navigation) {
    timings.ttfb_ms = round(navigation.responseStart);
    timings.dom_content_loaded_ms = round(navigation.domContentLoadedEventEnd);
    timings.load_ms = round(navigation.loadEventEnd);
  }
  const resources = performance.getEntriesByType("resource");
  timings.requests = resources.length;
  timings.transferred_bytes = resources.reduce((sum, entry) => sum + entry.transferSize, navigation?.transferSize ?? 0);

  const paint = performance.getEntriesByType("paint").find(({ name }) => name === "first-contentful-paint");
  const largest = [], shifts = [], tasks = [];
  const observers = [["largest-contentful-paint", largest], ["layout-shift", shifts], ["longtask", tasks]].map(([type, into]) => {
    const observer = new PerformanceObserver((list) => into.push(...list.getEntries()));
    observer.observe({ type, buffered: true });
    return observer;
  });

  function stop(tree) {
    observers.forEach((observer) => observer.disconnect());
    const last = largest.filter((entry) => entry.startTime < startedAt).at(-1);
    const vitals = {
      until: round(startedAt),
      fcp: paint ? round(paint.startTime) : null,
      lcp: last ? [round(last.startTime), tree.indexOf.get(last.element) ?? -1, last.url.slice(0, TEXT_CAP)] : null,
      shifts: shifts.filter((entry) => entry.startTime < startedAt).map((entry) => shiftRow(entry, tree)),
      tasks: tasks.filter((entry) => entry.startTime + entry.duration <= startedAt)
        .map((entry) => [round(entry.startTime), round(entry.duration)]),
      blocking: resources.filter((entry) => entry.renderBlockingStatus === "blocking").slice(0, 20)
        .map((entry) => [entry.name.slice(-TEXT_CAP), round(entry.responseEnd)]),
    };
    return { timings, vitals };
  }
  return { stop };
}

// Time, share of the view that moved times how far, and the elements that moved most with their way. The browser takes
// scrolling, and a phone's first sizing of its view, for a visitor's input; here there is no visitor: every shift counts.
function shiftRow(entry, { indexOf }) {
  const sources = entry.sources.map(({ node, previousRect, currentRect }) => [
    indexOf.get(node?.nodeType === Node.TEXT_NODE ? node.parentElement : node) ?? -1,
    round(currentRect.x - previousRect.x), round(currentRect.y - previousRect.y),
  ]);
  return [round(entry.startTime), Math.round(entry.value * 1e4) / 1e4, sources];
}

// The next frame, or a moment where none is drawn.
function nextFrame() {
  return Promise.race([new Promise(requestAnimationFrame), new Promise((done) => setTimeout(done, 100))]);
}

// Scrolls down in steps as a reader would, waits at each for pictures that load late, and comes back. Null where
// nothing can be scrolled.
async function scrollThrough(tree) {
  const STEPS = 12, PATIENCE = 6;
  const height = document.scrollingElement?.scrollHeight ?? 0;
  if (height <= window.innerHeight + 1) return null;
  const back = [window.scrollX, window.scrollY];
  await nextFrame();
  await nextFrame();
  const shifts = [];
  const observer = new PerformanceObserver((list) => shifts.push(...list.getEntries()));
  observer.observe({ type: "layout-shift" });
  const isLate = (image) => {
    if (image.complete) return false;
    const { top, bottom } = image.getBoundingClientRect();
    return bottom > 0 && top < window.innerHeight;
  };
  const step = window.innerHeight * 0.9;
  let reached = 0;
  for (let i = 1; i <= STEPS && reached < height - window.innerHeight; i++) {
    reached = Math.min(i * step, height - window.innerHeight);
    window.scrollTo({ left: back[0], top: reached, behavior: "instant" });
    await nextFrame();
    await nextFrame();
    for (let waited = 0; waited < PATIENCE && [...document.images].some(isLate); waited++) await nextFrame();
  }
  await nextFrame();
  shifts.push(...observer.takeRecords());
  observer.disconnect();
  window.scrollTo({ left: back[0], top: back[1], behavior: "instant" });
  return { shifts: shifts.map((entry) => shiftRow(entry, tree)), reached: round(reached + window.innerHeight) };
}
