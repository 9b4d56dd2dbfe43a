// Draws the view of a window; knows nothing of commands.

import { $, make, put, setup, show, t } from "./page.js";

const SHOWN = 5;
let ended = "";

export function draw(view, before) {
  const inHand = Boolean(view.ticket);
  const state = inHand ? (view.started_at !== null ? "serving" : "called") : view.state === "open" ? "idle" : view.state;
  document.body.dataset.state = state;
  if (before?.number && before.ticket !== view.ticket) ended = before.number;
  put($("state"), t(`state.${state}`));
  put($("what"), inHand ? (state === "serving" ? t("console.serving") : t("console.called")) : "");
  put($("number"), inHand ? view.number : "");
  put($("service"), inHand ? setup.services[view.service] : idleWords(view, state));
  drawMarks(view);
  show($("note"), Boolean(inHand && view.note));
  put($("note"), view.note);
  put($("next-word"), state === "closed" ? t("console.open") : state === "paused" ? t("console.continue") : t("console.next"));
  put($("pause-word"), state === "paused" || view.state === "paused" ? t("console.continue") : t("console.pause"));
  put($("served"), view.served);
  put($("mean"), view.mean_today === null ? "–" : `${Math.round(view.mean_today * 10) / 10} ${t("minutes")}`);
  put($("waiting"), view.waiting);
  put($("held-count"), view.held.length);
  put($("missed-count"), view.missed.length);
  fill($("next"), view.next.slice(0, SHOWN));
  fill($("held"), view.held, "resume");
  fill($("missed"), [...view.missed].reverse(), "restore");
  document.title = inHand ? `${view.number} · ${t("console.window", { n: view.label })}` : t("console.window", { n: view.label });
}

function paused(view) {
  const reason = setup.reasons[view.reason] ?? view.reason;
  return reason ? `${t("console.paused")} · ${reason}` : t("console.paused");
}

function idleWords(view, state) {
  if (state === "closed") return t("console.closed.hint");
  if (state === "paused") return paused(view);
  return view.waiting > 0 ? t("console.idle.hint", { n: view.waiting }) : t("console.idle.none");
}

function drawMarks(view) {
  const marks = [];
  if (view.ticket && view.priority) marks.push(make("span.mark", `${t("priority")} · ${setup.priorities[view.priority] ?? view.priority}`));
  if (view.ticket && view.agent) marks.push(make("span.mark", t("agent")));
  if (view.ticket && view.calls > 1 && view.started_at === null) marks.push(make("span.mark", t("console.calls", { n: view.calls })));
  $("marks").replaceChildren(...marks);
}

// Rows of waiting, held or missed tickets; `act` is the one thing to do with a row.
function fill(list, tickets, act) {
  const focused = document.activeElement?.closest?.("li")?.dataset.ticket;
  const rows = tickets.map((ticket) => {
    const number = make("b.line-number", ticket.number, ticket.priority ? make("i.line-mark", t("priority")) : "");
    const words = make("span.line-words", setup.services[ticket.service] ?? ticket.service);
    if (ticket.note) words.append(make("small", ticket.note));
    const row = make("li", number, words);
    row.dataset.ticket = ticket.ticket;
    if (act) {
      const button = make("button", t(`console.${act}`));
      button.type = "button";
      button.dataset[act] = ticket.ticket;
      button.setAttribute("aria-label", `${t(`console.${act}`)} ${ticket.number}`);
      row.append(button);
    } else {
      row.append(make("span.line-wait", t("console.waited", { n: Math.round(ticket.waited) })));
    }
    return row;
  });
  list.replaceChildren(...(rows.length ? rows : [make("li.nobody", t("console.nobody"))]));
  if (focused && list.contains) list.querySelector(`[data-ticket="${CSS.escape(focused)}"] button`)?.focus();
}

// What changes by itself: the time the person has been here, and the seconds left to undo.
export function drawTimes(view, now) {
  const since = view.started_at ?? view.called_at;
  const inHand = Boolean(view.ticket) && since !== null;
  show($("clock"), inHand);
  if (inHand) drawClock(Math.max(0, now - since), view);
  const left = view.undo_until === null ? 0 : view.undo_until - now;
  show($("toast"), left > 0);
  if (left > 0) {
    put($("toast-text"), t("console.undo.what", { number: ended }));
    put($("undo-left"), Math.ceil(left));
  }
}

function drawClock(seconds, view) {
  const share = view.mean > 0 ? seconds / 60 / view.mean : 0;
  const [pace, icon] = share <= 1 ? ["ok", "●"] : share <= 1.5 ? ["long", "▲"] : ["late", "■"];
  put($("elapsed"), `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`);
  put($("pace-icon"), icon);
  put($("pace-word"), t(`console.${pace}`));
  put($("usual"), t("console.usual", { n: Math.round(view.mean) }));
  $("clock").dataset.pace = pace;
  $("meter").style.width = `${Math.min(100, (share / 1.5) * 100)}%`;
}
