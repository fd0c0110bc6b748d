// Room around and inside boxes, where text really lies, what of it is cut off, and text that lies on other text.
function readLayout(tree) {
  const computed = tree.nodes.map((node, i) => (tree.displays[i] ? getComputedStyle(node) : null));
  const ink = readInk(tree);
  return {
    spacing: readSpacing(tree, computed),
    ink: [...ink].map(([i, box]) => [i, round(box.left), round(box.top), round(box.right - box.left), round(box.bottom - box.top)]),
    cuts: readCuts(tree, computed, ink),
    overlaps: readOverlaps(tree, computed, ink),
    pinned: readPinned(tree, computed),
    anchors: readAnchors(tree),
    scrollPaddingTop: parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0,
  };
}

// Margins that are "auto" answer with what was left over, which nobody chose: null stands for them.
function readSpacing({ nodes, rows, displays }, computed) {
  const found = [];
  for (let i = 0; i < nodes.length; i++) {
    const style = computed[i];
    if (!style || displays[i] === "inline" || displays[i] === "contents") continue;
    const values = [
      style.marginTop, style.marginRight, style.marginBottom, style.marginLeft,
      style.paddingTop, style.paddingRight, style.paddingBottom, style.paddingLeft, style.rowGap, style.columnGap,
    ].map((value) => parseFloat(value) || 0);
    if (!values.some(Boolean)) continue;
    if (values[0] || values[1] || values[2] || values[3]) {
      const declared = nodes[i].computedStyleMap();
      ["margin-top", "margin-right", "margin-bottom", "margin-left"].forEach((name, side) => {
        if (values[side] && declared.get(name)?.value === "auto") values[side] = null;
      });
    }
    found.push([i, ...values.map((value) => value && round(value))]);
  }
  return found;
}

// The box around an element's own text, without that of its children, in page coordinates.
function readInk({ nodes, rows, displays }) {
  const found = new Map();
  const range = document.createRange();
  const [scrollX, scrollY] = [window.scrollX, window.scrollY];
  for (let i = 0; i < nodes.length; i++) {
    if (!displays[i] || !rows[i][TEXT_LENGTH]) continue;
    let union = null;
    for (let child = nodes[i].firstChild; child; child = child.nextSibling) {
      if (child.nodeType !== Node.TEXT_NODE || !/\S/.test(child.data)) continue;
      range.selectNode(child);
      const box = range.getBoundingClientRect();
      if (!box.width || !box.height) continue;
      union = {
        left: Math.min(union?.left ?? Infinity, box.left + scrollX), top: Math.min(union?.top ?? Infinity, box.top + scrollY),
        right: Math.max(union?.right ?? -Infinity, box.right + scrollX), bottom: Math.max(union?.bottom ?? -Infinity, box.bottom + scrollY),
      };
    }
    if (union) found.set(i, union);
  }
  return found;
}

// The lines of an element's own text, in page coordinates.
function ownLines(node) {
  const [scrollX, scrollY] = [window.scrollX, window.scrollY];
  return linesOfOwn(node).map(({ left, top, right, bottom }) => (
    { left: left + scrollX, top: top + scrollY, right: right + scrollX, bottom: bottom + scrollY }
  ));
}

// Text that a box with hidden overflow cuts: sideways where the box is the text's own block, downwards where it cuts
// through a line. Whole lines that lie beyond (a folded text, the next slide) are not cut but put away.
function readCuts({ nodes, rows, displays }, computed, ink) {
  const hides = (overflow) => overflow === "hidden" || overflow === "clip";
  const clippers = new Int32Array(nodes.length).fill(-1);
  const found = [];
  for (let i = 0; i < nodes.length; i++) {
    const style = computed[i], row = rows[i], parent = row[PARENT];
    if (!style || parent < 0) continue;
    const escapes = style.position === "absolute" || style.position === "fixed" || style.transform !== "none";
    const clips = row[TAG] !== "body" && (hides(style.overflowX) || hides(style.overflowY));
    clippers[i] = clips ? i : escapes ? -1 : clippers[parent];
    const text = ink.get(i), c = clippers[i];
    if (!text || c < 0) continue;
    const [left, top] = [rows[c][X] + nodes[c].clientLeft, rows[c][Y] + nodes[c].clientTop];
    const [right, bottom] = [left + nodes[c].clientWidth, top + nodes[c].clientHeight];
    if (right - left < 8 || bottom - top < 8) continue;
    if (hides(computed[c].overflowX) && isBlockOf(c, i) && (text.right > right + 3 || text.left < left - 3) && text.left < right) {
      found.push([i, c, 0, round(Math.max(text.right - right, left - text.left))]);
    } else if (hides(computed[c].overflowY) && text.bottom > bottom + 2 && text.top < bottom && !clamps(computed[c])) {
      const cut = ownLines(nodes[i]).find((line) => {
        const quarter = (line.bottom - line.top) * 0.3;
        return line.top < bottom - quarter && line.bottom > bottom + quarter;
      });
      if (cut) found.push([i, c, 1, round(text.bottom - bottom)]);
    }
  }
  return found;

  function isBlockOf(block, i) {
    for (let at = i; at >= 0; at = rows[at][PARENT]) {
      if (at === block) return true;
      if (displays[at] !== "inline") return false;
    }
    return false;
  }
  function clamps(style) {
    return style.webkitLineClamp && style.webkitLineClamp !== "none";
  }
}

