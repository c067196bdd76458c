// What tests/browser/accessibility.py asks of a page. axe itself is on the page already.

const WCAG = {
  runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] },
  preload: false, // for rules about sound, which no page has; it would put in styles, which the policy forbids
  elementRef: true,
};
const COLOURS = "color-contrast"; // takes two thirds of the time of all rules
const LINKS = "link-in-text-block"; // and this, of the colours of a link beside its text, half of the rest
const BUT_COLOURS = { rules: { [COLOURS]: { enabled: false }, [LINKS]: { enabled: false } } };
const SCROLLING = "scrollable-region-focusable"; // of the rules the only one that asks for the width
const IN_VAIN = 3; // so often axe could not tell, say of text upon a picture, or half covered
const JUDGED = Number.MAX_SAFE_INTEGER;
const HEADER = "#header";
const OF_EVERY_PAGE = "#header li, #header .account, #container > footer";

// The elements, classes and attributes of a part of a page, with a mark where there is text.
function skeleton(part) {
  const without_words = part.outerHTML.replace(/>[^<]*\S[^<]*</g, ">…<");
  return without_words.replace(/(?<!class|type|scope|role)="[^"]*"/g, "");
}

// Rows of the same skeleton get the same findings: one of each stands for all. The others are put aside.
function leaveOneRowOfEachKind() {
  for (const body of document.querySelectorAll("tbody")) {
    const kinds = new Set();
    for (const row of [...body.rows]) {
      const kind = skeleton(row);
      if (kinds.has(kind)) {
        aside.push([row, row.nextSibling, body]);
        row.remove();
      }
      kinds.add(kind);
    }
  }
}

// How wide the page is with all of its rows.
function wholeWidth() {
  for (const [row, next, body] of aside.toReversed()) body.insertBefore(row, next);
  const width = document.documentElement.scrollWidth;
  for (const [row] of aside) row.remove();
  return width;
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

// What tells a link from the text on its line, if there is any.
function lookInText(link) {
  let block = link;
  while (isInline(block)) block = block.parentElement;
  return block !== link && hasTextBeside(block) ? `${told(link)} in ${told(block)}` : "";
}

function isInline(element) {
  return getComputedStyle(element).display === "inline";
}

function hasTextBeside(element) {
  return [...element.childNodes].some((node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data.trim();
    return node.nodeType === Node.ELEMENT_NODE && !node.matches("a, button") && isInline(node) && hasTextBeside(node);
  });
}

function told(element) {
  const { textDecorationLine, borderBottom, fontFamily, fontStyle } = getComputedStyle(element);
  return `${look(element)};${textDecorationLine};${borderBottom};${fontFamily};${fontStyle}`;
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
  const is_longer = scrollWidth > clientWidth || scrollHeight > clientHeight;
  return is_longer && /auto|scroll/.test(getComputedStyle(element).overflow);
}

const shown = new WeakSet(); // at the first width
const scrolled = new WeakSet();
const aside = []; // rows, each with what it stood before, and in what

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

// Whether the part has nothing but those known, and what the header of an earlier page had around them at this width.
function isKnownHeader(part, parts, known) {
  if (!part.closest(HEADER)) return false;
  for (const one of parts) one.toggleAttribute("data-known", true);
  const rest = part.cloneNode(true);
  for (const one of rest.querySelectorAll("[data-known]")) one.remove();
  const kind = `${innerWidth} ${skeleton(rest).replace(/\s+/g, " ")}`;
  const is_known = kind in known;
  known[kind] = JUDGED;
  return is_known;
}

// A colour on its way to another is none that somebody reads.
function endTransitions() {
  for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish();
}

// Faults of colour, of text and links that do not look as any that axe has come to a finding about.
async function faultsOfColour(known) {
  endTransitions();
  const elements = [...document.body.querySelectorAll("*")].filter(isShown);
  const texts = new Map(elements.filter(hasWords).map((element) => [element, look(element)]));
  const links = elements.filter((element) => element.matches("a[href]")).map((link) => [link, lookInText(link)]);
  return [
    ...(await faultsOfLook(COLOURS, texts, known, IN_VAIN)),
    ...(await faultsOfLook(LINKS, new Map(links.filter(([, kind]) => kind)), known, JUDGED)),
  ];
}

async function faultsOfLook(rule, asked, known, enough) {
  for (const [element, kind] of asked) if (known[kind] >= enough) asked.delete(element);
  if (!asked.size) return [];
  const options = { runOnly: [rule], resultTypes: ["violations", "passes"] };
  const { faults, judged } = await found({ include: [...asked.keys()] }, options);
  for (const kind of new Set(asked.values())) known[kind] = (known[kind] ?? 0) + 1;
  for (const element of judged) known[asked.get(element)] = JUDGED;
  return faults;
}

// All faults of the page; rows that say nothing new are gone afterwards.
async function faultsOf(known) {
  leaveOneRowOfEachKind();
  for (const element of document.querySelectorAll("*")) {
    if (isShown(element)) shown.add(element);
    if (isScrolled(element)) scrolled.add(element);
  }
  const { faults } = await found({ include: [document], exclude: knownParts(known) }, BUT_COLOURS);
  return [...faults, ...(await faultsOfColour(known))];
}

// Those that another width adds: in what was not shown at the first, and in what has to be scrolled now.
async function faultsOfAnotherWidth(known) {
  const everything = [...document.body.querySelectorAll("*")];
  const exclude = knownParts(known);
  const is_known = (part) => exclude.some((one) => one.contains(part)) || isKnownHeader(part, exclude, known);
  const isNew = (element) => isShown(element) && !shown.has(element) && !exclude.some((part) => part.contains(element));
  const added = everything.filter((element) => isNew(element) && !isNew(element.parentElement) && !is_known(element));
  const is_as_before = (element) => isShown(element) === shown.has(element);
  const is_scrolled_as_before = (box) => scrolled.has(box) && [...box.querySelectorAll("*")].every(is_as_before);
  const boxes = everything.filter((box) => isScrolled(box) && !is_scrolled_as_before(box) && !is_known(box));
  const faults = [];
  if (boxes.length) faults.push(...(await found({ include: boxes }, { runOnly: [SCROLLING] })).faults);
  if (added.length) faults.push(...(await found({ include: added, exclude }, BUT_COLOURS)).faults);
  return [...faults, ...(await faultsOfColour(known))];
}
