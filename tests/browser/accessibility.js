// What tests/browser/accessibility.py asks of a page. axe itself is on the page already.

const WCAG = {
  runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] },
  preload: false, // for rules about sound, which no page has; it would put in styles, which the policy forbids
  elementRef: true,
};
const COLOURS = "color-contrast"; // takes two thirds of the time of all rules
const BUT_COLOURS = { rules: { [COLOURS]: { enabled: false } } };
const SCROLLING = "scrollable-region-focusable"; // of the rules the only one that asks for the width
const IN_VAIN = 3; // so often axe could not tell, say of text upon a picture, or half covered
const JUDGED = Infinity;
const OF_EVERY_PAGE = "#header li, #header .account, #container > footer";

// The elements, classes and attributes of a part of a page, with a mark where there is text.
function skeleton(part) {
  const without_words = part.outerHTML.replace(/>[^<]*\S[^<]*</g, ">…<");
  return without_words.replace(/(?<!class|type|scope|role)="[^"]*"/g, "");
}

// Rows of the same skeleton get the same findings: one of each stands for all.
function leaveOneRowOfEachKind() {
  for (const body of document.querySelectorAll("tbody")) {
    const kinds = new Set();
    for (const row of [...body.rows]) {
      const kind = skeleton(row);
      if (kinds.has(kind)) row.remove();
      kinds.add(kind);
    }
  }
}

// What the contrast of an element's text is made of: its colour and size, and what is painted below and around it.
function look(element) {
  const style = getComputedStyle(element);
  const parts = [element.localName, style.color, style.fontSize, style.fontWeight, style.textShadow];
  for (let above = element; above; above = above.parentElement) {
    const { backgroundColor, backgroundImage, opacity, position } = getComputedStyle(above);
    const is_lifted = position === "absolute" || position === "fixed";
    const is_painted = backgroundColor !== "rgba(0, 0, 0, 0)" || backgroundImage !== "none" || opacity !== "1";
    if (is_lifted || is_painted) parts.push(backgroundColor, backgroundImage, opacity, is_lifted && above.className);
  }
  return parts.join(";");
}

function isShown(element) {
  return element.checkVisibility({ visibilityProperty: true });
}

function hasWords(element) {
  const has_text = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  return has_text || element.matches("input:not([type=checkbox], [type=radio], [type=file]), select, textarea");
}

function isScrolled(element) {
  const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
  return (scrollWidth > clientWidth || scrollHeight > clientHeight) && getComputedStyle(element).overflow !== "visible";
}

const shown = new WeakSet(); // at the first width

// What axe finds, and the elements that it has come to a finding about.
async function found(context, options) {
  const { violations, passes } = await axe.run(context, { ...WCAG, resultTypes: ["violations"], ...options });
  const faults = violations.map(({ id, help, impact, nodes }) => ({ id, help, impact, html: nodes[0].html }));
  const judged = [...violations, ...passes].flatMap(({ nodes }) => nodes.map(({ element }) => element));
  return { faults, judged };
}

// The parts of the menu and the foot that an earlier page, or an earlier entry, had at this width.
function knownParts(known) {
  const parts = [];
  for (const part of document.querySelectorAll(OF_EVERY_PAGE)) {
    const kind = `${innerWidth} ${skeleton(part)}`;
    if (known[kind]) parts.push(part);
    known[kind] = JUDGED;
  }
  return parts;
}

// Faults of colour, of text that does not look as any that axe has come to a finding about.
async function faultsOfColour(known) {
  const asked = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    if (hasWords(element) && isShown(element)) asked.set(element, look(element));
  }
  for (const [element, kind] of asked) if (known[kind] >= IN_VAIN) asked.delete(element);
  if (!asked.size) return [];
  const options = { runOnly: [COLOURS], resultTypes: ["violations", "passes"] };
  const { faults, judged } = await found({ include: [...asked.keys()] }, options);
  for (const kind of new Set(asked.values())) known[kind] = (known[kind] ?? 0) + 1;
  for (const element of judged) known[asked.get(element)] = JUDGED;
  return faults;
}

// All faults of the page; rows that say nothing new are gone afterwards.
async function faultsOf(known) {
  leaveOneRowOfEachKind();
  for (const element of document.querySelectorAll("*")) if (isShown(element)) shown.add(element);
  const { faults } = await found({ include: [document], exclude: knownParts(known) }, BUT_COLOURS);
  return [...faults, ...(await faultsOfColour(known))];
}

// Those that another width adds: in what was not shown at the first, and in what has to be scrolled now.
async function faultsOfAnotherWidth(known) {
  const everything = [...document.body.querySelectorAll("*")];
  const scrolled = everything.filter(isScrolled);
  const exclude = knownParts(known);
  const isNew = (element) => isShown(element) && !shown.has(element) && !exclude.some((part) => part.contains(element));
  const added = everything.filter((element) => isNew(element) && !isNew(element.parentElement));
  const faults = [];
  if (scrolled.length) faults.push(...(await found({ include: scrolled }, { runOnly: [SCROLLING] })).faults);
  if (added.length) faults.push(...(await found({ include: added, exclude }, BUT_COLOURS)).faults);
  return [...faults, ...(await faultsOfColour(known))];
}
