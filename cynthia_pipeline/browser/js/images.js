// What the page's images are in themselves, beside how they are shown.
const RESOURCES_CAP = 2000;

function readImages({ nodes, rows }) {
  let fetched = null;
  const images = [];
  for (let i = 0; i < nodes.length; i++) {
    const element = nodes[i];
    if (rows[i][TAG] !== "img" || !(element instanceof HTMLImageElement) || !(rows[i][FLAGS] & VISIBLE)) continue;
    if (!element.complete || !element.naturalWidth) continue;
    fetched ??= new Map(performance.getEntriesByType("resource").slice(0, RESOURCES_CAP).map((entry) => [entry.name, entry]));
    const computed = getComputedStyle(element);
    const entry = fetched.get(element.currentSrc);
    const density = chosenDensity(element);
    images.push({
      element: i,
      source: element.currentSrc.startsWith("data:") ? element.currentSrc.slice(0, 40) : element.currentSrc.slice(-TEXT_CAP),
      naturalWidth: element.naturalWidth,
      naturalHeight: element.naturalHeight,
      density,
      width: round(element.clientWidth - parseFloat(computed.paddingLeft) - parseFloat(computed.paddingRight)),
      height: round(element.clientHeight - parseFloat(computed.paddingTop) - parseFloat(computed.paddingBottom)),
      fit: computed.objectFit,
      rendering: computed.imageRendering,
      isSized: keepsItsPlace(element, computed),
      isResponsive: Boolean(element.srcset || element.closest("picture")?.querySelector("source[srcset]")),
      bytes: entry?.encodedBodySize || embeddedBytes(element.currentSrc),
    });
  }
  return images;
}

// naturalWidth is given in CSS px of the candidate that srcset chose: how many px of the file make one of them.
// 0 where it cannot be told.
function chosenDensity(element) {
  if (!element.srcset && !element.closest("picture")) return 1;
  const sources = [element, ...(element.closest("picture")?.querySelectorAll("source") ?? [])];
  for (const { srcset } of sources) {
    for (const candidate of (srcset ?? "").split(/,\s+/)) {
      const [address, descriptor = "1x"] = candidate.trim().split(/\s+/);
      if (!address || !URL.canParse(address, document.baseURI) || new URL(address, document.baseURI).href !== element.currentSrc) continue;
      const value = parseFloat(descriptor);
      return descriptor.endsWith("w") ? value / element.naturalWidth : value;
    }
  }
  return element.currentSrc === element.src ? 1 : 0;
}

// Whether the box has its size before the image is there: computed (not used) values still say "auto".
function keepsItsPlace(element, computed) {
  if (computed.position === "absolute" || computed.position === "fixed") return true;
  const map = element.computedStyleMap();
  const given = ["width", "height"].filter((name) => map.get(name)?.toString() !== "auto").length;
  return given === 2 || (given === 1 && computed.aspectRatio !== "auto");
}

function embeddedBytes(address) {
  const [head, data] = address.startsWith("data:") ? address.split(",", 2) : [];
  return head?.endsWith(";base64") ? Math.floor(data.length * 0.75) : 0;
}
