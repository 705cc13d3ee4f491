// How messages, chats and news items look. Builds nodes; knows no state of its own.

import { formatted, isInvented, linkTo, safeLink } from "./entities.js";

const SPOKEN = 200;

/** A new element with a class, a text and attributes. */
export function make(tag, className = "", text = "", attributes = {}) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

export function clock(seconds, withSeconds = false) {
  const parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (withSeconds) parts.second = "2-digit";
  return new Date(seconds * 1000).toLocaleTimeString([], parts);
}

/** The day of a time, as one says it at the time `now`; both in seconds. */
export function day(seconds, now) {
  return isToday(seconds, now) ? "Today" : dayAndMonth(seconds, "long");
}

/** When something was, in short: the time of today, or the day, with its time if `timed`. */
export function when(seconds, now, { timed = false } = {}) {
  if (isToday(seconds, now)) return clock(seconds, timed);
  return dayAndMonth(seconds, "short") + (timed ? `, ${clock(seconds)}` : "");
}

function isToday(seconds, now) {
  return new Date(seconds * 1000).toDateString() === new Date(now * 1000).toDateString();
}

function dayAndMonth(seconds, month) {
  return new Date(seconds * 1000).toLocaleDateString([], { day: "numeric", month });
}

/** The bot's bell, or initials on a colour that stays with the name. */
export function paintAvatar(node, chat) {
  node.classList.toggle("bell", chat.type === "private");
  if (chat.type === "private") {
    node.replaceChildren(make("img", "", "", { src: "/static/bell.svg", alt: "" }));
    return;
  }
  const words = chat.title.split(/\s+/).filter(Boolean);
  node.textContent = words.slice(0, 2).map((word) => [...word][0]).join("").toUpperCase();
  node.classList.forEach((name) => name.startsWith("hue-") && node.classList.remove(name));
  node.classList.add(`hue-${Math.abs(chat.id + 1) % 6}`);
}

export function author(message) {
  if (message.sender_chat) return message.sender_chat.title;
  return message.from?.first_name ?? "";
}

/** One line about a message, for the chat list and for quotes. */
export function summary(message) {
  if (message.document) return `📎 ${message.document.file_name} ${message.caption ?? ""}`.trim();
  if (message.location) return `Location: ${message.place || "somewhere"}`;
  return message.text ?? message.caption ?? (message.photo ? "Picture" : serviceText(message));
}

function serviceText(message) {
  const who = author(message) || "Somebody";
  if (message.forum_topic_created) return `${who} opened “${message.forum_topic_created.name}”`;
  if (message.forum_topic_closed) return `${who} closed the topic`;
  if (message.forum_topic_reopened) return `${who} reopened the topic`;
  if (message.migrate_to_chat_id) return "This group became a supergroup";
  if (message.migrate_from_chat_id) return "This supergroup was a group before";
  return "Service message";
}

/** Who, when and what, for whoever hears the message instead of seeing it. */
function nameOf(message, mine) {
  const who = mine ? "You" : author(message) || "Notice";
  const edited = message.edit_date ? ", edited" : "";
  const words = summary(message).replace(/\s+/g, " ");
  return `${who}, ${clock(message.date)}${edited}: ${[...words].slice(0, SPOKEN).join("")}`;
}

/**
 * A message.
 * `acts` has onPress(message, row, column, button), onReply(message), onForward(message),
 * onEdit(message), onCommand(text).
 */
export function bubble(message, { mine, showName }, acts) {
  const label = nameOf(message, mine);
  const item = make("article", "message", "", { "data-testid": "message", "aria-label": label });
  item.dataset.id = message.message_id;
  const words = message.text ?? message.caption ?? "";
  if (!words && !message.photo && !message.document && !message.location) {
    item.classList.add("service");
    item.append(make("span", "", serviceText(message), { dir: "auto" }));
    return item;
  }
  item.classList.add(mine ? "mine" : "theirs");
  item.dataset.by = author(message);
  const card = make("div", "card");
  if (showName) card.append(nameLine(message));
  if (message.forward_origin) {
    card.append(make("p", "badge", `Forwarded from ${message.forward_origin.chat.title}`));
  }
  if (quotes(message)) card.append(quote(message.reply_to_message));
  if (message.photo) card.append(picture(message.picture));
  if (message.document) card.append(documentLine(message.document));
  if (message.location) card.append(placeLine(message));
  const text = make("div", "text", "", { dir: "auto" });
  const entities = message.entities ?? message.caption_entities;
  text.append(formatted(words, entities, acts.onCommand), stamp(message));
  card.append(text);
  if (message.link_preview_options?.url) card.append(preview(message.link_preview_options.url));
  card.append(deeds(message, mine, acts));
  item.append(card);
  if (message.reply_markup) item.append(keyboard(message, acts));
  return item;
}

