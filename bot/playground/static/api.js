// What all parts of the page use: the playground's control API, and short notes.

export const $ = (id) => document.getElementById(id);

export async function send(path, body) {
  const answer = await fetch(`/playground/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const result = await answer.json();
  if (!result.ok) toast(result.error);
  return result;
}

let toastEnds;
export function toast(text) {
  $("toast").textContent = text;
  clearTimeout(toastEnds);
  toastEnds = setTimeout(() => { $("toast").textContent = ""; }, 4000);
}
