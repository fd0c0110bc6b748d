// Drawings, their words and the links in them. What is inside of a drawing is not measured: its links stand for themselves
// as the drawing.
function linksInDrawings(known) {
  return known.filter((element) => element.localName === "svg").flatMap((drawing) => [...drawing.querySelectorAll("a")]);
}

function outermostDrawing(element) {
  let drawing = element.closest("svg");
  while (drawing.parentElement?.closest("svg")) drawing = drawing.parentElement.closest("svg");
  return drawing;
}

// Drawings with words that assistive technology does not get, neither from them nor from the page: [index, words].
function silentDrawings({ known, indexOf, isHeard, nameOf }) {
  const found = [];
  const said = collapse(document.body?.innerText ?? "").toLowerCase();
  for (const element of known) {
    if (element.localName !== "svg" || element.parentElement?.closest("svg") || isNamed(element) || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (isHeard(element) && !["none", "presentation"].includes(element.getAttribute("role"))) continue;
    const words = collapse([...element.querySelectorAll("text")].map((text) => text.textContent).join(" "));
    const elsewhere = said.replace(words.toLowerCase(), "").includes(words.toLowerCase());
    if (/\p{L}{3}/u.test(words) && !elsewhere) found.push([indexOf.get(element), words.slice(0, 80)]);
  }
  return found;

  function isNamed(element) {
    return !!element.closest("a,button,[role=button],[role=link],[role=img],[aria-label]") && !!nameOf(element.closest("a,button,[role=button],[role=link],[role=img],[aria-label]"));
  }
}

// Links inside of drawings: [index of the drawing, name, whether an attribute explains it, words outside of the links].
function namedInDrawings({ drawnLinks, indexOf, isHeard, nameOf }) {
  const found = [];
  for (const link of drawnLinks) {
    if (!link.href?.baseVal || !axe.utils.getNodeFromTree(link) || !isHeard(link)) continue;
    const drawing = outermostDrawing(link), rest = drawing.cloneNode(true);
    for (const other of rest.querySelectorAll("a,style,script,defs")) other.remove();
    const explained = ["aria-label", "aria-labelledby", "aria-describedby"].some((key) => link.hasAttribute(key));
    found.push([indexOf.get(drawing), nameOf(link), explained ? 1 : 0, collapse(`${nameOf(drawing)} ${rest.textContent}`)]);
  }
  return found;
}