// Pairs of texts whose lines cross. Where one of them has a ground of its own, it covers the other on purpose.
function readOverlaps({ nodes, rows }, computed, ink) {
  const ROW = 64, MOST = 400;
  const buckets = new Map();
  const found = [];
  let tried = 0;
  for (const [i, box] of ink) {
    if (rows[i][FLAGS] & HIDDEN_FROM_AT || !/[\p{L}\p{N}]/u.test(rows[i][TEXT])) continue;
    const near = new Set();
    for (let at = Math.floor(box.top / ROW); at <= Math.floor(box.bottom / ROW) && at - box.top / ROW < 200; at++) {
      const bucket = buckets.get(at) ?? buckets.set(at, []).get(at);
      bucket.forEach((other) => near.add(other));
      bucket.push(i);
    }
    for (const j of near) {
      const other = ink.get(j);
      if (Math.min(box.right, other.right) - Math.max(box.left, other.left) < 4) continue;
      if (Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) < 4) continue;
      if (nodes[j].contains(nodes[i]) || rows[i][TEXT] === rows[j][TEXT] || ++tried > MOST) continue;
      const crossing = crossed(ownLines(nodes[j]), ownLines(nodes[i]));
      if (crossing && bothShow(j, i, crossing)) {
        found.push([j, i, round(crossing.right - crossing.left), round(crossing.bottom - crossing.top)]);
      }
    }
  }
  return found;

  function crossed(ones, others) {
    for (const one of ones) {
      for (const other of others) {
        const both = {
          left: Math.max(one.left, other.left), right: Math.min(one.right, other.right),
          top: Math.max(one.top, other.top), bottom: Math.min(one.bottom, other.bottom),
        };
        const line = Math.min(one.bottom - one.top, other.bottom - other.top);
        if (both.right - both.left >= 4 && both.bottom - both.top >= line * 0.4) return both;
      }
    }
    return null;
  }

  function bothShow(one, other, at) {
    const above = new Set();
    for (let i = one; i >= 0; i = rows[i][PARENT]) above.add(i);
    let common = other;
    while (common >= 0 && !above.has(common)) common = rows[common][PARENT];
    return shows(one, common, at) && shows(other, common, at);
  }

  function shows(i, common, at) {
    if (/^(rgba\(.*, 0\)|transparent)$/.test(computed[i].color)) return false;
    for (; i >= 0; i = rows[i][PARENT]) {
      const style = computed[i];
      if (!style) return false;
      if (style.position === "fixed" || style.position === "sticky" || Number(style.opacity) < 0.3) return false;
      if (rows[i][TAG] !== "html" && rows[i][TAG] !== "body" && style.overflowX !== "visible") {
        const [x, y, width, height] = rows[i].slice(X, HEIGHT + 1);
        if (at.left < x || at.top < y || at.right > x + width || at.bottom > y + height) return false;
      }
      if (i > common) {
        const faint = /^(rgba\(.*, 0(\.\d+)?\)|transparent)$/.test(style.backgroundColor);
        if (!faint || style.backgroundImage !== "none" || style.backfaceVisibility === "hidden") return false;
      }
    }
    return true;
  }
}

// What stays in place while the page scrolls.
function readPinned({ nodes, rows }, computed) {
  const found = [];
  for (let i = 0; i < nodes.length; i++) {
    const position = computed[i]?.position;
    if (position !== "fixed" && position !== "sticky") continue;
    const top = parseFloat(computed[i].top);
    found.push([i, Number.isFinite(top) ? round(top) : null]);
  }
  return found;
}

// Links within the page, and how much room the places that they lead to keep above themselves.
function readAnchors({ nodes, rows, indexOf }) {
  const found = [];
  for (let i = 0; i < nodes.length && found.length < 100; i++) {
    if (rows[i][TAG] !== "a") continue;
    const hash = nodes[i].getAttribute("href");
    if (!hash || hash.length < 2 || hash[0] !== "#") continue;
    let target = document.getElementById(hash.slice(1));
    if (!target || !indexOf.has(target)) continue;
    found.push([i, indexOf.get(target), parseFloat(getComputedStyle(target).scrollMarginTop) || 0]);
  }
  return found;
}
