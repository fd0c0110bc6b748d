// Ways past what every page of a site repeats.
function readBypass({ known, indexOf, isHeard, nameOf, headings }) {
  const { dom } = axe.commons;
  const REPEATED = "nav,header,footer,aside,[role=navigation],[role=banner],[role=contentinfo],[role=complementary]";
  const outside = (element) => !element.closest(REPEATED) || element.closest("main,[role=main],article,section")?.contains(element.closest(REPEATED));
  const tabbable = known.filter((element) => dom.isInTabOrder(element) && element.checkVisibility({ visibilityProperty: true }));
  const blocks = known.filter((element) => element.matches(REPEATED) && element.checkVisibility({ visibilityProperty: true })
    && !element.closest("main,[role=main],article"));
  const leadsAway = known.some((element) => element.matches("a[href]") && isHeard(element) && new URL(element.href, document.baseURI).href.split("#")[0] !== location.href.split("#")[0]);
  const isRepeated = (block) => block.querySelector("a[href],button") || (leadsAway && !block.matches("header,footer,[role=banner],[role=contentinfo]"));
  const repeated = blocks.filter((block) => isRepeated(block) && hasContentAfter(block, blocks));
  const main = known.find((element) => element.matches("main,[role=main]") && isHeard(element) && collapse(element.innerText ?? ""));
  const skips = tabbable.slice(0, 5).filter((element) => isHeard(element) && isSeenWithFocus(element) && skipsTo(element, blocks));
  const place = repeated[0] && tabbable.filter((element) => repeated[0].contains(element) || element.compareDocumentPosition(repeated[0]) & Node.DOCUMENT_POSITION_FOLLOWING).length;
  return {
    blocks: repeated.map((block) => indexOf.get(block)),
    folds: foldersOf(tabbable, repeated).length ? 1 : 0,
    main: main ? indexOf.get(main) : -1,
    contentHeadings: headings.filter((heading) => outside(heading) && nameOf(heading) && dom.isVisibleOnScreen(heading)).length,
    skipLinks: skips.map((element) => indexOf.get(element)),
    stopsBefore: place ?? 0,
    words: collapse(document.body?.innerText ?? "").split(" ").length,
    links: known.filter((element) => element.matches("a[href]") && isHeard(element)).length,
  };

  // Whether words follow a block that belong to no other block: what comes after all content needs no way past it.
  function hasContentAfter(block, blocks) {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    walker.currentNode = block;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (block.contains(node) || !node.data.trim() || SKIPPED.has(node.parentElement.localName)) continue;
      if (!blocks.some((other) => other.contains(node)) && node.parentElement.checkVisibility({ visibilityProperty: true })
        && !node.parentElement.closest("a[href],button,[role=link],[role=button]")) return true;
    }
    return false;
  }

  // Whether a stop leads past the repeated blocks: a link to a place that is shown and lies in none of them, or a button
  // that says so.
  function skipsTo(element, blocks) {
    if (element.localName === "button" || (element.getAttribute("role") === "link" && !element.href)) return /^(skip|jump|go) to\b|^(saltar|ir) al?\b/i.test(nameOf(element));
    if (!element.matches("a[href]") || element.getAttribute("href") === "#") return false;
    const url = new URL(element.href, document.baseURI);
    if (url.href.split("#")[0] !== location.href.split("#")[0] || url.hash.length < 2) return false;
    const id = decodeURIComponent(url.hash.slice(1));
    const target = document.getElementById(id) ?? document.getElementsByName(id)[0];
    return target && isShownPlace(target) && !blocks.some((block) => block.contains(target) && !isAtEnd(target, block));
  }

  // An empty place with nothing after it in its block: the content comes right after.
  function isAtEnd(target, block) {
    const range = document.createRange();
    range.setStartBefore(target);
    range.setEndAfter(block);
    return !range.toString().trim();
  }

  // An empty anchor is a place too; what is not rendered at all is none.
  function isShownPlace(target) {
    return target.checkVisibility({ visibilityProperty: true });
  }

  // Whether something out of sight comes into view when it takes the focus: a style for that state is enough.
  function isSeenWithFocus(element) {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const away = box.right + scrollX <= 0 || box.bottom + scrollY <= 0 || (box.width <= 1 && box.height <= 1) || style.opacity === "0" || /^(inset|rect)\(/.test(style.clipPath);
    return !away || [...document.styleSheets].some((sheet) => showsOnFocus(sheet, element));
  }

  function showsOnFocus(sheet, element) {
    try { return [...sheet.cssRules].some((rule) => rule.cssRules?.length ? showsOnFocus(rule, element) || focuses(rule, element) : focuses(rule, element)); }
    catch { return true; }  // a sheet of another origin does not tell
  }

  function focuses(rule, element) {
    if (!/:(focus|active)/.test(rule.selectorText ?? "")) return false;
    return rule.selectorText.split(",").some((selector) => {
      const plain = selector.replace(/:(focus-visible|focus-within|focus|active)/g, "").trim() || "*";
      try { return /:(focus|active)/.test(selector) && (element.matches(plain) || !!element.closest(plain)); }
      catch { return false; }
    }) || /:not\([^)]*:focus/.test(rule.selectorText);
  }
}
