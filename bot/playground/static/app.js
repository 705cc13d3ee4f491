// The chat page: keeps the state of the playground, shows it, and sends what the visitor does.

import { bubble, clock, day, make, newsItem, paintAvatar, summary } from "./bubbles.js";

const NEAR_END = 120;
const NEWS_SHOWN = 60;
const WIDE = window.matchMedia("(min-width: 1180px)");
const GENERAL = 1;
const LARGEST_FILE = 2 * 1024 * 1024;
const $ = (id) => document.getElementById(id);

const state = {
  bot: null, users: new Map(), chats: new Map(), chatId: null, threadId: GENERAL,
  unread: new Map(), typing: new Map(), pressed: new Map(), answering: null, commands: [],
  voice: "5001", news: [], missed: 0, atEnd: true,
};

async function send(path, body) {
  const answer = await fetch(`/playground/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const result = await answer.json();
  if (!result.ok) toast(result.error);
  return result;
}

/* The live stream ------------------------------------------------------------------------ */

async function connect() {
  try {
    const answer = await fetch("/playground/state");
    take(await answer.json());
  } catch {
    return retry();
  }
  const stream = new EventSource(`/playground/events?after=${state.lastEvent}`);
  stream.onopen = () => live("live");
  stream.onmessage = (message) => react(JSON.parse(message.data));
  // After a restart of the server the numbering is another one: begin again from its state.
  stream.onerror = () => { stream.close(); retry(); };
  return undefined;
}

function retry() {
  live("reconnecting");
  setTimeout(connect, 1000);
}

function live(word) {
  $("live").textContent = word;
  $("live").classList.toggle("on", word === "live");
}

function take(found) {
  state.bot = found.bot;
  state.lastEvent = found.last_event;
  state.description = found.description;
  state.users = new Map(found.users.map((user) => [user.id, user]));
  state.chats = new Map(found.chats.map((chat) => [chat.id, withMessages(chat)]));
  state.news = found.published;
  $("foot").textContent = found.verdicts === "none"
    ? "Markup is not checked: tdjson is not installed"
    : `Markup is checked by ${found.verdicts}`;
  $("feeds").replaceChildren(...found.feeds.map(feedLine));
  showNews();
  const wanted = Number(location.hash.slice(1));
  const first = state.chats.keys().next().value;
  const open = state.chats.has(state.chatId) ? state.chatId : wanted;
  openChat(state.chats.has(open) ? open : first, state.threadId, { quietly: true });
}

function withMessages(chat) {
  return { ...chat, messages: new Map((chat.messages ?? []).map((m) => [m.message_id, m])) };
}

const REACTIONS = {
  message: ({ chat_id: chatId, message }) => arrive(chatId, message),
  edit: ({ chat_id: chatId, message }) => change(chatId, message),
  delete: ({ chat_id: chatId, message_id: id }) => remove(chatId, id),
  chat: ({ chat }) => {
    const known = state.chats.get(chat.id);
    state.chats.set(chat.id, { ...withMessages(chat), messages: known?.messages ?? new Map() });
    if (chat.id === state.chatId) showHead();
    showChats();
  },
  action: ({ chat_id: chatId }) => typing(chatId),
  answer: answered,
  commands: () => loadCommands(),
  profile: ({ what, text }) => {
    if (what === "description") state.description = text;
    if ($("messages").querySelector(".welcome")) showMessages();
  },
  published: ({ item }) => {
    state.news = [item, ...state.news].slice(0, NEWS_SHOWN);
    showNews(true);
  },
};

function react(event) {
  REACTIONS[event.type]?.(event);
}

/* Messages ------------------------------------------------------------------------------- */

function threadOf(message) {
  return message.is_topic_message ? message.message_thread_id : GENERAL;
}

function isShown(chatId, message) {
  if (chatId !== state.chatId) return false;
  return !current().is_forum || threadOf(message) === state.threadId;
}

function current() {
  return state.chats.get(state.chatId);
}

function arrive(chatId, message) {
  const chat = state.chats.get(chatId);
  if (!chat) return;
  chat.messages.set(message.message_id, message);
  state.typing.delete(chatId);
  if (isShown(chatId, message)) {
    const atEnd = isAtEnd();
    append(message);
    if (atEnd || isMine(message)) toEnd();
    else missed(1);
    if (message.force_reply) answerTo(message);
  } else if (message.from?.id !== Number(state.voice)) {
    const key = `${chatId}/${threadOf(message)}`;
    state.unread.set(key, (state.unread.get(key) ?? 0) + 1);
  }
  showChats();
  showHead();
}

function change(chatId, message) {
  state.chats.get(chatId)?.messages.set(message.message_id, message);
  const old = $("messages").querySelector(`[data-id="${message.message_id}"]`);
  if (isShown(chatId, message) && old) {
    const atEnd = isAtEnd();
    const open = old.querySelector(".expandable.open") !== null;
    const fresh = rendered(message);
    if (open) fresh.querySelector(".expandable")?.classList.add("open");
    fresh.classList.toggle("again", old.classList.contains("again"));
    old.replaceWith(fresh);
    if (atEnd) toEnd();
  }
  showChats();
}

function remove(chatId, id) {
  state.chats.get(chatId)?.messages.delete(id);
  if (chatId === state.chatId) {
    const gone = $("messages").querySelector(`[data-id="${id}"]`);
    if (!gone?.classList.contains("again")) gone?.nextElementSibling?.classList.remove("again");
    gone?.remove();
  }
  showChats();
}

function isMine(message) {
  if (message.from?.is_bot && !message.sender_chat) return false;
  if (current().type === "private") return true;
  if (current().type === "channel") return false;
  return message.sender_chat ? state.voice === "anonymous" : String(message.from?.id) === state.voice;
}

function rendered(message) {
  const mine = isMine(message);
  const showName = current().type !== "private" && !mine;
  return bubble(message, { mine, showName }, { onPress: press, onReply: answerTo, onCommand: say });
}

function append(message) {
  const list = $("messages");
  list.querySelector(".welcome")?.remove();
  const today = day(message.date);
  if (list.dataset.day !== today) {
    list.dataset.day = today;
    list.append(separator(today));
  }
  const item = rendered(message);
  // Who writes several messages in a row is named once.
  item.classList.toggle("again", list.lastElementChild?.dataset.by === item.dataset.by);
  list.append(item);
}

function separator(text) {
  const item = make("li", "day");
  item.append(make("span", "", text));
  return item;
}

function showMessages() {
  const list = $("messages");
  list.replaceChildren();
  delete list.dataset.day;
  const shown = [...current().messages.values()].filter((m) => isShown(state.chatId, m));
  shown.forEach(append);
  if (!shown.length) list.append(welcome());
  toEnd();
}

function welcome() {
  const item = make("li", "welcome");
  const icon = make("img", "", "", { src: "/static/bell.svg", alt: "", width: 64, height: 64 });
  item.append(icon, make("h3", "", state.bot.first_name));
  const isPrivate = current().type === "private";
  const words = isPrivate
    ? state.description || "No messages here yet. Press START, and the bot answers as it would in Telegram."
    : "Nobody has written here yet. Try /subscribe, or /topic ceasefire.";
  item.append(make("p", "", words, { dir: "auto" }));
  if (isPrivate) {
    const start = make("button", "start", "START", { type: "button", "data-testid": "start" });
    start.addEventListener("click", () => say("/start"));
    item.append(start);
  }
  return item;
}

function isAtEnd() {
  const box = $("scroll");
  return box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
}

function toEnd() {
  $("scroll").scrollTop = $("scroll").scrollHeight;
  state.atEnd = true;
  missed(-state.missed);
}

function missed(more) {
  state.missed += more;
  $("to-end").hidden = state.missed <= 0;
  $("to-end").querySelector("span").textContent =
    state.missed === 1 ? "1 new message" : `${state.missed} new messages`;
}

/* Chats and topics ----------------------------------------------------------------------- */

function unreadIn(chatId) {
  let count = 0;
  for (const [key, number] of state.unread) if (key.startsWith(`${chatId}/`)) count += number;
  return count;
}

function showChats() {
  const latest = (chat) => [...chat.messages.values()].at(-1);
  const chats = [...state.chats.values()];
  $("chat-list").replaceChildren(...chats.map((chat) => chatLine(chat, latest(chat))));
  if (current()?.is_forum) showThreads();
}

function chatLine(chat, last) {
  const line = make("button", "chat", "", { type: "button", "data-testid": `chat-${chat.id}` });
  if (chat.id === state.chatId) line.setAttribute("aria-current", "true");
  const avatar = make("span", "avatar", "", { "aria-hidden": "true" });
  paintAvatar(avatar, chat);
  const body = make("span", "chat-body");
  const top = make("span", "chat-top");
  top.append(make("span", "chat-title", chat.title, { dir: "auto" }));
  if (last) top.append(make("time", "", clock(last.date)));
  const below = make("span", "chat-below");
  const text = last ? summary(last).replace(/\s+/g, " ").slice(0, 90) : kindOf(chat);
  below.append(make("span", "chat-last", text, { dir: "auto" }));
  const unread = unreadIn(chat.id);
  if (unread) below.append(make("span", "unread", String(unread), { "aria-label": `${unread} unread` }));
  body.append(top, below);
  line.append(avatar, body);
  line.addEventListener("click", () => openChat(chat.id));
  const item = make("li");
  item.append(line);
  return item;
}

function kindOf(chat) {
  if (chat.type === "private") return `private chat with ${state.bot.first_name}`;
  if (chat.type === "channel") return "channel";
  return chat.is_forum ? "group with topics" : "group";
}

function openChat(chatId, threadId = GENERAL, { quietly = false } = {}) {
  const chat = state.chats.get(chatId);
  if (!chat) return;
  const known = chat.threads.some((thread) => thread.id === threadId);
  state.chatId = chatId;
  state.threadId = chat.is_forum && known ? threadId : GENERAL;
  state.unread.delete(`${chatId}/${state.threadId}`);
  if (!chat.is_forum) for (const key of state.unread.keys()) if (key.startsWith(`${chatId}/`)) state.unread.delete(key);
  history.replaceState(null, "", `#${chatId}`);
  answerTo(null);
  showVoices();
  showHead();
  showChats();
  showThreads();
  showMessages();
  loadCommands();
  if (!quietly) {
    $("app").classList.add("in-chat");
    if (window.innerWidth > 760) $("text").focus();
  }
}

function showHead() {
  const chat = current();
  paintAvatar($("head-avatar"), chat);
  $("head-title").textContent = chat.title;
  const people = Object.values(chat.members).filter((s) => s !== "left" && s !== "kicked").length;
  const note = chat.type === "private" ? `chat with ${state.bot.first_name}` : `${kindOf(chat)}, ${people} members`;
  $("head-note").textContent = state.typing.has(chat.id) ? `${state.bot.first_name} is typing…` : note;
  $("block").hidden = chat.type !== "private" || chat.bot_status === "left";
  $("block").textContent = chat.bot_status === "kicked" ? "Unblock" : "Block bot";
}

function typing(chatId) {
  clearTimeout(state.typing.get(chatId));
  const end = setTimeout(() => { state.typing.delete(chatId); showHead(); }, 5000);
  state.typing.set(chatId, end);
  showHead();
}

function showThreads() {
  const chat = current();
  $("threads").hidden = !chat.is_forum;
  if (!chat.is_forum) return;
  $("threads").replaceChildren(...chat.threads.map((thread) => {
    const tab = make("button", "", "", {
      type: "button", role: "tab", "data-testid": `thread-${thread.id}`, dir: "auto",
      "aria-selected": String(thread.id === state.threadId),
    });
    tab.append(make("span", "", thread.closed ? `${thread.name} (closed)` : thread.name));
    const unread = state.unread.get(`${chat.id}/${thread.id}`);
    if (unread) tab.append(make("span", "unread", String(unread)));
    tab.addEventListener("click", () => openChat(chat.id, thread.id));
    return tab;
  }));
}

function showVoices() {
  const chat = current();
  const voices = [];
  for (const [id, status] of Object.entries(chat.members)) {
    const user = state.users.get(Number(id));
    if (!user || user.is_bot || ["left", "kicked"].includes(status)) continue;
    const role = chat.type === "private" || status === "member" ? "" : " (admin)";
    voices.push([id, `${user.first_name}${role}`]);
  }
  if (chat.type.endsWith("group")) voices.push(["anonymous", "anonymous admin"]);
  $("as-user").replaceChildren(...voices.map(([value, label]) => new Option(label, value)));
  if (!voices.some(([value]) => value === state.voice)) state.voice = voices[0]?.[0] ?? "";
  $("as-user").value = state.voice;
  $("as").hidden = voices.length < 2;
}

/* What the visitor does ------------------------------------------------------------------ */

async function say(text) {
  return send("say", { ...addressed(), text });
}

/** Where and as whom the visitor writes, and in reply to what; that is used up by it. */
function addressed() {
  const chat = current();
  const body = { chat_id: chat.id, as: state.voice };
  if (chat.is_forum && state.threadId !== GENERAL) body.thread_id = state.threadId;
  if (state.answering) body.reply_to = state.answering.message_id;
  answerTo(null);
  return body;
}

/** Sends a file; what is written in the composer becomes its caption. */
async function attach(file) {
  if (file.size > LARGEST_FILE) return toast("The playground takes files of up to 2 MB.");
  const address = await new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.readAsDataURL(file);
  });
  const caption = $("text").value;
  $("text").value = "";
  fit();
  const content = address.slice(address.indexOf(",") + 1);
  return send("document", { ...addressed(), name: file.name, content, caption });
}

