// For enlarge.py: texts that a box with hidden overflow cuts, at the size that the view has at the moment; and the
// text spacing that WCAG 2.2 SC 1.4.12 asks a page to bear.
function enlargedOf({ nodes, rows }) {
  const SPACING = "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}";
  const hides = (overflow) => overflow === "hidden" || overflow === "clip";
  const scrolls = (overflow) => overflow === "auto" || overflow === "scroll";
  let whole = new Set(), halved = new Set();
  let looks = [];  // of each box how it deals with what is too large for it, as long as the page stays as it is
  return { begin, zoomed: () => resized(cuts), spaced, narrowed: () => resized(width) };

  // Remembers which texts are seen whole before anything is enlarged, and which are cut through a line already: a box
  // that shows whole lines may mean to show no more, one that halves letters means nothing by it.
  function begin() {
    looks = [];
    [whole, halved] = [new Set(), new Set()];
    for (let i = 0; i < nodes.length; i++) {
      if (!rows[i][TEXT_LENGTH] || !nodes[i].isConnected) continue;
      const cut = cutOf(i);
      if (!cut) whole.add(i);
      else if (cut[2]) halved.add(i);
    }
  }

  // Those of them that are cut now: [index, index of what cuts, px].
  function cuts() {
    looks = [];
    const found = [];
    for (const i of whole) {
      const cut = nodes[i].isConnected && cutOf(i);
      if (cut) found.push([i, cut[0], cut[1]]);
    }
    for (const i of halved) {
      const cut = nodes[i].isConnected && cutOf(i);
      if (cut?.[2]) found.push([i, cut[0], cut[1]]);
    }
    return found.sort((a, b) => a[0] - b[0]);
  }

  function cutOf(i) {
    if (!mayBeCut(i)) return null;
    const lines = ownLines(nodes[i]).filter((line) => line.right - line.left > 1);
    if (!lines.length) return null;
    let escaping = false;
    for (let at = i; at >= 0 && !isRoot(at); at = rows[at][PARENT]) {
      const { position, hidden, x, y } = lookOf(at);
      if (position === "fixed" || hidden) return null;
      const contains = !escaping || position !== "static";
      // Hidden to one side means scrolling to the other; of the text's own box that says nothing.
      if (contains && scrolls(y) && at !== i) return null;
      const cut = contains && (hides(x) || hides(y)) && cutBy(at, getComputedStyle(nodes[at]), lines);
      if (cut) return cut;
      if (contains && (scrolls(x) || scrolls(y))) return null;
      if (contains) escaping = position === "absolute";
    }
    return null;
  }

  // Whether there is a box around it that hides anything. Most texts have none, and where their lines are need not be asked.
  function mayBeCut(i) {
    const unknown = [];
    let at = i;
    while (at >= 0 && !isRoot(at) && lookOf(at).within === undefined) { unknown.push(at); at = rows[at][PARENT]; }
    let within = at >= 0 && !isRoot(at) && looks[at].within;
    for (const below of unknown.reverse()) within = looks[below].within = within || hides(looks[below].x) || hides(looks[below].y);
    return within;
  }

  function isRoot(at) { return rows[at][TAG] === "body" || rows[at][TAG] === "html"; }

  function lookOf(at) {
    if (!looks[at]) {
      const style = getComputedStyle(nodes[at]);
      looks[at] = { position: style.position, hidden: style.visibility === "hidden", x: style.overflowX, y: style.overflowY, within: undefined };
    }
    return looks[at];
  }

  function cutBy(at, style, lines) {
    const box = nodes[at].getBoundingClientRect();
    const left = box.left + scrollX + nodes[at].clientLeft, top = box.top + scrollY + nodes[at].clientTop;
    const right = left + nodes[at].clientWidth, bottom = top + nodes[at].clientHeight;
    if (right - left < 2 || bottom - top < 2) return null;  // put away, not cut
    // What lies outside altogether is another slide, or folded: put away as well.
    if (!lines.some((line) => line.left < right && line.right > left && line.top < bottom && line.bottom > top)) return null;
    if (hides(style.overflowX) && style.textOverflow === "clip") {
      const beyond = Math.max(...lines.map((line) => Math.max(line.right - right, left - line.left)));
      if (beyond > 3) return [at, round(beyond), style.whiteSpace.includes("nowrap") && box.width >= 20];
    }
    const clamped = style.webkitLineClamp && style.webkitLineClamp !== "none";
    if (hides(style.overflowY) && !clamped) {
      const lost = lines.filter((line) => line.bottom - bottom > (line.bottom - line.top) * 0.3);
      const shares = lost.map((line) => (line.bottom - bottom) / (line.bottom - line.top));
      if (lost.length) return [at, round(Math.max(...lost.map((line) => line.bottom)) - bottom), shares.some((share) => share < 0.8)];
    }
    return null;
  }

  // What a question answers once the page has been told of its window's new size, and has answered that: in the frame that
  // tells it, or in what it asks that frame to do.
  async function resized(question) {
    await nextFrame();
    await nextFrame();
    return question();
  }

  // What is cut with wider text spacing. The page is laid out for it, but never drawn.
  function spaced() {
    space(true);
    try { return cuts(); } finally { space(false); }
  }

  // Widens the text spacing, or takes that back; a sheet of the script's own, which no content security policy refuses.
  function space(wide) {
    const others = document.adoptedStyleSheets.filter((sheet) => !sheet.cynthia);
    if (wide) {
      const sheet = new CSSStyleSheet();
      sheet.cynthia = true;
      sheet.replaceSync(SPACING);
      others.push(sheet);
    }
    document.adoptedStyleSheets = others;
  }

  // How wide the content is in how wide a view, and the outermost elements that stick out: [index, right edge].
  function width() {
    const root = document.documentElement;
    const edge = root.clientWidth + 1;
    const out = [];
    for (let i = 0; i < nodes.length && out.length < 20; i++) {
      if (!nodes[i].isConnected || rows[i][TAG] === "html" || rows[i][TAG] === "body") continue;
      const box = nodes[i].getBoundingClientRect();
      if (box.right + scrollX <= edge || box.width < 1) continue;
      const inner = rows[i][PARENT] >= 0 && nodes[rows[i][PARENT]].getBoundingClientRect();
      if (inner && inner.right + scrollX >= box.right + scrollX && rows[rows[i][PARENT]][TAG] !== "body") continue;
      if (nodes[i].checkVisibility({ visibilityProperty: true })) out.push([i, round(box.right + scrollX)]);
    }
    return { scroll: document.scrollingElement?.scrollWidth ?? root.scrollWidth, client: root.clientWidth, out };
  }
}
