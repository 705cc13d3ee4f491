// What all parts of the page use: the playground's control API, and short notes.

export const $ = (id) => document.getElementById(id);

/** What the playground answers; a refusal or no answer is told in a note, and is not `ok`. */
export async function send(path, body) {
  let result;
  try {
    const answer = await fetch(`/playground/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    result = await answer.json();
  } catch {
    result = { ok: false, error: "The playground does not answer: is it still running?" };
  }
  if (!result.ok) toast(result.error);
  return result;
}

let toastEnds;
export function toast(text) {
  $("toast").textContent = text;
  clearTimeout(toastEnds);
  toastEnds = setTimeout(() => { $("toast").textContent = ""; }, 4000);
}
