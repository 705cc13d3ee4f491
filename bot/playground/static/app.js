// The chat page: hears what happens in the playground, and shows it.

import { $, send, toast } from "./api.js";
import { bubble, day, make, newsItem, paintAvatar, summary, when } from "./bubbles.js";
import { hideCommands } from "./commands.js";
import { answerTo, edit, editLast, loadCommands, say, sendPlace } from "./composer.js";
import {
  GENERAL, about, company, current, hasTopics, isMine, isMyChat, isShown, kindOf, standing, now, state,
  threadOf, titleOf, voice,
} from "./state.js";
import { opensBy, placeButtons, publish, skip } from "./trying.js";

const NEAR_END = 120;
const NEWS_SHOWN = 60;
const LANGUAGES = new Intl.DisplayNames("en", { type: "language" });
const WIDE = window.matchMedia("(min-width: 1180px)");

/* The live stream ------------------------------------------------------------------------ */

async function connect() {
  try {
    const answer = await fetch("/playground/state");
    take(await answer.json());
  } catch {
    return retry();
  }
  const stream = new EventSource(`/playground/events?after=${state.lastEvent}`);
  stream.onopen = () => live(true);
  stream.onmessage = (message) => react(JSON.parse(message.data));
  // After a restart of the server the numbering is another one: begin again from its state.
  stream.onerror = () => { stream.close(); retry(); };
  return undefined;
}

function retry() {
  live(false);
  setTimeout(connect, 1000);
}

function live(isLive) {
  state.live = isLive;
  $("live").textContent = isLive ? "live" : "reconnecting";
  $("live").classList.toggle("on", isLive);
  if (current()) showHead();
}

