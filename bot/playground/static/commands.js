// The commands above the composer. The focus stays in the text: arrows choose, Enter takes.

import { $ } from "./api.js";
import { make } from "./bubbles.js";

let known = [];
let chosen = -1;

export function setCommands(commands) {
  known = commands;
}

/** Shows the commands that begin so; `onTake(command)` is called with the one that is taken. */
export function showCommands(beginning, onTake) {
  const fitting = known.filter((c) => c.command.startsWith(beginning));
  $("commands").replaceChildren(...fitting.map((command, place) => option(command, place, onTake)));
  if (!known.length && !beginning) {
    $("commands").append(make("li", "none", "The bot has set no commands for this chat."));
  }
  $("commands").hidden = !$("commands").hasChildNodes();
  $("menu").setAttribute("aria-expanded", String(!$("commands").hidden));
  choose(-1);
}

export function hideCommands() {
  $("commands").hidden = true;
  $("menu").setAttribute("aria-expanded", "false");
  choose(-1);
}

/** What a key does while the list is open; true if it was for the list. */
export function keyForCommands(event) {
  const options = [...$("commands").querySelectorAll("[role=option]")];
  if ($("commands").hidden || event.isComposing) return false;
  if (event.key === "ArrowDown") choose((chosen + 1) % options.length);
  else if (event.key === "ArrowUp") choose(chosen > 0 ? chosen - 1 : options.length - 1);
  else if (event.key === "Enter" && options[chosen]) options[chosen].click();
  else if (event.key === "Escape") hideCommands();
  else return false;
  event.preventDefault();
  $("text").focus();
  return true;
}

function choose(place) {
  const options = [...$("commands").querySelectorAll("[role=option]")];
  chosen = options[place] ? place : -1;
  options.forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
  if (chosen < 0) {
    $("text").removeAttribute("aria-activedescendant");
    return;
  }
  $("text").setAttribute("aria-activedescendant", options[chosen].id);
  options[chosen].scrollIntoView({ block: "nearest" });
}

function option({ command, description }, place, onTake) {
  const item = make("li", "", "", {
    role: "option", id: `command-${place}`, "data-testid": "command", "aria-selected": "false",
  });
  item.append(make("strong", "", `/${command}`), " ", make("span", "", description, { dir: "auto" }));
  item.addEventListener("click", () => { hideCommands(); onTake(command); });
  return item;
}
