// The words of running text, for what is measured on language: whole blocks, as many as the cap holds.
const PASSAGE_FROM = 80, PASSAGE_CAP = 2000, PASSAGES_CAP = 60000;

function readPassages({ nodes }, blocks) {
  const passages = [];
  let left = PASSAGES_CAP;
  for (const [index, characters] of blocks) {
    if (characters < PASSAGE_FROM || left <= 0) continue;
    const text = collapse(nodes[index].textContent).slice(0, PASSAGE_CAP);
    left -= text.length;
    passages.push([index, text]);
  }
  return passages;
}
