// What all pages share: finding elements, words, building without markup.

export const $ = (id) => document.getElementById(id);

export const setup = JSON.parse(document.body.dataset.setup);

const words = JSON.parse(document.body.dataset.words);

export function t(key, values = {}) {
  const wording = words[key];
  if (wording === undefined) return key;
  return wording.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export const has = (key) => words[key] !== undefined;

// The Chinese or English wording of a name of the hall.
export function say(names) {
  const language = document.documentElement.lang.slice(0, 2);
  return names?.[language] || names?.zh || Object.values(names ?? {})[0] || "";
}

// An expected wait in words; empty when nothing honest can be said.
export function wait(low, high, windows = 1) {
  if (windows === 0) return t("wait.shut");
  if (high === null) return "";
  if (high === 0) return t("wait.none");
  return low > 0 && low < high ? t("wait.range", { low, high }) : t("wait.under", { high });
}

// An element with classes ("li.row.new") and children; text is never markup.
export function make(kind, ...children) {
  const [name, ...classes] = kind.split(".");
  const element = document.createElement(name);
  element.className = classes.join(" ");
  element.append(...children);
  return element;
}

export function show(element, visible) {
  element.hidden = !visible;
}

// Put text in only when it differs, so that readers of the page are not told twice.
export function put(element, text) {
  if (element.textContent !== String(text)) element.textContent = text;
}

export const csrf = () => document.querySelector('meta[name="csrf"]').content;
