// One question at a time: a title, something to choose or write, OK and Cancel.
//
// Keyboard: digits choose, Enter or the key that opened it confirms, Esc leaves.

import { $, make, put, show } from "./page.js";

const dialog = $("dialog");
let answer = null;
let key = "";

// Resolves to what `read()` gives when confirmed, null when cancelled.
export function ask(title, body, { read, opener = "", focus = null }) {
  put($("dialog-title"), title);
  $("dialog-body").replaceChildren(...body);
  key = opener;
  return new Promise((resolve) => {
    answer = (yes) => {
      const value = yes ? read() : null;
      if (yes && value === undefined) return;
      answer = null;
      dialog.close();
      resolve(value);
    };
    dialog.showModal();
    (focus ?? $("dialog-ok")).focus();
  });
}

export const isOpen = () => dialog.open;

// A list of big choices; the first is chosen.
export function choices(named, name = "choice") {
  const items = Object.entries(named).map(([value, words], at) => {
    const input = make("input");
    Object.assign(input, { type: "radio", name, value, checked: at === 0 });
    const digit = at < 9 ? make("kbd", String(at + 1)) : "";
    const label = make("label.option", input, make("span", words), digit);
    label.addEventListener("dblclick", () => answer?.(true));
    return label;
  });
  const group = make("div.options", ...items);
  group.setAttribute("role", "radiogroup");
  group.chosen = () => group.querySelector("input:checked")?.value;
  return group;
}

export function field(words, input) {
  return make("label.field", make("span", words), input);
}

export function input(fields = {}) {
  return Object.assign(make("input"), { maxLength: 200, autocomplete: "off", ...fields });
}

export function wants(element) {
  element.classList.add("wanted");
  element.focus();
  return undefined;
}

dialog.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  answer?.(true);
});
$("dialog-cancel").addEventListener("click", () => answer?.(false));
dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  answer?.(false);
});
dialog.addEventListener("keydown", (event) => {
  if (event.key === key && !event.repeat) {
    event.preventDefault();
    return answer?.(true);
  }
  const typing = event.target.matches("input:not([type=radio]):not([type=checkbox]), select");
  if (/^[1-9]$/.test(event.key) && !typing) {
    const inputs = dialog.querySelectorAll(".options input");
    const chosen = inputs[Number(event.key) - 1];
    if (chosen) chosen.checked = true;
  }
});

show(dialog, true);
