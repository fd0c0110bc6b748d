// What the browser itself recorded of the page's loading. Buffered observers deliver what happened before now
// while axe works; nothing waits for them.
function watchTimings() {
  const startedAt = performance.now();
  const timings = {};
  const [navigation] = performance.getEntriesByType("navigation");
  if (navigation) {
    timings.ttfb_ms = round(navigation.responseStart);
    timings.dom_content_loaded_ms = round(navigation.domContentLoadedEventEnd);
    timings.load_ms = round(navigation.loadEventEnd);
  }
  for (const paint of performance.getEntriesByType("paint")) {
    if (paint.name === "first-contentful-paint") timings.fcp_ms = round(paint.startTime);
  }
  const resources = performance.getEntriesByType("resource");
  timings.requests = resources.length;
  timings.transferred_bytes = resources.reduce((sum, entry) => sum + entry.transferSize, navigation?.transferSize ?? 0);
  timings.cls = 0;
  timings.long_task_ms = 0;
  const watch = (type, take) => {
    const observer = new PerformanceObserver((list) => list.getEntries().forEach(take));
    observer.observe({ type, buffered: true });
    return observer;
  };
  const observers = [
    watch("largest-contentful-paint", (entry) => { timings.lcp_ms = round(entry.startTime); }),
    watch("layout-shift", (entry) => { if (!entry.hadRecentInput) timings.cls = Math.round((timings.cls + entry.value) * 1e4) / 1e4; }),
    watch("longtask", (entry) => { if (entry.startTime + entry.duration <= startedAt) timings.long_task_ms += Math.max(0, round(entry.duration) - 50); }),
  ];
  return { timings, stop: () => observers.forEach((observer) => observer.disconnect()) };
}