async function press(message, row, column, button, node) {
  if (button.copy_text) {
    await navigator.clipboard?.writeText(button.copy_text.text).catch(() => undefined);
    toast("Copied");
    return;
  }
  if (!button.callback_data) {
    toast("Telegram would open another chat here.");
    return;
  }
  node.classList.add("waiting");
  const body = { chat_id: message.chat.id, message_id: message.message_id, row, column, as: state.voice };
  const result = await send("press", body);
  if (!result.ok) node.classList.remove("waiting");
  else if (state.pressed.get(result.query_id) === "answered") node.classList.remove("waiting");
  else state.pressed.set(result.query_id, node);
}

function answered({ query_id: id, text, alert }) {
  const node = state.pressed.get(id);
  // The answer may be quicker than the reply to the press itself.
  if (node instanceof Element) node.classList.remove("waiting");
  state.pressed.set(id, "answered");
  if (!text) return;
  if (!alert) return toast(text);
  $("alert-text").textContent = text;
  if (!$("alert").open) $("alert").showModal();
}

let toastEnds;
function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(toastEnds);
  toastEnds = setTimeout(() => { $("toast").hidden = true; }, 4000);
}

function answerTo(message) {
  state.answering = message;
  $("answering").hidden = !message;
  if (!message) return;
  $("answering-name").textContent = `Reply to ${message.from?.first_name ?? message.chat.title ?? ""}`;
  $("answering-text").textContent = summary(message).slice(0, 120);
  $("text").focus();
}