/** A picture that this playground serves; of any other only its address, in a frame. */
function picture(address) {
  const url = safeLink(address ?? "");
  const here = url && (url.origin === location.origin || isInvented(url));
  if (!here) {
    const frame = make("div", "picture frame", "", { "data-testid": "picture", dir: "ltr" });
    frame.append(make("span", "", "Picture"), make("code", "", (address ?? "").slice(0, 200)));
    return frame;
  }
  const source = isInvented(url) ? `/picture?url=${encodeURIComponent(address)}` : url.pathname + url.search;
  return make("img", "picture", "", {
    src: source, alt: "Picture of the story", width: 800, height: 450, "data-testid": "picture",
  });
}

/** Where Telegram would show what it finds behind a link. */
function preview(address) {
  const box = make("div", "quote preview", "", { "data-testid": "preview", dir: "ltr" });
  const url = safeLink(address);
  box.append(make("strong", "", url?.hostname ?? ""), make("p", "", `Preview of ${address.slice(0, 200)}`));
  return box;
}

/** A document: its name and size, and the way to save it. */
function documentLine(document) {
  const line = make("p", "document", "", { dir: "auto" });
  const save = make("a", "", document.file_name, {
    href: `/playground/files/${document.file_id}`, download: document.file_name,
    "data-testid": "document",
  });
  const size = document.file_size < 1024
    ? `${document.file_size} B` : `${Math.round(document.file_size / 1024)} KB`;
  line.append(save, make("span", "", size));
  return line;
}

function quotes(message) {
  return message.reply_to_message && !message.reply_to_message.forum_topic_created;
}

function nameLine(message) {
  const hue = Math.abs(message.sender_chat?.id ?? message.from?.id ?? 0) % 6;
  const line = make("p", `name ink-${hue}`, author(message), { dir: "auto" });
  if (message.from?.is_bot && !message.sender_chat) line.append(make("span", "badge", "bot"));
  if (message.from && message.sender_chat) line.append(make("span", "badge", "anonymous admin"));
  return line;
}

function quote(answered) {
  const box = make("div", "quote", "", { dir: "auto" });
  box.append(make("strong", "", author(answered)), make("p", "", summary(answered)));
  return box;
}

/** What the visitor may do with a message, beside it. */
function deeds(message, mine, acts) {
  const line = make("span", "deeds");
  if (message.chat.type === "channel") line.append(deed("Forward", () => acts.onForward(message)));
  else line.append(deed("Reply", () => acts.onReply(message)));
  if (mine && isEditable(message)) line.append(deed("Edit", () => acts.onEdit(message)));
  return line;
}

function deed(label, act) {
  const button = make("button", "reply", label, { type: "button" });
  button.addEventListener("click", act);
  return button;
}

/** Whether it is a text that somebody wrote here. */
export function isEditable(message) {
  return Boolean(message.text) && !message.forward_origin;
}

function placeLine(message) {
  const { latitude, longitude } = message.location;
  const line = make("p", "location");
  line.append(make("strong", "", message.place || "Location"));
  line.append(` ${latitude.toFixed(2)}, ${longitude.toFixed(2)}`);
  return line;
}

/** When it was written; it floats behind the last words, at their end in either direction. */
function stamp(message) {
  const line = make("span", "stamp");
  if (message.edit_date) line.append(make("span", "edited", "edited"));
  const written = make("time", "", clock(message.date), {
    datetime: new Date(message.date * 1000).toISOString(),
  });
  written.title = new Date((message.edit_date ?? message.date) * 1000).toLocaleString();
  line.append(written);
  return line;
}

function keyboard(message, acts) {
  const board = make("div", "keyboard", "", { role: "group", "aria-label": "Buttons" });
  message.reply_markup.inline_keyboard.forEach((buttons, row) => {
    const line = make("div", "row");
    buttons.forEach((button, column) => line.append(key(message, row, column, button, acts)));
    board.append(line);
  });
  return board;
}

function key(message, row, column, button, acts) {
  const style = button.style ? ` ${button.style.replace(/[^a-z]/g, "")}` : "";
  const node = button.url ? linkTo(button.url) : make("button", "", "", { type: "button" });
  node.className = `key${style}`;
  node.dataset.testid = "keyboard-button";
  node.dir = "auto";
  node.textContent = button.text;
  if (button.url) node.append(make("span", "corner", "↗", { "aria-hidden": "true" }));
  else node.addEventListener("click", () => acts.onPress(message, row, column, button, node));
  return node;
}

/** A published item in the side panel, at the time `now`. */
export function newsItem(item, fresh, now) {
  const node = make("li", fresh ? "fresh" : "", "", { dir: "auto" });
  const link = linkTo(item.link);
  link.textContent = item.title;
  const line = make("p", "meta");
  line.append(make("span", "outlet", item.outlet));
  line.append(make("time", "", when(item.published, now, { timed: true }), { title: "published" }));
  node.append(line, link);
  return node;
}
