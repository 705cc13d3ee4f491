// How messages, chats and news items look. Builds nodes; knows no state of its own.

import { formatted, linkTo } from "./entities.js";

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

export function day(seconds) {
  const when = new Date(seconds * 1000);
  if (when.toDateString() === new Date().toDateString()) return "Today";
  return when.toLocaleDateString([], { day: "numeric", month: "long" });
}

/** Initials on a colour that stays with the name. */
export function paintAvatar(node, chat) {
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
  return message.text ?? serviceText(message);
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

/**
 * A message as a list item.
 * `acts` has onPress(message, row, column, button), onReply(message), onCommand(text).
 */
export function bubble(message, { mine, showName }, acts) {
  const item = make("li", "message", "", { "data-testid": "message" });
  item.dataset.id = message.message_id;
  const words = message.text ?? message.caption ?? "";
  if (!words && !message.document) {
    item.classList.add("service");
    item.append(make("span", "", serviceText(message), { dir: "auto" }));
    return item;
  }
  item.classList.add(mine ? "mine" : "theirs");
  item.dataset.by = author(message);
  const card = make("div", "card");
  if (showName) card.append(nameLine(message));
  if (quotes(message)) card.append(quote(message.reply_to_message));
  if (message.document) card.append(documentLine(message.document));
  const text = make("div", "text", "", { dir: "auto" });
  const entities = message.entities ?? message.caption_entities;
  text.append(formatted(words, entities, acts.onCommand), stamp(message));
  card.append(text, reply(message, acts));
  item.append(card);
  if (message.reply_markup) item.append(keyboard(message, acts));
  return item;
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

function reply(message, acts) {
  const button = make("button", "reply", "Reply", { type: "button" });
  button.addEventListener("click", () => acts.onReply(message));
  return button;
}

/** When it was written; it floats behind the last words, at their end in either direction. */
function stamp(message) {
  const line = make("span", "stamp");
  if (message.edit_date) line.append(make("span", "edited", "edited"));
  const when = make("time", "", clock(message.date), {
    datetime: new Date(message.date * 1000).toISOString(),
  });
  when.title = new Date((message.edit_date ?? message.date) * 1000).toLocaleString();
  line.append(when);
  return line;
}

function keyboard(message, acts) {
  const board = make("div", "keyboard");
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

/** A published item in the side panel. */
export function newsItem(item, fresh) {
  const node = make("li", fresh ? "fresh" : "", "", { dir: "auto" });
  const link = linkTo(item.link);
  link.textContent = item.title;
  const line = make("p", "meta");
  line.append(make("span", "outlet", item.outlet));
  line.append(make("time", "", clock(item.published, true), { title: "published" }));
  node.append(line, link);
  return node;
}