/* Commands and composer ------------------------------------------------------------------ */

async function loadCommands() {
  const asked = { chat_id: state.chatId, user_id: state.voice === "anonymous" ? 5001 : state.voice };
  const answer = await fetch(`/playground/commands?${new URLSearchParams(asked)}`);
  if (answer.ok) state.commands = (await answer.json()).commands;
}

function showCommands(beginning = "") {
  const fitting = state.commands.filter((c) => c.command.startsWith(beginning));
  const list = $("commands");
  list.replaceChildren(...fitting.map(commandLine));
  if (!state.commands.length) list.append(make("li", "none", "The bot has set no commands for this chat."));
  const open = fitting.length > 0 || (!state.commands.length && !beginning);
  list.hidden = !open;
  $("menu").setAttribute("aria-expanded", String(open));
}

function hideCommands() {
  $("commands").hidden = true;
  $("menu").setAttribute("aria-expanded", "false");
}

function commandLine({ command, description }) {
  const item = make("li", "", "", { role: "option", tabindex: "0", "data-testid": "command" });
  item.append(make("strong", "", `/${command}`), make("span", "", description, { dir: "auto" }));
  const choose = () => {
    hideCommands();
    $("text").value = "";
    say(`/${command}${current().type === "private" ? "" : `@${state.bot.username}`}`);
    $("text").focus();
  };
  item.addEventListener("click", choose);
  item.addEventListener("keydown", (event) => {
    if (event.key === "Enter") choose();
    if (event.key === "ArrowDown") item.nextElementSibling?.focus();
    if (event.key === "ArrowUp") (item.previousElementSibling ?? $("text")).focus();
    if (event.key === "Escape") { hideCommands(); $("text").focus(); }
  });
  return item;
}

