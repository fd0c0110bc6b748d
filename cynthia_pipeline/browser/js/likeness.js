// What is the same in two views of one page: the elements, what is in them, and which of them are seen. Where all of that
// is the same, most of axe's rules must answer the same, and the second view asks only those that look at layout or style.
const OF_LAYOUT = [
  "color-contrast", "color-contrast-enhanced", "target-size", "link-in-text-block", "scrollable-region-focusable", "p-as-heading",
  "css-orientation-lock", "meta-viewport", "meta-viewport-large", "avoid-inline-spacing", "skip-link", "region", "bypass",
  "label-content-name-mismatch", "td-has-header", "td-headers-attr", "th-has-data-cells", "empty-table-header",
  "table-duplicate-name", "table-fake-caption", "scope-attr-valid",
];

// A digest of it; "" where something escapes it: shadow trees, frames, elements beyond the cap.
function likenessOf({ nodes, rows, isRendered, isWhole }) {
  if (!isWhole || window.length || rows.some((row) => row[FLAGS] & IN_SHADOW)) return "";
  const seen = nodes.map((element, i) => {
    const isThere = isRendered[i] || element.checkVisibility({ visibilityProperty: true });
    const state = element.localName === "input" ? `${element.checked}${element.indeterminate}` : "";
    return `${rows[i][FLAGS]},${isRendered[i]},${isThere},${rows[i][WIDTH] > 0},${rows[i][HEIGHT] > 0},${element.value ?? ""}${state}`;
  });
  return digest(`${document.title}\u0001${document.documentElement.outerHTML}\u0001${seen.join(";")}`);
}

// 53 bits of a text: two multiplicative hashes side by side. Against chance, not against malice: a page deceives only itself.
function digest(text) {
  let high = 0xdeadbeef, low = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36);
}
