// The citizen's page: where my number is, live, on a phone.

import { live } from "./live.js";
import { $, make, put, setup, show, t, wait } from "./page.js";
import { why } from "./why.js";

const SOON = 1;
let state = "";

function draw(view) {
  const soon = view.state === "waiting" && view.ahead !== null && view.ahead < SOON;
  document.body.className = `ticket ${soon ? "soon" : view.state}`;
  const [lead, big, hint] = words(view, soon);
  put($("lead"), lead);
  put($("big"), big);
  put($("hint"), hint);
  document.title = `${view.number} · ${big || lead}`;
  if (state && state !== view.state && view.state === "called") navigator.vibrate?.([300, 150, 300]);
  state = view.state;
  drawOthers(view.others);
}

// Numbers called meanwhile: a tap, and the reason stands below.
function drawOthers(numbers) {
  show($("why"), numbers.length > 0);
  const shown = [...$("why-numbers").children].map((chip) => chip.value);
  if (shown.join() === numbers.join()) return;
  $("why-numbers").replaceChildren(...numbers.map((number) => Object.assign(make("button", number), { type: "button", value: number })));
  mark();
}

let asked = "";

function mark() {
  for (const chip of $("why-numbers").children) chip.setAttribute("aria-pressed", chip.value === asked);
}

async function ask(number) {
  asked = number;
  mark();
  const answer = await why(`/t/${encodeURIComponent(setup.token)}/why?called=${encodeURIComponent(number)}`);
  if (asked !== number) return;
  put($("why-answer"), answer);
  show($("why-answer"), true);
}

$("why-numbers").addEventListener("click", (event) => event.target.value && ask(event.target.value));
$("why-form").addEventListener("submit", (event) => {
  event.preventDefault();
  ask($("why-number").value.trim().toUpperCase());
});

function words(view, soon) {
  const there = view.window === null ? "" : t("ticket.called.window", { n: view.window });
  switch (view.state) {
    case "waiting":
      if (soon) return ["", t("ticket.soon"), t("ticket.soon.hint")];
      return [t("ticket.waiting"), `${view.ahead} ${t("people")}`, expected(view)];
    case "called": return [t("ticket.called"), there, ""];
    case "serving": return [t("ticket.serving"), there, ""];
    case "held": return ["", t("ticket.held"), there];
    case "missed": return ["", t("ticket.missed"), t("ticket.missed.hint")];
    case "done": return ["", t("ticket.done"), t("ticket.done.hint")];
    case "expired": return ["", t("ticket.expired"), t("ticket.expired.hint")];
    default: return ["", t("ticket.cancelled"), ""];
  }
}

function expected(view) {
  const words = wait(view.low, view.high);
  return words && `${t("ticket.wait")} ${words}`;
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: setup.zone });
put($("taken"), clock.format(new Date(setup.view.issued * 1000)));
draw(setup.view);
live(`/t/${encodeURIComponent(setup.token)}/live`, (view) => view && draw(view), (line) => show($("lost"), line !== "up"));
