// Turns a text and its entities into nodes. Received text only ever becomes text nodes.

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code",
};
const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);

/** The address when it is one a page may link to, else null. */
export function safeLink(address) {
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`;
  try {
    const url = new URL(whole);
    return url.protocol === "http:" || url.protocol === "https:" ? url : null;
  } catch {
    return null;
  }
}

/** Invented places: the playground itself shows what would be there. */
export function isInvented(url) {
  return url.hostname.endsWith(".example");
}

/** A link that opens in a tab of its own; invented articles are shown by the playground. */
export function linkTo(address) {
  const url = safeLink(address);
  const link = document.createElement(url ? "a" : "span");
  if (url) {
    link.href = isInvented(url) ? `/article?url=${encodeURIComponent(address)}` : url.href;
    link.title = url.href;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  return link;
}

/** Nodes for a text; `onCommand` is called with a command that is clicked. */
export function formatted(text, entities, onCommand) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return span(text, sorted, 0, text.length, onCommand);
}

function span(text, entities, from, to, onCommand) {
  const nodes = document.createDocumentFragment();
  let at = from;
  for (let index = 0; index < entities.length; index += 1) {
    const entity = entities[index];
    if (entity.offset < at || entity.offset >= to) continue;
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset > at) nodes.append(text.slice(at, entity.offset));
    const inner = entities.slice(index + 1).filter((other) => other.offset < end);
    const piece = text.slice(entity.offset, end);
    const node = elementFor(entity, piece, onCommand);
    if (!node.hasChildNodes()) node.append(span(text, inner, entity.offset, end, onCommand));
    nodes.append(node);
    at = end;
    // A block ends its line by itself.
    if (BLOCKS.has(entity.type) && text[at] === "\n") at += 1;
  }
  if (at < to) nodes.append(text.slice(at, to));
  return nodes;
}

function elementFor(entity, piece, onCommand) {
  switch (entity.type) {
    case "text_link": return linkTo(entity.url);
    case "url": return linkTo(piece);
    case "pre": return block("pre");
    case "expandable_blockquote": return expandable();
    case "spoiler": return spoiler();
    case "bot_command": return command(piece, onCommand);
    case "mention": case "hashtag": case "cashtag": case "text_mention": return named("tag");
    case "date_time": return moment(entity);
    case "blockquote": return block("blockquote");
    default: return document.createElement(TAGS[entity.type] ?? "span");
  }
}

function block(tag) {
  const node = document.createElement(tag);
  node.dir = "auto";
  return node;
}

function named(name) {
  const node = document.createElement("span");
  node.className = name;
  return node;
}

/** A time in the reader's own zone, as clients show it; without a known form the text stays. */
function moment(entity) {
  const node = document.createElement("time");
  if (entity.unix_time) {
    const when = new Date(entity.unix_time * 1000);
    node.dateTime = when.toISOString();
    node.title = when.toLocaleString();
    const parts = partsOf(entity.date_time_format ?? "");
    if (parts) node.textContent = when.toLocaleString([], parts);
  }
  return node;
}

/** The letters of MessageEntity.date_time_format as options for a date; null for relative ones. */
function partsOf(form) {
  if (!/^[wdDtT]+$/.test(form)) return null;
  const parts = { hourCycle: "h23" };
  if (form.includes("w")) parts.weekday = "short";
  if (/d/i.test(form)) Object.assign(parts, { day: "numeric", month: form.includes("D") ? "long" : "short" });
  if (form.includes("D")) parts.year = "numeric";
  if (/t/i.test(form)) Object.assign(parts, { hour: "2-digit", minute: "2-digit" });
  if (form.includes("T")) parts.second = "2-digit";
  return parts;
}

function expandable() {
  const node = block("blockquote");
  node.className = "expandable";
  toggles(node, "open", "Show all of the quote");
  new ResizeObserver(() => {
    if (!node.classList.contains("open")) node.classList.toggle("whole", node.scrollHeight <= node.clientHeight);
  }).observe(node);
  return node;
}

function spoiler() {
  const node = named("spoiler");
  toggles(node, "shown", "Show the hidden text");
  return node;
}

function toggles(node, name, label) {
  node.tabIndex = 0;
  node.setAttribute("role", "button");
  node.setAttribute("aria-expanded", "false");
  node.title = label;
  const toggle = (event) => {
    if (event.target.closest("a, button")) return;
    node.setAttribute("aria-expanded", String(node.classList.toggle(name)));
  };
  node.addEventListener("click", toggle);
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); toggle(event); }
  });
}

function command(piece, onCommand) {
  const node = document.createElement("button");
  node.type = "button";
  node.className = "command-link";
  node.dir = "ltr"; // a box of its own, in which the stroke would go to the other end
  node.addEventListener("click", () => onCommand(piece));
  return node;
}
