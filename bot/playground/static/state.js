// What the page knows: of whom, of which chats, and what is on show. Changes nothing.

export const GENERAL = 1;

export const state = {
  bot: null, users: new Map(), chats: new Map(), chatId: null, threadId: GENERAL,
  unread: new Map(), typing: new Map(), pressed: new Map(), answering: null, editing: null,
  me: null, anonymous: false, ahead: 0, news: [], missed: 0, atEnd: true, live: false,
};

/** Seconds since 1970 by the playground's clock. */
export function now() {
  return Date.now() / 1000 + state.ahead;
}

export function hasTopics(chat) {
  return chat.is_forum || chat.threads.length > 0;
}

export function threadOf(message) {
  return message.is_topic_message ? message.message_thread_id : GENERAL;
}

export function isShown(chatId, message) {
  if (chatId !== state.chatId) return false;
  return !hasTopics(current()) || threadOf(message) === state.threadId;
}

export function current() {
  return state.chats.get(state.chatId);
}

export function isMine(message) {
  if (message.from?.is_bot && !message.sender_chat) return false;
  if (current().type === "private") return true;
  if (current().type === "channel") return false;
  return message.sender_chat ? voice() === "anonymous" : String(message.from?.id) === voice();
}

export function isMyChat(chat) {
  if (chat.type === "private") return chat.id === state.me;
  return !["left", "kicked", undefined].includes(chat.members[state.me]);
}

/** A private chat is, for the person in it, the bot. */
export function titleOf(chat) {
  return chat.type === "private" ? state.bot.first_name : chat.title;
}

export function kindOf(chat) {
  if (chat.type === "private") return chat.bot_status === "left" ? "Begin here: the bot" : "bot";
  if (chat.type === "channel") return "channel";
  return chat.is_forum ? "group with topics" : "group";
}

export function standing(chat) {
  if (!state.live) return "reconnecting";
  return { left: "not started", kicked: "blocked" }[chat.bot_status] ?? "online";
}

/** What one finds in a chat in which nobody has written yet. */
export function about(chat) {
  if (chat.type === "private") {
    return state.description || "No messages here yet. Press START, and the bot answers as it would in Telegram.";
  }
  if (chat.type === "channel") return "A channel in which the bot may post: what it follows comes here for all readers.";
  const where = chat.is_forum
    ? "A group with topics: alerts come to the topic in which you follow something."
    : "A group that the bot is in: what it follows comes here for everybody.";
  return `${where} In groups the bot hears only commands, as in Telegram.`;
}

/** Who one is in a group or channel, and among how many. */
export function company(chat) {
  const there = Object.values(chat.members).filter((s) => s !== "left" && s !== "kicked").length;
  const me = voice() === "anonymous" ? "anonymous admin" : state.users.get(state.me)?.first_name;
  return `as ${me}, ${there} members`;
}

export function voice() {
  return state.anonymous && current().type.endsWith("group") ? "anonymous" : String(state.me);
}
