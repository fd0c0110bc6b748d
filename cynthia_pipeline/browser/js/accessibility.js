// What accessibility rules ask beyond axe's answers, put together: each question is asked in the file of its subject. Names and
// roles are computed by axe-core's own functions, on its tree of the page. Reads only; audit/accessibility.py parses the answer.
async function readAccessibility(tree, { maxFetches, fetchMs }) {
  const page = pageAsHeard(tree);
  return {
    links: await sameNameLinks(page, maxFetches, fetchMs),
    frames: sameNameFrames(page),
    nameless: prohibitedNames(page),
    presentational: focusableInPresentational(page),
    headers: headersWithoutCells(page),
    fields: readFields(page),
    languages: readLanguages(page),
    bypass: readBypass(page),
    ...await recordingsOf(page, fetchMs),
    scrollers: readScrollers(page),
    drawings: silentDrawings(page),
    drawnLinks: namedInDrawings(page),
    silentWords: silentWords(page),
    errors: fieldErrors(page),
    labels: namedBesideLabel(page),
  };
}

// What all of them need: the elements that axe knows, in document order, which of them assistive technology gets, and by
// what name.
function pageAsHeard({ nodes, indexOf }) {
  const { dom, text } = axe.commons;
  const known = nodes.filter((element) => axe.utils.getNodeFromTree(element));
  const isHeard = (element) => dom.isVisibleToScreenReaders(element);
  const nameOf = (element) => collapse(text.accessibleText(element)).slice(0, TEXT_CAP);
  return { known, indexOf, isHeard, nameOf, headings: headingsOf(known, isHeard), drawnLinks: linksInDrawings(known) };
}
