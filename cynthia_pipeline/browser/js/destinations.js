// What is at the place that a link leads to or that a frame shows, in words: two places that say the same are one.
const DESTINATION_CAP = 4000;  // characters that are compared
const WITHIN_WORDS = "a,abbr,b,bdi,bdo,cite,code,data,dfn,em,font,i,kbd,mark,q,s,samp,small,span,strong,sub,sup,time,u,var,wbr";

// Null where that cannot be told without doing more than opening a page of the site.
async function wordsAt(address, fetchMs, isOnward = false) {
  const url = new URL(address || "about:blank");
  if (url.origin !== location.origin || !/^https?:$/.test(url.protocol)) return null;
  if (url.href.split("#")[0] === location.href.split("#")[0]) {
    const target = url.hash ? document.getElementById(decodeURIComponent(url.hash.slice(1))) : document.body;
    return target ? wordsOf(target) : null;
  }
  // An address with a query may do something when it is opened; a plain one is a page.
  if (url.search) return null;
  try {
    const response = await fetch(url, { credentials: "omit", signal: AbortSignal.timeout(fetchMs) });
    if (!response.ok || !/html/.test(response.headers.get("content-type") ?? "")) return null;
    const page = new DOMParser().parseFromString((await response.text()).slice(0, 500_000), "text/html");
    const onward = /^\s*0\s*;\s*url\s*=\s*["']?([^"']+)/i.exec(page.querySelector("meta[http-equiv=refresh i]")?.content ?? "")?.[1];
    if (onward && !isOnward) return wordsAt(new URL(onward, url).href, fetchMs, true);
    return wordsOf(page.body, page.title);
  } catch { return null; }
}

function wordsOf(root, title = "") {
  const copy = root.cloneNode(true);
  for (const hidden of copy.querySelectorAll("script,style,noscript,template")) hidden.remove();
  const pictures = [...copy.querySelectorAll("img,video,audio,source")].map((element) => element.getAttribute("src") ?? "");
  return collapse(`${title} ${apart(copy)} ${pictures.join(" ")}`.toLowerCase()).slice(0, DESTINATION_CAP);
}

// Its text; the words of one block are none of the next one's, whether or not the source has a space between them.
function apart(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return node.nodeType === Node.TEXT_NODE ? node.data : "";
  const inside = [...node.childNodes].map(apart).join("");
  return node.matches(WITHIN_WORDS) ? inside : ` ${inside} `;
}
