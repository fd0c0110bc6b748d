// Measures the document as it stands and runs axe. Evaluated in an isolated world, after axe-core: the page's
// own scripts cannot see or change what runs here. Reads only; all geometry is read before all styles, so that
// the page is laid out once. Answers one JSON string in the shape that audit/artifacts.py parses.
async ({ maxElements, frames }) => {
  const startedAt = performance.now();
  const PROPERTIES = [
    "color", "background-color", "background-image", "opacity", "display", "position", "overflow-x",
    "font-family", "font-size", "font-weight", "font-style", "line-height", "letter-spacing", "text-align",
    "text-transform", "text-decoration-line", "border-top", "border-bottom", "border-left", "box-shadow",
    "outline-style", "appearance", "cursor", "clip-path", "filter", "mix-blend-mode",
  ];
  const ATTRIBUTES = new Set([
    "role", "type", "href", "src", "alt", "title", "width", "height", "loading", "tabindex", "placeholder", "lang",
    "autoplay", "controls", "aria-label", "aria-hidden", "aria-disabled", "onclick", "target", "contenteditable",
  ]);
  const SKIPPED = new Set([
    "script", "style", "template", "noscript", "link", "meta", "head", "base", "title", "param", "source", "track",
  ]);
  const LEAVES = new Set(["svg", "math", "canvas", "iframe", "object", "video", "audio", "select", "textarea"]);
  const FOCUSABLE = "a[href],area[href],button,input:not([type=hidden]),select,textarea,summary,iframe," +
    "[tabindex],[contenteditable=''],[contenteditable=true],audio[controls],video[controls]";
  const VISIBLE = 1, HIDDEN_FROM_AT = 2, DISABLED = 4, FOCUSABLE_BIT = 8, IN_SHADOW = 16, CLIPPED = 32;
  const TEXT_CAP = 400;
  const round = (value) => Math.round(value * 100) / 100;
  const collapse = (text) => text.replace(/\s+/g, " ").trim();

  const timings = {};
  const observers = watchTimings(timings);

  // Pass 1: the tree, in document order, through open shadow roots.
  const nodes = [];
  const rows = [];
  const indexOf = new Map();
  const stack = [[document.documentElement, -1, 0, 1]];
  while (stack.length && nodes.length < maxElements) {
    const [element, parent, inherited, nth] = stack.pop();
    const tag = element.localName;
    const index = nodes.length;
    let flags = inherited;
    if (element.getAttribute("aria-hidden") === "true" || element.hasAttribute("inert")) flags |= HIDDEN_FROM_AT;
    nodes.push(element);
    indexOf.set(element, index);
    rows.push([parent, tag, element.id || "", nth, flags, 0, 0, 0, 0, -1, "", 0, 0, -1]);
    if (LEAVES.has(tag)) continue;
    const root = element.shadowRoot;
    pushChildren((root ?? element).children, index, root ? flags | IN_SHADOW : flags);
    if (root && element.children.length) pushChildren(element.children, index, flags);
  }

  function pushChildren(children, parent, flags) {
    const counts = new Map();
    const batch = [];
    for (const child of children) {
      const tag = child.localName;
      const nth = (counts.get(tag) ?? 0) + 1;
      counts.set(tag, nth);
      if (!SKIPPED.has(tag)) batch.push([child, parent, flags, nth]);
    }
    for (let i = batch.length - 1; i >= 0; i--) stack.push(batch[i]);
  }

  // Pass 2: geometry and visibility; one layout.
  const [scrollX, scrollY] = [window.scrollX, window.scrollY];
  const isRendered = new Uint8Array(nodes.length);
  for (let i = 0; i < nodes.length; i++) {
    const element = nodes[i], row = rows[i], box = element.getBoundingClientRect();
    row[5] = round(box.x + scrollX);
    row[6] = round(box.y + scrollY);
    row[7] = round(box.width);
    row[8] = round(box.height);
    const rendered = element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
    if (!rendered) continue;
    isRendered[i] = 1;
    const gone = box.right + scrollX <= 0 || box.bottom + scrollY <= 0;
    if (box.width > 0 && box.height > 0 && !gone) row[4] |= VISIBLE;
    if (gone) row[4] |= CLIPPED;
  }

  // Pass 3: computed styles, each distinct set once, and what only visible elements need.
  const styles = [];
  const styleIndex = new Map();
  const displays = new Array(nodes.length).fill("");
  const placeholders = [];
  const clips = new Array(nodes.length).fill(null);
  for (let i = 0; i < nodes.length; i++) {
    const element = nodes[i], row = rows[i];
    readAttributes(element, row);
    if (element.matches(FOCUSABLE)) row[4] |= FOCUSABLE_BIT;
    if (element.matches(":disabled") || element.getAttribute("aria-disabled") === "true") row[4] |= DISABLED;
    else if (row[0] >= 0 && rows[row[0]][4] & DISABLED) row[4] |= DISABLED;
    if (!isRendered[i]) continue;
    const computed = getComputedStyle(element);
    clips[i] = clipFor(i, computed);
    if (isClippedAway(computed, row, clips[i])) {
      row[4] |= CLIPPED;
      row[4] &= ~VISIBLE;
      clips[i] = { left: 0, top: 0, right: 0, bottom: 0, positioned: true };
      continue;
    }
    clips[i] = narrowed(clips[i], computed, row);
    if (!(row[4] & VISIBLE)) continue;
    const values = PROPERTIES.map((name) => computed.getPropertyValue(name));
    displays[i] = values[4];
    const key = values.join("\u0001");
    let found = styleIndex.get(key);
    if (found === undefined) {
      found = styles.length;
      styleIndex.set(key, found);
      styles.push(values.map((value) => value.slice(0, TEXT_CAP)));
    }
    row[9] = found;
    let text = "";
    for (let child = element.firstChild; child; child = child.nextSibling) {
      if (child.nodeType === Node.TEXT_NODE) text += child.data;
    }
    if (text) text = collapse(text);
    row[10] = text.slice(0, TEXT_CAP);
    row[11] = text.length;
    if (element.placeholder && !element.value) {
      placeholders.push([i, getComputedStyle(element, "::placeholder").color]);
    }
    const label = element.labels?.[0];
    if (label && indexOf.has(label)) row[13] = indexOf.get(label);
  }

  // The box that ancestors with overflow hidden leave of their content. An absolutely positioned element escapes
  // those that are not positioned themselves, a fixed one escapes all.
  function clipFor(i, computed) {
    const parent = rows[i][0];
    if (parent < 0 || computed.position === "fixed") return null;
    const clip = clips[parent];
    return clip && computed.position === "absolute" && !clip.positioned ? null : clip;
  }

  function narrowed(clip, computed, row) {
    if (row[1] === "html" || row[1] === "body") return null;
    const hides = (overflow) => overflow === "hidden" || overflow === "clip";
    const [hidesX, hidesY] = [hides(computed.overflowX), hides(computed.overflowY)];
    if (!hidesX && !hidesY) return clip;
    const [x, y, width, height] = row.slice(5, 9);
    return {
      left: Math.max(clip?.left ?? -Infinity, hidesX ? x : -Infinity),
      right: Math.min(clip?.right ?? Infinity, hidesX ? x + width : Infinity),
      top: Math.max(clip?.top ?? -Infinity, hidesY ? y : -Infinity),
      bottom: Math.min(clip?.bottom ?? Infinity, hidesY ? y + height : Infinity),
      positioned: computed.position !== "static",
    };
  }

  function isClippedAway(computed, row, clip) {
    const [x, y, width, height] = row.slice(5, 9);
    if (clip && (x >= clip.right || y >= clip.bottom || x + width <= clip.left || y + height <= clip.top)) return true;
    if (computed.position !== "absolute" && computed.position !== "fixed") return false;
    if (width <= 1 && height <= 1 && computed.overflowX !== "visible") return true;
    const offsets = /^rect\((.*)\)$/.exec(computed.clip)?.[1].split(/[ ,]+/).map(parseFloat);
    if (offsets && (offsets[1] - offsets[3] <= 1 || offsets[2] - offsets[0] <= 1)) return true;
    return /^inset\((50|100)%/.test(computed.clipPath);
  }

  function readAttributes(element, row) {
    if (!element.attributes.length) return;
    let kept = 0;
    for (const { name, value } of element.attributes) {
      if (!ATTRIBUTES.has(name)) continue;
      kept ||= {};
      kept[name] = value.slice(0, TEXT_CAP);
    }
    if (element.localName === "img" && element.complete && element.naturalWidth) {
      kept ||= {};
      kept["natural-size"] = `${element.naturalWidth}x${element.naturalHeight}`;
    }
    row[12] = kept;
  }

  // Pass 4: line boxes of running text.
  const hasBlockChild = new Uint8Array(nodes.length);
  const inlineText = new Uint32Array(nodes.length);
  for (let i = nodes.length - 1; i > 0; i--) {
    const row = rows[i];
    if (!displays[i] || row[0] < 0) continue;
    const inline = displays[i].startsWith("inline") || displays[i].startsWith("ruby") || displays[i] === "contents";
    if (!inline || hasBlockChild[i]) hasBlockChild[row[0]] = 1;
    else inlineText[row[0]] += row[11] + inlineText[i];
  }
  const blocks = [];
  const range = document.createRange();
  for (let i = 0; i < nodes.length; i++) {
    const row = rows[i];
    if (!(row[4] & VISIBLE) || !row[11] || hasBlockChild[i] || displays[i].startsWith("inline")) continue;
    const characters = row[11] + inlineText[i];
    if (characters < 40) continue;
    range.selectNodeContents(nodes[i]);
    const lines = measureLines(range.getClientRects());
    if (!lines) continue;
    blocks.push([i, characters, lines.count, round((lines.longest / lines.total) * characters), round(lines.pitch)]);
  }

  // Boxes whose vertical centres lie within half a line of each other share a line box.
  function measureLines(boxes) {
    const runs = [];
    for (const box of boxes) if (box.width > 0 && box.height > 0) runs.push([box.top + box.height / 2, box.left, box.right, box.height]);
    if (!runs.length) return null;
    runs.sort((a, b) => a[0] - b[0]);
    const lines = [];
    for (const [centre, left, right, height] of runs) {
      const line = lines[lines.length - 1];
      if (line && centre - line.centre < Math.min(height, line.height) / 2) {
        line.left = Math.min(line.left, left);
        line.right = Math.max(line.right, right);
      } else lines.push({ centre, left, right, height });
    }
    const widths = lines.map((line) => line.right - line.left);
    const count = lines.length;
    return {
      count,
      longest: Math.max(...widths),
      total: widths.reduce((sum, width) => sum + width, 0),
      pitch: count > 1 ? (lines[count - 1].centre - lines[0].centre) / (count - 1) : 0,
    };
  }

  const root = document.documentElement;
  const facts = {
    title: document.title.slice(0, TEXT_CAP),
    language: root.lang || "",
    scrollWidth: document.scrollingElement?.scrollWidth ?? root.scrollWidth,
    scrollHeight: document.scrollingElement?.scrollHeight ?? root.scrollHeight,
    clientWidth: root.clientWidth,
    elementCount: stack.length ? document.getElementsByTagName("*").length : nodes.length,
    measuredCount: nodes.length,
    meta: [...document.querySelectorAll("meta[content]")].slice(0, 100)
      .map((meta) => [(meta.name || meta.getAttribute("property") || meta.httpEquiv || "").toLowerCase(), meta.content.slice(0, TEXT_CAP)])
      .filter(([name]) => name),
  };

  // axe: where the page has frames, gather.py has run it in each of them and hands over the parts.
  const axeOptions = {
    rules: Object.fromEntries(axe.getRules().map(({ ruleId }) => [ruleId, { enabled: true }])),
    resultTypes: ["violations", "incomplete"],
    preload: { assets: ["cssom", "media"], timeout: 2000 },
  };
  const raw = frames
    ? await axe.finishRun(frames, axeOptions)
    : await axe.run(document, axeOptions);
  const merged = new Map();
  for (const [kind, results] of [["violations", raw.violations], ["incomplete", raw.incomplete], ["passed", raw.passes], ["inapplicable", raw.inapplicable]]) {
    for (const result of results) {
      const entry = merged.get(result.id) ?? { rule: result.id, tags: result.tags, violations: [], incomplete: [], passed: false };
      merged.set(result.id, entry);
      if (kind === "passed") entry.passed = true;
      else if (kind !== "inapplicable") entry[kind] = result.nodes.map(axeNode);
    }
  }
  function axeNode(node) {
    const checks = [...node.any, ...node.all, ...node.none];
    const data = {};
    for (const check of checks) if (check.data && typeof check.data === "object" && !Array.isArray(check.data)) Object.assign(data, check.data);
    const found = node.target.length === 1 ? axe.utils.shadowSelect(node.target[0]) : null;
    return {
      element: (found && indexOf.get(found)) ?? null,
      target: node.target.flat().join(" >>> ").slice(0, TEXT_CAP),
      impact: node.impact,
      checks: checks.map((check) => check.id),
      data,
      message: checks.map((check) => check.message).join("; ").slice(0, TEXT_CAP),
    };
  }

  for (const observer of observers) observer.disconnect();
  return JSON.stringify({
    properties: PROPERTIES, styles, elements: rows, blocks, placeholders, timings, document: facts,
    axe: [...merged.values()], axeVersion: axe.version,
  });

  // Buffered observers deliver what happened before now while axe works; nothing waits for them.
  function watchTimings(into) {
    const [navigation] = performance.getEntriesByType("navigation");
    if (navigation) {
      into.ttfb_ms = round(navigation.responseStart);
      into.dom_content_loaded_ms = round(navigation.domContentLoadedEventEnd);
      into.load_ms = round(navigation.loadEventEnd);
    }
    for (const paint of performance.getEntriesByType("paint")) {
      if (paint.name === "first-contentful-paint") into.fcp_ms = round(paint.startTime);
    }
    const resources = performance.getEntriesByType("resource");
    into.requests = resources.length;
    into.transferred_bytes = resources.reduce((sum, entry) => sum + entry.transferSize, navigation?.transferSize ?? 0);
    const watch = (type, take) => {
      const observer = new PerformanceObserver((list) => list.getEntries().forEach(take));
      observer.observe({ type, buffered: true });
      return observer;
    };
    into.cls = 0;
    into.long_task_ms = 0;
    return [
      watch("largest-contentful-paint", (entry) => { into.lcp_ms = round(entry.startTime); }),
      watch("layout-shift", (entry) => { if (!entry.hadRecentInput) into.cls = Math.round((into.cls + entry.value) * 1e4) / 1e4; }),
      watch("longtask", (entry) => { if (entry.startTime + entry.duration <= startedAt) into.long_task_ms += Math.max(0, round(entry.duration) - 50); }),
    ];
  }
}
