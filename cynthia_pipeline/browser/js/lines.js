// Line boxes of running text, and of an element's own.
const TEXT_RANGE = document.createRange();  // one for all: a document follows each of its ranges when it changes

function readBlocks({ nodes, rows, displays }) {
  const hasBlockChild = new Uint8Array(nodes.length);
  const inlineText = new Uint32Array(nodes.length);
  for (let i = nodes.length - 1; i > 0; i--) {
    const row = rows[i];
    if (!displays[i] || row[PARENT] < 0) continue;
    const inline = displays[i].startsWith("inline") || displays[i].startsWith("ruby") || displays[i] === "contents";
    if (!inline || hasBlockChild[i]) hasBlockChild[row[PARENT]] = 1;
    else inlineText[row[PARENT]] += row[TEXT_LENGTH] + inlineText[i];
  }
  const blocks = [];
  const range = document.createRange();
  for (let i = 0; i < nodes.length; i++) {
    const row = rows[i];
    if (!(row[FLAGS] & VISIBLE) || !row[TEXT_LENGTH] || hasBlockChild[i] || displays[i].startsWith("inline")) continue;
    const characters = row[TEXT_LENGTH] + inlineText[i];
    if (characters < 40) continue;
    range.selectNodeContents(nodes[i]);
    const lines = measureLines(range.getClientRects());
    if (!lines) continue;
    blocks.push([i, characters, lines.count, round((lines.longest / lines.total) * characters), round(lines.pitch)]);
  }
  return blocks;
}

// Boxes whose vertical centres lie within half a line of each other share a line box.
function measureLines(boxes) {
  const runs = [];
  for (const box of boxes) if (box.width > 0 && box.height > 0) runs.push([box.top + box.height / 2, box.left, box.right, box.height]);
  if (!runs.length) return null;
  runs.sort((a, b) => a[0] - b[0]);
  const lines = [];
  for (const [centre, left, right, height] of runs) {
    const line = lines[lines.length - 1];
    if (line && centre - line.centre < Math.min(height, line.height) / 2) {
      line.left = Math.min(line.left, left);
      line.right = Math.max(line.right, right);
    } else lines.push({ centre, left, right, height });
  }
  const widths = lines.map((line) => line.right - line.left);
  const count = lines.length;
  return {
    count,
    longest: Math.max(...widths),
    total: widths.reduce((sum, width) => sum + width, 0),
    pitch: count > 1 ? (lines[count - 1].centre - lines[0].centre) / (count - 1) : 0,
  };
}

// The boxes of an element's own texts, line by line, in the window's coordinates; some are empty.
function linesOfOwn(element) {
  const lines = [];
  for (let child = element.firstChild; child; child = child.nextSibling) {
    if (child.nodeType !== Node.TEXT_NODE || !/\S/.test(child.data)) continue;
    TEXT_RANGE.selectNodeContents(child);
    lines.push(...TEXT_RANGE.getClientRects());
  }
  return lines;
}
