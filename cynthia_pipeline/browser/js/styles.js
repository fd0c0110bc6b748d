// Attributes, own text and computed styles, each distinct set of styles once, and only of what is visible.
const PROPERTIES = [
  "color", "background-color", "background-image", "opacity", "display", "position", "overflow-x",
  "font-family", "font-size", "font-weight", "font-style", "line-height", "letter-spacing", "text-align",
  "text-transform", "text-decoration-line", "border-top", "border-bottom", "border-left", "box-shadow",
  "outline-style", "appearance", "cursor", "clip-path", "filter", "mix-blend-mode",
  "overflow-y", "border-right", "text-overflow", "flex-direction", "direction", "order", "float", "transform",
];
const ATTRIBUTES = new Set([
  "role", "type", "href", "src", "alt", "title", "width", "height", "loading", "tabindex", "placeholder", "lang",
  "autoplay", "controls", "aria-label", "aria-hidden", "aria-disabled", "onclick", "target", "contenteditable",
  "aria-level", "aria-labelledby", "name", "accesskey", "scope", "headers", "aria-describedby", "colspan", "rowspan", "dir",
  "bgcolor", "background", "align", "valign", "cellpadding", "cellspacing", "nowrap", "hspace", "vspace",
]);
const FOCUSABLE = "a[href],area[href],button,input:not([type=hidden]),select,textarea,summary,iframe," +
  "[tabindex],[contenteditable=''],[contenteditable=true],audio[controls],video[controls]";

function readStyles({ nodes, rows, indexOf, isRendered, displays }) {
  const styles = [];
  const styleIndex = new Map();
  const placeholders = [];
  const clips = new Array(nodes.length).fill(null);
  for (let i = 0; i < nodes.length; i++) {
    const element = nodes[i], row = rows[i];
    readAttributes(element, row);
    if (element.matches(FOCUSABLE)) row[FLAGS] |= FOCUSABLE_BIT;
    if (element.matches(":disabled") || element.getAttribute("aria-disabled") === "true") row[FLAGS] |= DISABLED;
    else if (row[PARENT] >= 0 && rows[row[PARENT]][FLAGS] & DISABLED) row[FLAGS] |= DISABLED;
    if (!isRendered[i]) continue;
    const computed = getComputedStyle(element);
    clips[i] = clipFor(row, clips, computed);
    if (isClippedAway(computed, row, clips[i])) {
      row[FLAGS] |= CLIPPED;
      row[FLAGS] &= ~VISIBLE;
      clips[i] = { left: 0, top: 0, right: 0, bottom: 0, positioned: true };
      continue;
    }
    clips[i] = narrowed(clips[i], computed, row);
    if (!(row[FLAGS] & VISIBLE)) continue;
    const values = PROPERTIES.map((name) => computed.getPropertyValue(name));
    displays[i] = computed.display;
    const key = values.join("\u0001");
    let found = styleIndex.get(key);
    if (found === undefined) {
      found = styles.length;
      styleIndex.set(key, found);
      styles.push(values.map((value) => value.slice(0, TEXT_CAP)));
    }
    row[STYLE] = found;
    const text = ownText(element);
    row[TEXT] = text.slice(0, TEXT_CAP);
    row[TEXT_LENGTH] = text.length;
    if (element.placeholder && !element.value) {
      placeholders.push([i, getComputedStyle(element, "::placeholder").color]);
    }
    const label = element.labels?.[0];
    if (label && indexOf.has(label)) row[LABEL] = indexOf.get(label);
  }
  return { properties: PROPERTIES, styles, placeholders };
}

function ownText(element) {
  let text = "";
  for (let child = element.firstChild; child; child = child.nextSibling) {
    if (child.nodeType === Node.TEXT_NODE) text += child.data;
  }
  return text && collapse(text);
}

function readAttributes(element, row) {
  const listens = globalThis.cynthiaClicked?.has(element);  // browser/listeners.py asks for them
  if (!element.attributes.length && !listens) return;
  let kept = listens ? { onclick: "" } : 0;
  for (const { name, value } of element.attributes) {
    if (!ATTRIBUTES.has(name)) continue;
    kept ||= {};
    kept[name] = value.slice(0, TEXT_CAP);
  }
  if (element.localName === "img" && element.complete && element.naturalWidth) {
    kept ||= {};
    kept["natural-size"] = `${element.naturalWidth}x${element.naturalHeight}`;
  }
  row[ATTRIBUTES_KEPT] = kept;
}
