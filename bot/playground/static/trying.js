// What a visitor may do besides writing: bring news, let the morning come, say where they are.

import { $, send, toast } from "./api.js";
import { make } from "./bubbles.js";

const MORNING = 8 * 60;

/** A box that a button opens; Escape and a press elsewhere close it. */
export function opensBy(button, box, { onOpen = () => {} } = {}) {
  const show = (open) => {
    box.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) onOpen();
  };
  button.addEventListener("click", () => show(box.hidden));
  document.addEventListener("click", (event) => {
    if (!box.hidden && !box.contains(event.target) && !button.contains(event.target)) show(false);
  });
  box.parentElement.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || box.hidden) return;
    show(false);
    button.focus();
  });
  return () => show(false);
}

/** Lets the newsrooms publish what is next in their script. */
export async function publish() {
  const { ok, item } = await send("publish", {});
  if (!ok) return;
  toast(item ? `${item.outlet}: ${item.title}` : "The newsrooms have nothing new.");
}

/** Puts the clock forward to the next morning of this chat, or of the visitor. */
export async function skip(chat) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const result = await send("skip", { chat_id: chat.id, minute: MORNING, zone });
  if (!result.ok) return;
  const when = new Date(result.now * 1000).toLocaleString("en-GB", {
    timeZone: result.zone, weekday: "long", hour: "2-digit", minute: "2-digit",
  });
  toast(`It is ${when} (${result.zone.split("/").at(-1).replaceAll("_", " ")})`);
}

/** Buttons of places; `onPlace(place)` is called with the one that is pressed. */
export function placeButtons(places, onPlace) {
  return places.map((place) => {
    const button = make("button", "place", place.name, { type: "button" });
    button.addEventListener("click", () => onPlace(place));
    return button;
  });
}
