// Fields, as far as their names and messages go; what a form's markup leaves out is in markup.js.

// Fields that are filled in: [index, role, name, what tells equal names apart].
function readFields({ known, indexOf, isHeard, nameOf, headings }) {
  const { dom } = axe.commons;
  const found = [];
  const seenHeadings = headings.filter((heading) => dom.isVisibleOnScreen(heading));
  for (const field of known) {
    if (!field.matches("input,select,textarea,[role=textbox],[role=combobox],[role=searchbox],[role=spinbutton]")) continue;
    if (field.matches("[type=hidden],[type=submit],[type=button],[type=reset],[type=image],[type=radio],[type=checkbox]")) continue;
    if (!isHeard(field) || !dom.isVisibleOnScreen(field)) continue;
    const name = nameOf(field).toLowerCase();
    const group = namedGroup(field, "fieldset,[role=group],[role=radiogroup],tr,li,form,section,article,dialog,[role=dialog],[role=tabpanel]");
    const key = [group && indexOf.has(group) ? indexOf.get(group) : -1, headingBefore(field, seenHeadings, indexOf), field.getAttribute("aria-describedby") ?? ""];
    if (name) found.push([indexOf.get(field), field.type ?? "", name, key.join("/")]);
  }
  return found;

  // The group around a field that can be told from the next one: a fieldset only if its name is seen.
  function namedGroup(field, selector) {
    for (let group = field.parentElement?.closest(selector); group; group = group.parentElement?.closest(selector)) {
      if (group.localName !== "fieldset") return group;
      const words = [...group.querySelectorAll(":scope > legend,h1,h2,h3,h4,h5,h6,[role=heading]")];
      if (words.some((one) => collapse(one.textContent) && dom.isVisibleOnScreen(one)) || group.hasAttribute("aria-label") || group.hasAttribute("aria-labelledby")) return group;
    }
    return null;
  }
}

// Fields that say that they are wrong, and what the page says about it: [index, name, message or null if none is shown].
function fieldErrors({ known, indexOf, isHeard, nameOf }) {
  const found = [];
  for (const field of known) {
    if (field.getAttribute("aria-invalid") !== "true" || !isHeard(field)) continue;
    const ids = `${field.getAttribute("aria-describedby") ?? ""} ${field.getAttribute("aria-errormessage") ?? ""}`.split(/\s+/).filter(Boolean);
    if (!ids.length) continue;
    const shown = ids.map((id) => document.getElementById(id)).filter((element) => element?.checkVisibility({ visibilityProperty: true }));
    found.push([indexOf.get(field), nameOf(field), collapse(shown.map((element) => element.innerText ?? "").join(" ")).slice(0, TEXT_CAP)]);
  }
  return found;
}
