// Headings that assistive technology gets, in document order.
function headingsOf(known, isHeard) {
  const { aria } = axe.commons;
  return known.filter((element) => /^h[1-6]$/.test(element.localName) || element.hasAttribute("role"))
    .filter((element) => aria.getRole(element) === "heading")
    .filter(isHeard);
}

// The index of the last of these that an element stands behind; -1 if there is none.
function headingBefore(element, headings, indexOf) {
  let found = -1;
  for (const heading of headings) {
    if (heading.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) found = indexOf.get(heading);
    else break;
  }
  return found;
}
