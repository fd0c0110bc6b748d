// Sound and film, and the words that a page has beside them. Needs axe's functions; audit/recordings.py parses the answer.
const READING_CAP = 20_000, CONTROLS_CAP = 300, FILMS_CAP = 3, FILM_CAP = 8_000_000, FILM_CAP_S = 120;
const HUSH = 0.001; // of full scale: -60 dB

async function recordingsOf({ known, indexOf, isHeard, nameOf }, patienceMs) {
  const media = known.filter((element) => element.matches("audio,video"));
  await Promise.race([Promise.all(media.filter(isOnItsWay).map(begun)), new Promise((done) => setTimeout(done, media.some(isOnItsWay) ? patienceMs : 0))]);
  return { media: await Promise.all(media.map(recording)), reading: media.length ? reading() : [0, 0, "", []] };

  // What is in a recording is known once its beginning is there; one that waits to be asked for is left alone.
  function isOnItsWay(element) {
    return element.readyState < HTMLMediaElement.HAVE_CURRENT_DATA && element.networkState === HTMLMediaElement.NETWORK_LOADING;
  }

  function begun(element) {
    return new Promise((done) => ["loadeddata", "error", "suspend", "emptied"].forEach((name) => element.addEventListener(name, done, { once: true })));
  }

  // [index, tag, seconds, autoplays, muted, loops, controls, has sound or null, kinds of tracks, is loaded, is shown,
  // address, what is said about it]
  async function recording(element) {
    return [
      indexOf.get(element), element.localName, playedSeconds(element), element.autoplay ? 1 : 0,
      element.muted || element.volume === 0 ? 1 : 0, element.loop ? 1 : 0, element.controls ? 1 : 0, await hasSound(element),
      [...element.textTracks].map((track) => track.kind), element.error || !element.currentSrc ? 0 : 1,
      element.checkVisibility({ visibilityProperty: true }) && element.getBoundingClientRect().width > 0 ? 1 : 0,
      element.currentSrc.startsWith("data:") ? "" : element.currentSrc.split(/[?#]/)[0].slice(-TEXT_CAP), saidOf(element),
    ];
  }

  function playedSeconds(element) {
    const [, from, to] = /#t=([\d.]*),?([\d.]*)/.exec(element.currentSrc) ?? [];
    const end = Math.min(Number(to) || Infinity, element.duration || 0);
    return Number.isFinite(end) ? Math.max(0, end - (Number(from) || 0)) : 0;
  }

  async function hasSound(element) {
    if (element.localName === "audio") return 1;
    try {
      if (element.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
      return element.captureStream().getAudioTracks().length && !(await isSilence(element)) ? 1 : 0;
    } catch { return null; }
  }

  // Whether a film's sound track holds nothing but silence; only asked of the first few that can be heard, and that the
  // page's own site has in one small file: what is decoded takes half a megabyte a second.
  async function isSilence(element) {
    const url = new URL(element.currentSrc, document.baseURI);
    const place = media.filter((other) => other.localName === "video" && !other.muted).indexOf(element);
    if (url.origin !== location.origin || element.duration > FILM_CAP_S || place < 0 || place >= FILMS_CAP) return false;
    try {
      const response = await fetch(url, { credentials: "omit", signal: AbortSignal.timeout(patienceMs) });
      const length = Number(response.headers.get("content-length"));
      if (!response.ok || !(length > 0 && length <= FILM_CAP)) { await response.body?.cancel(); return false; }
      const sound = await new OfflineAudioContext(1, 1, 8000).decodeAudioData(await response.arrayBuffer());
      return Array.from({ length: sound.numberOfChannels }, (_, at) => sound.getChannelData(at)).every((channel) => channel.every((level) => Math.abs(level) < HUSH));
    } catch { return false; }
  }

  // Its name, its description and the caption of its figure.
  function saidOf(element) {
    const ids = `${element.getAttribute("aria-labelledby") ?? ""} ${element.getAttribute("aria-describedby") ?? ""}`.split(/\s+/).filter(Boolean);
    const said = [element.getAttribute("aria-label"), element.title, ...ids.map((id) => document.getElementById(id)?.textContent),
      element.closest("figure")?.querySelector("figcaption")?.textContent];
    return collapse(said.filter(Boolean).join(" ")).slice(0, TEXT_CAP);
  }

  // How many words assistive technology gets, how many of them are on the screen too, the words themselves, and the names
  // of the controls that are seen and heard.
  function reading() {
    let heard = 0, seen = 0, text = "";
    const walker = document.createTreeWalker(document.body ?? document.documentElement, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const holder = node.parentElement;
      if (!node.data.trim() || SKIPPED.has(holder.localName) || !axe.utils.getNodeFromTree(holder) || !isHeard(holder)) continue;
      const words = collapse(node.data);
      heard += words.split(" ").length;
      if (text.length < READING_CAP) text += `${words} `;
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect();
      const away = box.right + scrollX <= 0 || box.bottom + scrollY <= 0 || box.width <= 1;
      if (!away && axe.commons.dom.isVisibleOnScreen(holder)) seen += words.split(" ").length;
    }
    return [heard, seen, text.slice(0, READING_CAP), controls()];
  }

  function controls() {
    const CONTROL = "button,a[href],input:not([type=hidden]),select,summary,[role=button],[role=link],[role=checkbox],[role=switch],[role=slider],[role=menuitem]";
    return known.filter((element) => element.matches(CONTROL) && isHeard(element) && axe.commons.dom.isVisibleOnScreen(element))
      .slice(0, CONTROLS_CAP).map(nameOf);
  }
}
