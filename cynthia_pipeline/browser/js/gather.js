// Measures the document as it stands and runs axe. Evaluated in an isolated world, after axe-core: the page's
// own scripts cannot see or change what runs here. Reads only; all geometry is read before all styles, so that
// the page is laid out once. Answers one JSON string in the shape that audit/artifacts.py parses.
//
// The other files in this folder hold what is read, by subject; gather.py joins them all into one function.
async function gather({ isDesktop, maxElements, frames, accessibility, withAxe, axeRules, like, asksEach, watchesTexts }) {
  const watch = watchTimings();
  const tree = readTree(maxElements);
  const texts = watchesTexts ? watchTexts(tree) : null;
  measureBoxes(tree);
  const styles = readStyles(tree);
  const blocks = readBlocks(tree);
  const facts = readFacts(tree);
  const layout = readLayout(tree);
  const { motion, live } = readMotion(tree);
  const content = { names: readNames(tree), passages: readPassages(tree, blocks), images: readImages(tree), ...readFeatures(tree, isDesktop) };
  if (accessibility) await lookIntoFiles(content.images, tree, accessibility.fetchMs);
  const likeness = withAxe && !asksEach ? likenessOf(tree) : "";
  const asked = axeRules ?? (like && like === likeness ? OF_LAYOUT : null);
  const beyond = async () => accessibility && { ...await readAccessibility(tree, accessibility), ...readMarkup(tree) };
  const kin = () => asksEach ? new Map() : contrastKin(tree, styles);
  const [results, further] = withAxe ? await runAxe(tree, kin(), frames, asked, beyond) : [[], accessibility && await withAxeTree(beyond)];
  const { timings, vitals } = watch.stop(tree);
  // What has to be asked after the picture is taken, since it changes the page.
  globalThis.cynthiaLater = {
    readReduced: () => readReduced(live), scrollThrough: () => scrollThrough(tree), keyboard: keyboardOf(tree),
    pixels: pixelsOf(tree), holdStill, enlarged: enlargedOf(tree), texts,
  };
  return JSON.stringify({
    ...styles, ...content, elements: tree.rows, blocks, layout, motion, vitals, timings, document: facts, likeness,
    axe: results, axeVersion: globalThis.axe?.version ?? "", accessibility: further,
  });
}
