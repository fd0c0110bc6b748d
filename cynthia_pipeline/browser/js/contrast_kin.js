// Texts whose contrast axe-core must judge alike: it is asked of one of each kin only, which is most of its time on a
// long page. Kin are texts of the same ink and size on the same plain ground, with nothing else above or below them.
// Whatever is not surely plain (see `around` and `coveringOf`) is left to axe one by one; what is left out of a kin costs
// time, what is wrongly in it would cost a finding. tests/audit/test_axe_is_spared.py holds both ways against each other.
const CELL = 256;       // px; side of the squares in which boxes are looked up
const MANY_CELLS = 64;  // a box over more squares than these is kept in a list of its own
const ROW_OF_CELLS = 65536;
const ONE_LINE = 30;    // px; an inline box that is taller may have several parts
const NEAR = 1;         // px; boxes this near count as touching, as axe rounds to whole px
const LETTERS = /([A-Za-z0-9\u00c0-\u024f\u0370-\u1cff\u3040-\u9fff\uac00-\ud7a3].*){2}/; // two that axe takes for no icon
// The kin of each plain text, by element; empty where the page is only partly known, or lies behind a dialog.
function contrastKin(tree, { styles }) {
  const { nodes, rows, isWhole } = tree;
  const [INK, GROUND, GROUND_IMAGE, OPACITY, SHOWN_AS, OVERFLOW_X, OVERFLOW_Y, FAMILY, SIZE, WEIGHT, CLIP_PATH, FILTER, BLEND, TRANSFORM] = [
    "color", "background-color", "background-image", "opacity", "display", "overflow-x", "overflow-y", "font-family", "font-size",
    "font-weight", "clip-path", "filter", "mix-blend-mode", "transform",
  ].map((name) => PROPERTIES.indexOf(name));
  const kin = new Map();
  if (!isWhole || document.querySelector(":modal")) return kin;
  const webFonts = new Set([...document.fonts].map((face) => plainName(face.family)));
  const labels = new Set([...document.querySelectorAll("[aria-labelledby]")]
    .flatMap((one) => one.getAttribute("aria-labelledby").split(/\s+/)));
  const surroundings = new Array(nodes.length).fill(null);
  const boxes = boxesOf(tree);
  for (let i = 0; i < nodes.length; i++) {
    const row = rows[i], above = row[PARENT] < 0 ? PAGE : surroundings[row[PARENT]];
    const style = above && row[STYLE] >= 0 ? styles[row[STYLE]] : null;
    if (!style || nodes[i].shadowRoot) continue;
    const here = surroundings[i] = around(i, above, style);
    const covering = here && row[TEXT_LENGTH] > 1 && coveringOf(i, here, style);
    if (covering) kin.set(nodes[i], keyOf(i, here, style, covering));
  }
  return kin;

  // What an element adds to what lies behind the texts in it; null where that is not plain.
  function around(i, above, style) {
    const element = nodes[i], row = rows[i];
    if (row[FLAGS] & (IN_SHADOW | DISABLED) || LEAVES.has(row[TAG]) || row[TAG] === "option") return null;
    if (row[TAG] === "label" && [element.control, element.querySelector("input,select,textarea")].some(isDisabled)) return null;
    if (element.hasAttribute("inert") || element.id && labels.has(element.id)) return null;
    if (style[GROUND_IMAGE] !== "none" || style[OPACITY] !== "1" || style[FILTER] !== "none" || style[BLEND] !== "normal") return null;
    if (style[TRANSFORM] !== "none" || style[CLIP_PATH] !== "none" || style[SHOWN_AS] === "contents") return null;
    const computed = getComputedStyle(element);
    if (computed.zIndex !== "auto" && !(Number(computed.zIndex) >= 0) || computed.maskImage !== "none" && computed.maskImage) return null;
    const drawn = Math.max(above.drawn, drawnBy(element, "::before") + drawnBy(element, "::after"));
    if (drawn === Infinity) return null;
    const isPage = element === document.body || element === document.documentElement;
    const clips = !isPage && (style[OVERFLOW_X] !== "visible" || style[OVERFLOW_Y] !== "visible");
    const ground = groundOf(style[GROUND]);
    if (ground === null) return null;
    const clipping = clips ? [...above.clipping, i] : above.clipping;
    if (ground && isPage) return { ...above, drawn, colour: ground, page: [...above.page, i] };
    if (ground) return { drawn, colour: ground, holder: i, page: [], clipping, scope: clips ? i : above.scope };
    return clips || drawn !== above.drawn ? { ...above, drawn, clipping, scope: clips ? i : above.scope } : above;
  }

  function isDisabled(control) {
    return control && (control.matches(":disabled") || control.closest("[aria-disabled=true]"));
  }

  // px² that an element's written box may colour anywhere.
  function drawnBy(element, which) {
    const style = getComputedStyle(element, which);
    if (style.content === "none" || style.content === "normal" || style.position !== "absolute") return 0;
    if (groundOf(style.backgroundColor) === "" && style.backgroundImage === "none") return 0;
    return style.width.endsWith("px") && style.height.endsWith("px") ? parseFloat(style.width) * parseFloat(style.height) : Infinity;
  }

  // "" for none, the colour of a full one, null for one that is seen through.
  function groundOf(colour) {
    if (/^rgb\(/.test(colour)) return colour;
    return /^rgba\(.*, 0\)$/.test(colour) ? "" : null;
  }

  // What lies under every line of the text, which is nothing but the element and what it stands in; null otherwise.
  function coveringOf(i, here, style) {
    const row = rows[i];
    if (/^(input|select|textarea)$/.test(row[TAG]) || !LETTERS.test(row[TEXT])) return null;
    if (webFonts.has(plainName(style[FAMILY].split(",")[0])) && !/\p{L}\s\P{Z}/u.test(row[TEXT])) return null;  // may be drawn as one sign
    const own = boxOf(i), lines = linesOfOwn(nodes[i]).filter((line) => line.width >= 1 && line.height >= 1);
    if (!lines.length || here.drawn > own.width * own.height / 4) return null;  // a quarter: axe's own limit
    let covering = null;
    for (const line of lines) {
      if (line.right + scrollX <= 0 || line.bottom + scrollY <= 0) return null;
      if (!here.clipping.every((at) => encloses(at, line)) || here.holder >= 0 && !encloses(here.holder, line)) return null;
      const [x, y] = [line.left + line.width / 2, line.top + line.height / 2];
      const below = boxes.at(x, y);
      if (!below.some(({ at, box }) => at === i && isInside(x, y, box)) || !isInside(x, y, own)) return null;
      if (!below.every(({ at }) => at === i || nodes[at].contains(nodes[i]))) return null;
      const now = [...new Set(below.map(({ at }) => at))].sort((one, other) => one - other);
      if (covering && `${covering}` !== `${now}`) return null;
      covering = now;
      if (!here.page.every((at) => !covering.includes(at) || encloses(at, line))) return null;
    }
    return covering;
  }

  function boxOf(i) { return nodes[i].getBoundingClientRect(); }

  function encloses(at, line) {
    const box = boxOf(at);
    return line.left >= box.left && line.right <= box.right && line.top >= box.top && line.bottom <= box.bottom;
  }

  // All that axe's verdict and its figures hang on.
  function keyOf(i, here, style, covering) {
    const computed = getComputedStyle(nodes[i]);
    return [
      here.colour, here.scope, here.page.map((at) => covering.includes(at)), style[INK], style[FAMILY], style[SIZE], style[WEIGHT],
      computed.textShadow, computed.getPropertyValue("-webkit-text-fill-color"), computed.getPropertyValue("-webkit-text-stroke"),
    ].join("\u0001");
  }
}

// Around the whole page: nothing drawn, no colour, nothing that holds it, no element that colours the page, nothing that clips.
const PAGE = { drawn: 0, colour: "", holder: -1, page: [], clipping: [], scope: -1 };

const plainName = (family) => family.replace(/["']/g, "").trim().toLowerCase();
const isInside = (x, y, box) => x > box.left + NEAR && x < box.right - NEAR && y > box.top + NEAR && y < box.bottom - NEAR;

// All boxes of what is drawn, by the squares that they lie on.
function boxesOf({ nodes, rows, isRendered }) {
  const [left, top] = [scrollX, scrollY];
  const large = [], squares = new Map();
  const put = (at, box) => {
    const [x0, x1] = [Math.floor((box.left - NEAR) / CELL), Math.floor((box.right + NEAR) / CELL)];
    const [y0, y1] = [Math.floor((box.top - NEAR) / CELL), Math.floor((box.bottom + NEAR) / CELL)];
    if ((x1 - x0 + 1) * (y1 - y0 + 1) > MANY_CELLS) { large.push({ at, box }); return; }
    for (let x = x0; x <= x1; x++) for (let y = y0; y <= y1; y++) {
      const square = squares.get(y * ROW_OF_CELLS + x);
      if (square) square.push({ at, box }); else squares.set(y * ROW_OF_CELLS + x, [{ at, box }]);
    }
  };
  for (let i = 0; i < nodes.length; i++) {
    const row = rows[i];
    if (!row[WIDTH] || !row[HEIGHT] || !isRendered[i] && !nodes[i].checkVisibility({ visibilityProperty: true })) continue;
    const box = { left: row[X] - left, top: row[Y] - top, right: row[X] + row[WIDTH] - left, bottom: row[Y] + row[HEIGHT] - top };
    const parts = row[HEIGHT] > ONE_LINE && getComputedStyle(nodes[i]).display === "inline" ? nodes[i].getClientRects() : [box];
    for (const part of parts) put(i, part);
  }
  return { at };

  // What lies at a point of the window, or nearly.
  function at(x, y) {
    const found = [];
    for (const some of [large, squares.get(Math.floor(y / CELL) * ROW_OF_CELLS + Math.floor(x / CELL)) ?? []]) {
      for (const one of some) {
        const { box } = one;
        if (x >= box.left - NEAR && x <= box.right + NEAR && y >= box.top - NEAR && y <= box.bottom + NEAR) found.push(one);
      }
    }
    return found;
  }
}
