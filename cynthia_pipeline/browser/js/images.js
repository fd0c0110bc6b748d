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
      frames: 0,
      words: "",
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

// How many pictures the page's looping GIFs show, and the words of SVGs that draw nothing else; files of other origins and
// large ones are not looked into, nor are SVGs too narrow for two words.
const GIFS_CAP = 5, GIF_BYTES_CAP = 2_000_000, GIF_LEAST_PX = 20, SVGS_CAP = 10, SVG_BYTES_CAP = 100_000, SVG_LEAST_PX = 40;

async function lookIntoFiles(images, { nodes }, fetchMs) {
  const moving = images.filter(({ source, width, height }) => /\.gif(\?|#|$)/i.test(source) && Math.min(width, height) >= GIF_LEAST_PX);
  const drawn = images.filter(({ source, width }) => /^data:image\/svg|\.svg(\?|#|$)/i.test(source) && width >= SVG_LEAST_PX);
  for (const image of moving.slice(0, GIFS_CAP)) image.frames = gifFrames(await bytesOf(nodes[image.element], GIF_BYTES_CAP, fetchMs));
  await Promise.all(drawn.slice(0, SVGS_CAP).map(async (image) => {
    image.words = wordsAlone(new TextDecoder().decode(await bytesOf(nodes[image.element], SVG_BYTES_CAP, fetchMs)));
  }));
}

// Of the file that is shown, from the browser's cache; none where another origin keeps them. What stands in the address
// itself is not fetched: the page's policy may forbid it, and would be told.
async function bytesOf({ currentSrc }, cap, fetchMs) {
  try {
    if (currentSrc.startsWith("data:")) return embedded(currentSrc).slice(0, cap);
    const response = await fetch(currentSrc, { cache: "force-cache", credentials: "omit", signal: AbortSignal.timeout(fetchMs) });
    return new Uint8Array((await response.arrayBuffer()).slice(0, cap));
  } catch { return new Uint8Array(); }
}

function embedded(address) {
  const [head] = address.split(",", 1), data = address.slice(head.length + 1).split("#", 1)[0];
  const plain = decodeURIComponent(data);
  return head.endsWith(";base64") ? Uint8Array.from(atob(plain), (char) => char.charCodeAt(0)) : new TextEncoder().encode(plain);
}

// What an SVG says that shows words only, on a plain ground at most; empty if it draws anything else.
function wordsAlone(source) {
  const svg = new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
  const shapes = [...svg.querySelectorAll("path,circle,ellipse,line,polyline,polygon,image,use,foreignObject")];
  if (svg.localName !== "svg" || shapes.some((shape) => !shape.closest("defs,clipPath,mask,marker,pattern,symbol"))) return "";
  return collapse([...svg.querySelectorAll("text")].map((text) => text.textContent).join(" ")).slice(0, TEXT_CAP);
}

// Frames are counted by their graphic control extensions (GIF89a, 23); without the loop extension it shows them once.
function gifFrames(bytes) {
  let frames = 0, loops = false;
  for (let at = 0; at < bytes.length - 8; at++) {
    if (bytes[at] !== 0x21) continue;
    if (bytes[at + 1] === 0xf9 && bytes[at + 2] === 4 && bytes[at + 7] === 0) frames += 1;
    else if (bytes[at + 1] === 0xff && bytes[at + 2] === 11 && String.fromCharCode(...bytes.subarray(at + 3, at + 11)) === "NETSCAPE") loops = true;
  }
  return loops ? frames : Math.min(frames, 1);
}