function fit() {
  const box = $("text");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
  const typed = /^\/([a-z0-9_]*)$/i.exec(box.value);
  if (typed) showCommands(typed[1].toLowerCase());
  else hideCommands();
}

async function submit() {
  const text = $("text").value;
  if (!text.trim()) return;
  $("text").value = "";
  fit();
  const result = await say(text);
  if (!result.ok) $("text").value = text;
}

/* The newsroom --------------------------------------------------------------------------- */

function showNews(fresh = false) {
  const shown = state.news.slice(0, NEWS_SHOWN);
  $("items").replaceChildren(...shown.map((item, place) => newsItem(item, fresh && place === 0)));
  $("news-count").textContent = shown.length ? `newest ${clock(shown[0].published, true)}` : "";
}

function feedLine(feed) {
  const item = make("li");
  const link = make("a", "", feed.title, { href: `/feeds/${feed.name}`, target: "_blank", rel: "noopener noreferrer", dir: "auto" });
  item.append(link, make("span", "", `${feed.form}, ${feed.language}`));
  return item;
}

function toggleNews(open) {
  $("app").classList.toggle("no-news", !open);
  $("toggle-news").setAttribute("aria-expanded", String(open));
}

/* Wiring --------------------------------------------------------------------------------- */

$("composer").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
$("text").addEventListener("input", fit);
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
  if (event.key === "Escape") { hideCommands(); answerTo(null); }
  if (event.key === "ArrowUp" && !$("commands").hidden) { event.preventDefault(); $("commands").lastElementChild.focus(); }
});
$("file").addEventListener("change", () => {
  const [file] = $("file").files;
  if (file) attach(file);
  $("file").value = "";
});
$("menu").addEventListener("click", () => ($("commands").hidden ? showCommands() : hideCommands()));
$("as-user").addEventListener("change", () => { state.voice = $("as-user").value; showMessages(); loadCommands(); });
$("answering-off").addEventListener("click", () => answerTo(null));
$("back").addEventListener("click", () => $("app").classList.remove("in-chat"));
$("block").addEventListener("click", () =>
  send("block", { user_id: state.chatId, blocked: current().bot_status !== "kicked" }));
$("toggle-news").addEventListener("click", () => toggleNews($("app").classList.contains("no-news")));
$("to-end").addEventListener("click", toEnd);
$("scroll").addEventListener("scroll", () => {
  state.atEnd = isAtEnd();
  if (state.atEnd) missed(-state.missed);
});
// Who reads the newest message still does after turning the phone or opening the chat.
new ResizeObserver(() => { if (state.atEnd) toEnd(); }).observe($("scroll"));
document.addEventListener("click", (event) => {
  if (!event.target.closest(".commands, .menu, #text")) hideCommands();
});
// On smaller screens the newsroom lies over the chat, and a click beside it closes it.
document.addEventListener("click", (event) => {
  if (!WIDE.matches && !event.target.closest("#news, #toggle-news")) toggleNews(false);
});
WIDE.addEventListener("change", () => toggleNews(WIDE.matches));
toggleNews(WIDE.matches);
connect();
