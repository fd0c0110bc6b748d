// Areas that scroll and show text, and whether the Tab key reaches them or anything in them: [index, 1 or 0].
function readScrollers({ known, indexOf, isHeard }) {
  const { dom } = axe.commons;
  const found = [];
  for (const element of known) {
    if (element === document.body || element === document.documentElement || LEAVES.has(element.localName)) continue;
    if (element.scrollWidth <= element.clientWidth && element.scrollHeight <= element.clientHeight) continue;
    if (element.clientHeight < 14 || element.clientWidth < 14 || !hidesByScrolling(element)) continue;
    if (!isHeard(element) || !dom.isVisibleOnScreen(element) || !collapse(element.innerText ?? "")) continue;
    const reached = [element, ...element.querySelectorAll("*")].some((inner) => indexOf.has(inner) && axe.utils.getNodeFromTree(inner) && dom.isInTabOrder(inner));
    found.push([indexOf.get(element), reached ? 1 : 0]);
  }
  return found;
}
