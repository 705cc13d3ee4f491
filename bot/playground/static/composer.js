// Where the visitor writes: texts, replies, edits, files, places and commands.

import { $, send, toast } from "./api.js";
import { isEditable, summary } from "./bubbles.js";
import { hideCommands, keyForCommands, setCommands, showCommands } from "./commands.js";
import { GENERAL, current, isMine, isShown, state, voice } from "./state.js";

const LARGEST_FILE = 2 * 1024 * 1024;

export async function say(text) {
  return send("say", { ...addressed(), text });
}

/** Where and as whom the visitor writes, and in reply to what; that is used up by it. */
function addressed() {
  const chat = current();
  const body = { chat_id: chat.id, as: voice() };
  if (state.threadId !== GENERAL) body.thread_id = state.threadId;
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
  write("");
  const content = address.slice(address.indexOf(",") + 1);
  return send("document", { ...addressed(), name: file.name, content, caption });
}

export function answerTo(message) {
  if (state.editing) write("");
  state.answering = message;
  state.editing = null;
  const name = `Reply to ${message?.from?.first_name ?? message?.chat.title ?? ""}`;
  about(message, name);
}

/** Puts what somebody wrote into the composer again; what is sent then replaces it. */
export function edit(message) {
  state.answering = null;
  state.editing = message;
  write(message.text);
  about(message, "Edit message");
}

export function editLast() {
  const written = [...current().messages.values()].filter((m) => isShown(state.chatId, m));
  const last = written.reverse().find((m) => isMine(m) && isEditable(m));
  if (last) edit(last);
  else toast("You have not written anything here yet.");
}

function about(message, name) {
  $("answering").hidden = !message;
  if (!message) return;
  $("answering-name").textContent = name;
  $("answering-text").textContent = summary(message).slice(0, 120);
  $("text").focus();
}

export async function sendPlace({ latitude, longitude }) {
  return send("location", { ...addressed(), latitude, longitude });
}

export async function loadCommands() {
  const asked = { chat_id: state.chatId, user_id: state.me };
  const answer = await fetch(`/playground/commands?${new URLSearchParams(asked)}`);
  if (answer.ok) setCommands((await answer.json()).commands);
}

function sendCommand(command) {
  write("");
  say(`/${command}${current().type === "private" ? "" : `@${state.bot.username}`}`);
  $("text").focus();
}

function write(text) {
  $("text").value = text;
  fit();
}

function fit() {
  const box = $("text");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
  const typed = /^\/([a-z0-9_]*)$/i.exec(box.value);
  if (typed && !state.editing) showCommands(typed[1].toLowerCase(), sendCommand);
  else hideCommands();
}

async function submit() {
  const text = $("text").value;
  if (!text.trim()) return;
  const { editing } = state;
  write("");
  const result = editing ? await sendEdit(editing, text) : await say(text);
  if (result.ok) return;
  if (editing) edit(editing);
  write(text);
}

async function sendEdit(message, text) {
  answerTo(null);
  return send("edit", { chat_id: message.chat.id, message_id: message.message_id, text, as: voice() });
}

$("composer").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
$("text").addEventListener("input", fit);
$("composer").addEventListener("keydown", (event) => {
  if (keyForCommands(event) || event.target !== $("text")) return;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
  if (event.key === "Escape") answerTo(null);
  if (event.key === "ArrowUp" && !$("text").value) { event.preventDefault(); editLast(); }
});
$("file").addEventListener("change", () => {
  const [file] = $("file").files;
  if (file) attach(file);
  $("file").value = "";
});
$("menu").addEventListener("click", () => ($("commands").hidden ? showCommands("", sendCommand) : hideCommands()));