function take(found) {
  state.bot = found.bot;
  state.lastEvent = found.last_event;
  state.description = found.description;
  state.ahead = found.now - Date.now() / 1000;
  state.users = new Map(found.users.map((user) => [user.id, user]));
  state.chats = new Map(found.chats.map((chat) => [chat.id, withMessages(chat)]));
  state.news = found.published;
  $("skip").hidden = !found.skips;
  $("places").replaceChildren(...placeButtons(found.places, (place) => { closeTrying(); sendPlace(place); }));
  $("checked").textContent = found.verdicts === "none"
    ? "What the bot sends is not checked as Telegram does: tdjson is not installed."
    : `What the bot sends is checked by Telegram's own library (${found.verdicts}).`;
  $("feeds").replaceChildren(...found.feeds.map(feedLine));
  showNews();
  const wanted = Number(location.hash.slice(1));
  const first = [...state.chats.values()].find((chat) => chat.type === "private")?.id;
  state.me ??= first;
  const open = state.chats.has(state.chatId) ? state.chatId : wanted;
  openChat(state.chats.has(open) ? open : first, state.threadId, { quietly: true });
  $("conversation").classList.remove("unknown");
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
    if (chat.type === "private" && !state.users.has(chat.id)) {
      state.users.set(chat.id, { id: chat.id, first_name: chat.title });
    }
    showVoices();
    if (chat.id === state.chatId) showHead();
    showChats();
  },
  action: ({ chat_id: chatId }) => typing(chatId),
  answer: answered,
  commands: () => loadCommands(),
  clock: ({ now: told }) => {
    state.ahead = told - Date.now() / 1000;
    showMessages();
    showChats();
    showNews();
  },
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
  } else if (message.from?.id !== state.me) {
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

function rendered(message) {
  const mine = isMine(message);
  const showName = current().type !== "private" && !mine;
  return bubble(message, { mine, showName }, {
    onPress: press, onReply: answerTo, onCommand: say, onForward: forward, onEdit: edit,
  });
}

function append(message) {
  const list = $("messages");
  list.querySelector(".welcome")?.remove();
  const today = day(message.date, now());
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
  const item = make("div", "day");
  item.append(make("span", "", text));
  return item;
}

function showMessages() {
  const list = $("messages");
  // What was there already is no news to whoever hears the page.
  list.setAttribute("aria-busy", "true");
  list.replaceChildren();
  delete list.dataset.day;
  const shown = [...current().messages.values()].filter((m) => isShown(state.chatId, m));
  shown.forEach(append);
  if (!shown.length) list.append(welcome());
  list.setAttribute("aria-busy", "false");
  toEnd();
}

function welcome() {
  const chat = current();
  const item = make("div", "welcome", "", { "data-testid": "welcome" });
  const icon = make("span", "avatar large", "", { "aria-hidden": "true" });
  paintAvatar(icon, chat);
  item.append(icon, make("h3", "", titleOf(chat), { dir: "auto" }), make("p", "", about(chat), { dir: "auto" }));
  if (chat.type !== "private") {
    const tries = ["/subscribe", "/topic ceasefire"].map((command) => {
      const button = make("button", "command-link", command, { type: "button" });
      button.addEventListener("click", () => say(command));
      return button;
    });
    const line = make("p", "", "Try ");
    line.append(tries[0], " or ", tries[1]);
    item.append(line);
  } else {
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
  const name = state.users.get(state.me)?.first_name ?? "";
  $("whoami").textContent =
    `You are ${name}. Everybody else here is invented, and so are the news: only the bot is real.`;
  const latest = (chat) => [...chat.messages.values()].at(-1);
  const chats = [...state.chats.values()].filter(isMyChat);
  $("chat-list").replaceChildren(...chats.map((chat) => chatLine(chat, latest(chat))));
  if (current() && hasTopics(current())) showThreads();
}

function chatLine(chat, last) {
  const line = make("button", "chat", "", { type: "button", "data-testid": `chat-${chat.id}` });
  if (chat.id === state.chatId) line.setAttribute("aria-current", "true");
  const avatar = make("span", "avatar", "", { "aria-hidden": "true" });
  paintAvatar(avatar, chat);
  const body = make("span", "chat-body");
  const top = make("span", "chat-top");
  top.append(make("span", "chat-title", titleOf(chat), { dir: "auto" }));
  if (last) top.append(make("time", "", when(last.date, now())));
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

function openChat(chatId, threadId = GENERAL, { quietly = false } = {}) {
  const chat = state.chats.get(chatId);
  if (!chat) return;
  const known = chat.threads.some((thread) => thread.id === threadId);
  state.chatId = chatId;
  if (chat.type === "private") state.me = chatId;
  state.threadId = known ? threadId : GENERAL;
  state.unread.delete(`${chatId}/${state.threadId}`);
  if (!hasTopics(chat)) for (const key of state.unread.keys()) if (key.startsWith(`${chatId}/`)) state.unread.delete(key);
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
  $("head-title").textContent = titleOf(chat);
  const note = chat.type === "private" ? `bot, ${standing(chat)}` : company(chat);
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
  $("threads").hidden = !hasTopics(chat);
  if (!hasTopics(chat)) return;
  // A private chat has no General: there it is what belongs to no topic.
  const threads = chat.is_forum ? chat.threads : [{ id: GENERAL, name: "Main" }, ...chat.threads];
  $("threads").replaceChildren(...threads.map((thread) => {
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

/** Who one may be: everybody, and in a group an administrator without a name. */
function showVoices() {
  const chat = current();
  if (!chat) return;
  const isGroup = chat.type.endsWith("group");
  const voices = [];
  for (const user of state.users.values()) {
    if (user.is_bot) continue;
    const leads = ["creator", "administrator"].includes(chat.members[user.id]);
    voices.push([user.id, `${user.first_name}${chat.type !== "private" && leads ? " (admin)" : ""}`]);
  }
  if (isGroup) voices.push(["anonymous", "anonymous admin"]);
  $("as-user").replaceChildren(...voices.map(([value, label]) => new Option(label, value)));
  $("as-user").value = voice();
}

function speakAs(value) {
  state.anonymous = value === "anonymous";
  if (!state.anonymous) state.me = Number(value);
  openChat(isMyChat(current()) ? state.chatId : state.me, state.threadId);
}

/* What the visitor does ------------------------------------------------------------------ */

async function forward(message) {
  const result = await send("forward", {
    chat_id: message.chat.id, message_id: message.message_id, as: state.me,
  });
  if (result.ok) toast("Forwarded to your chat with the bot");
}

async function block() {
  const blocked = current().bot_status !== "kicked";
  const result = await send("block", { user_id: state.chatId, blocked });
  if (!result.ok) return;
  toast(blocked ? "You have blocked the bot: it can no longer write to you." : "The bot may write to you again.");
}

async function press(message, row, column, button, node) {
  if (button.copy_text) {
    const copied = await copy(button.copy_text.text);
    toast(copied ? "Copied" : `The browser does not let pages copy. The text: ${button.copy_text.text}`);
    return;
  }
  if (!button.callback_data) {
    toast("Telegram would open another chat here.");
    return;
  }
  node.classList.add("waiting");
  const body = { chat_id: message.chat.id, message_id: message.message_id, row, column, as: voice() };
  const result = await send("press", body);
  if (!result.ok) node.classList.remove("waiting");
  else if (state.pressed.get(result.query_id) === "answered") node.classList.remove("waiting");
  else state.pressed.set(result.query_id, node);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
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

/* The newsroom --------------------------------------------------------------------------- */

function showNews(fresh = false) {
  const shown = state.news.slice(0, NEWS_SHOWN);
  $("items").replaceChildren(...shown.map((item, place) => newsItem(item, fresh && place === 0, now())));
  $("news-count").textContent = shown.length ? `newest ${when(shown[0].published, now(), { timed: true })}` : "";
}

function feedLine(feed) {
  const item = make("li");
  const link = make("a", "", feed.title, { href: `/feeds/${feed.name}`, target: "_blank", rel: "noopener noreferrer", dir: "auto" });
  const form = feed.form === "atom" ? "Atom" : feed.form.toUpperCase();
  item.append(link, make("span", "", `${form}, ${LANGUAGES.of(feed.language)}`));
  return item;
}

function toggleNews(open) {
  $("app").classList.toggle("no-news", !open);
  $("toggle-news").setAttribute("aria-expanded", String(open));
}

/* Wiring --------------------------------------------------------------------------------- */

const closeTrying = opensBy($("try"), $("trying"), { onOpen: showVoices });
$("publish").addEventListener("click", () => { closeTrying(); publish(); });
$("skip").addEventListener("click", () => { closeTrying(); skip(current()); });
$("edit-last").addEventListener("click", () => { closeTrying(); editLast(); });
$("as-user").addEventListener("change", () => speakAs($("as-user").value));
$("answering-off").addEventListener("click", () => answerTo(null));
$("back").addEventListener("click", () => $("app").classList.remove("in-chat"));
$("block").addEventListener("click", () => { closeTrying(); block(); });
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
