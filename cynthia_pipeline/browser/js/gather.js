// Measures the document as it stands and runs axe. Evaluated in an isolated world, after axe-core: the page's
// own scripts cannot see or change what runs here. Reads only; all geometry is read before all styles, so that
// the page is laid out once. Answers one JSON string in the shape that audit/artifacts.py parses.
//
// The other files in this folder hold what is read, by subject; gather.py joins them all into one function.
// Where the page has frames it is done in two steps, since axe runs in each of them in between.
async function gather({ isSplit, ...options }) {
  const begun = await begin(options);
  if (!isSplit) return finish(begun, null, options);
  globalThis.cynthiaLater = { finish: (frames) => finish(begun, frames, options) };
  return null;
}

async function begin({ maxElements, accessibility, withAxe }) {
  const watch = watchTimings();
  const tree = readTree(maxElements);
  measureBoxes(tree);
  const styles = readStyles(tree);
  const blocks = readBlocks(tree);
  const facts = readFacts(tree);
  const layout = readLayout(tree);
  const { motion, live } = readMotion(tree);
  const content = { names: readNames(tree), passages: readPassages(tree, blocks), images: readImages(tree), ...readFeatures(tree) };
  if (accessibility) await countFrames(content.images, accessibility.fetchMs);
  const likeness = withAxe ? likenessOf(tree) : "";
  const families = withAxe ? oneOfEachKin(contrastKin(tree, styles), tree) : null;
  return { watch, tree, live, families, read: { likeness, ...styles, ...content, elements: tree.rows, blocks, layout, motion, document: facts } };
}

async function finish({ watch, tree, live, families, read }, frames, { accessibility, axeRules, like }) {
  const asked = axeRules ?? (like && like === read.likeness ? OF_LAYOUT : null);
  const results = families ? await runAxe(tree, families, frames, asked).finally(families.letGo) : [];
  const { timings, vitals } = watch.stop(tree);
  const beyond = accessibility && { ...await readAccessibility(tree, accessibility), ...readMarkup(tree) };
  // What has to be asked after the picture is taken, since it changes the page.
  globalThis.cynthiaLater = {
    readReduced: () => readReduced(live), scrollThrough: () => scrollThrough(tree), keyboard: keyboardOf(tree),
    pixels: pixelsOf(tree), holdStill, enlarged: enlargedOf(tree),
  };
  return JSON.stringify({
    ...read, vitals, timings, axe: results, axeVersion: globalThis.axe?.version ?? "", accessibility: beyond,
  });
}
