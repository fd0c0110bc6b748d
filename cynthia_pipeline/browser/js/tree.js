// The elements of the page, in document order, through open shadow roots: a row for each, in the order that
// _element() in audit/artifacts.py reads it.
const TEXT_CAP = 400;
const SKIPPED = new Set([
  "script", "style", "template", "noscript", "link", "meta", "head", "base", "title", "param", "source", "track",
]);
const LEAVES = new Set(["svg", "math", "canvas", "iframe", "object", "video", "audio", "select", "textarea"]);
const [PARENT, TAG, FLAGS, X, Y, WIDTH, HEIGHT, STYLE, TEXT, TEXT_LENGTH, ATTRIBUTES_KEPT, LABEL] =
  [0, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];
const VISIBLE = 1, HIDDEN_FROM_AT = 2, DISABLED = 4, FOCUSABLE_BIT = 8, IN_SHADOW = 16, CLIPPED = 32;
const round = (value) => Math.round(value * 100) / 100;
const collapse = (text) => text.replace(/\s+/g, " ").trim();

function readTree(maxElements) {
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
    pushChildren(stack, (root ?? element).children, index, root ? flags | IN_SHADOW : flags);
    if (root && element.children.length) pushChildren(stack, element.children, index, flags);
  }
  const isWhole = !stack.length;
  // Filled in by measureBoxes and readStyles; "" and 0 for what is not visible.
  return { nodes, rows, indexOf, isWhole, isRendered: new Uint8Array(nodes.length), displays: new Array(nodes.length).fill("") };
}

function pushChildren(stack, children, parent, flags) {
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

// Geometry and visibility; one layout.
function measureBoxes({ nodes, rows, isRendered }) {
  const [scrollX, scrollY] = [window.scrollX, window.scrollY];
  for (let i = 0; i < nodes.length; i++) {
    const element = nodes[i], row = rows[i], box = element.getBoundingClientRect();
    row[X] = round(box.x + scrollX);
    row[Y] = round(box.y + scrollY);
    row[WIDTH] = round(box.width);
    row[HEIGHT] = round(box.height);
    const rendered = element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
    if (!rendered) continue;
    isRendered[i] = 1;
    const gone = box.right + scrollX <= 0 || box.bottom + scrollY <= 0;
    if (box.width > 0 && box.height > 0 && !gone) row[FLAGS] |= VISIBLE;
    if (gone) row[FLAGS] |= CLIPPED;
  }
}
