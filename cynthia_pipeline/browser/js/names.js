// What links, buttons and headings say, where it is not their own text alone: the text and the images' alternatives
// inside, in reading order.
const NAMED = new Set(["a", "button", "summary", "h1", "h2", "h3", "h4", "h5", "h6"]);
const NAMED_ROLES = new Set(["heading", "link", "button"]);
const BUTTONS = new Set(["button", "submit", "reset"]);  // inputs that say their value
const NAME_CAP = 200;

function readNames({ nodes, rows, isRendered }) {
  const names = [];
  for (let i = 0; i < nodes.length; i++) {
    const element = nodes[i];
    if (isRendered[i] && rows[i][TAG] === "input" && BUTTONS.has(element.type)) names.push([i, collapse(element.value).slice(0, NAME_CAP)]);
    if (!isRendered[i] || !(NAMED.has(rows[i][TAG]) || NAMED_ROLES.has(element.getAttribute("role")))) continue;
    if (element.firstElementChild || !(rows[i][FLAGS] & VISIBLE)) names.push([i, collapse(spoken(element)).slice(0, NAME_CAP)]);
  }
  return names;
}

function spoken(element) {
  let text = "";
  for (const child of element.childNodes) {
    if (text.length > NAME_CAP) break;
    if (child.nodeType === Node.TEXT_NODE) text += child.data;
    if (child.nodeType !== Node.ELEMENT_NODE || child.getAttribute("aria-hidden") === "true") continue;
    if (!child.checkVisibility({ visibilityProperty: true })) continue;
    if (child.localName === "img") text += ` ${child.alt} `;
    else if (child.localName === "br") text += " ";
    else if (!SKIPPED.has(child.localName)) text += child.getAttribute("aria-label") ?? spoken(child);
  }
  return text;
}
