// Links that share their name with one that leads elsewhere: [index, name, address, context, what is there].
async function sameNameLinks({ known, indexOf, isHeard, nameOf, headings, drawnLinks }, maxFetches, fetchMs) {
  const byName = new Map();
  for (const link of [...known, ...drawnLinks]) {
    if (!link.matches("a[href],area[href],[role=link][onclick]") || !axe.utils.getNodeFromTree(link) || !isHeard(link)) continue;
    const name = nameOf(link).toLowerCase();
    if (!name) continue;
    if (!byName.has(name)) byName.set(name, []);
    byName.get(name).push(link);
  }
  const found = [];
  let left = maxFetches;
  const contents = new Map();
  for (const [name, links] of byName) {
    const addresses = new Set(links.map(addressOf).filter(Boolean));
    if (links.length < 2 || addresses.size < 2) continue;
    for (const address of addresses) {
      if (contents.has(address) || left <= 0) continue;
      left -= 1;
      contents.set(address, await wordsAt(address, fetchMs));
    }
    for (const link of links.filter(addressOf)) {
      const index = indexOf.get(link) ?? indexOf.get(outermostDrawing(link));
      found.push([index, name, addressOf(link), contextOf(link, links), contents.get(addressOf(link)) ?? null]);
    }
  }
  return found;

  function addressOf(link) {
    try {
      // A link by role alone leads where its handler sets the location, if that stands there in so many words.
      const scripted = /location(?:\.href)?\s*=\s*(["'])([^"']+)\1/.exec(link.getAttribute("onclick") ?? "")?.[2];
      if (link.href === undefined && !scripted) return "";
      const url = new URL(link.href?.baseVal ?? link.href ?? scripted, document.baseURI);
      url.pathname = url.pathname.replace(/\/(index\.\w+)?$/, "");
      return url.href;
    } catch { return ""; }
  }

  // What WCAG calls the link's context: the cell around it, or the nearest block that says more than links of its name do;
  // where that holds a heading too, or there is none, the heading that the link stands under.
  function contextOf(link, namesakes) {
    for (let around = link.parentElement; around && around !== document.body; around = around.parentElement) {
      if (around.querySelector("h1,h2,h3,h4,h5,h6,[role=heading]")) break;
      if (!indexOf.has(around)) continue;
      if (around.matches("td,th,dd,dt,[role=cell],[role=gridcell]")) return indexOf.get(around);
      if (getComputedStyle(around).display !== "inline" && saysMore(around, namesakes)) return indexOf.get(around);
    }
    return headingBefore(link, headings, indexOf);
  }

  function saysMore(block, namesakes) {
    const beside = (node) => !namesakes.some((link) => link.contains(node));
    if ([...block.querySelectorAll("img[alt]")].some((image) => image.alt.trim() && beside(image))) return true;
    const words = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    for (let node = words.nextNode(); node; node = words.nextNode()) {
      if (/[\p{L}\p{N}]/u.test(node.data) && !SKIPPED.has(node.parentElement.localName) && beside(node)) return true;
    }
    return false;
  }
}
