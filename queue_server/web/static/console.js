// The clerk's console: shows the window's view, turns keys and buttons into commands.
// It decides nothing; what may be pressed is only a hint, the server has the last word.

import { onLine, onSend } from "./banner.js";
import { ask, choices, field, input, isOpen, wants } from "./dialog.js";
import { draw, drawTimes } from "./console-view.js";
import { live } from "./live.js";
import { $, has, put, setup, show, t } from "./page.js";
import { Sender } from "./send.js";

const window_ = setup.window;
let view = null;
let skew = 0; // server's clock minus ours, seconds
let calledAt = 0; // when this page last called or recalled
let said = 0;

const now = () => Date.now() / 1000 + skew;

const sender = new Sender((state, label) => {
  onSend(state, label);
  refresh();
});

const KEYS = {
  F2: "next", F3: "recall", F4: "start", F5: "noshow", F6: "finish",
  F8: "transfer", F9: "hold", F10: "pause",
};

// -- what may be done now ---------------------------------------------------------------------

function may() {
  const open = view?.state === "open";
  const inHand = Boolean(view?.ticket);
  const serving = inHand && view.started_at !== null;
  const called = inHand && !serving;
  const spaced = now() - calledAt;
  const missIn = called ? setup.no_show_seconds - (now() - view.called_at) : 0;
  return {
    next: !open || spaced >= setup.call_spacing,
    recall: called && spaced >= setup.recall_spacing,
    recallIn: called ? Math.max(0, setup.recall_spacing - spaced) : 0,
    start: called,
    noshow: called && view.calls >= setup.no_show_calls && missIn <= 0,
    noshowIn: called && view.calls >= setup.no_show_calls ? Math.max(0, missIn) : 0,
    finish: inHand,
    transfer: inHand,
    hold: inHand && view.held.length < setup.hold_limit,
    pause: view?.state !== "closed",
    special: open && setup.may_choose,
    shut: view?.state !== "closed" && !inHand,
    resume: open && !inHand,
  };
}

function refresh() {
  if (!view) return;
  const able = may();
  for (const button of document.querySelectorAll("[data-act]")) {
    button.disabled = sender.busy || !able[button.dataset.act];
  }
  for (const button of document.querySelectorAll("[data-resume]")) {
    button.disabled = sender.busy || !able.resume;
  }
  $("shut").disabled = sender.busy || !able.shut;
  show($("shut"), view.state !== "closed");
  put($("recall-hint"), able.recallIn > 0 ? t("console.wait-more", { n: Math.ceil(able.recallIn) }) : "");
  put($("noshow-hint"), able.noshowIn > 0 ? t("console.wait-more", { n: Math.ceil(able.noshowIn) }) : "");
  document.body.classList.toggle("busy", sender.busy);
}

// -- commands ---------------------------------------------------------------------------------

async function send(kind, fields, label) {
  const reply = await sender.send(kind, fields, label);
  if (reply?.ok) {
    if (kind === "CallNext" || kind === "CallTicket" || kind === "RecallTicket") calledAt = now();
    tell(t("console.done", { number: reply.result?.number ?? setup.label, what: label }));
  } else if (reply) {
    const { code, message } = reply.error;
    tell(has(`error.${code}`) ? t(`error.${code}`) : message, true);
    if (code === "not-signed-in") onLine("over");
  }
  refresh();
  return reply?.ok ?? false;
}

function tell(text, wrong = false) {
  put($("said"), text);
  $("said").classList.toggle("wrong", wrong);
  $("said").classList.add("seen");
  clearTimeout(said);
  said = setTimeout(() => $("said").classList.remove("seen"), wrong ? 6000 : 2500);
}

const asksOutcome = () => setup.stages[view.service] === "accept" && Object.keys(setup.outcomes).length > 1;

async function askOutcome(opener) {
  const list = choices(setup.outcomes);
  const title = `${view.number} · ${t("console.outcome")}`;
  return ask(title, [list], { read: list.chosen, opener, focus: list.querySelector("input") });
}

const ACTS = {
  async next() {
    if (view.state === "closed" || view.state === "paused") return ACTS.open();
    const first = Object.keys(setup.outcomes)[0];
    if (view.ticket && asksOutcome()) {
      const outcome = await askOutcome("F2");
      if (outcome === null) return;
      if (outcome !== first) {
        const fields = { window: window_, outcome };
        if (!(await send("FinishTicket", fields, t("console.finish")))) return;
      }
    }
    await send("CallNext", { window: window_ }, t("console.next"));
  },
  open() {
    const label = view.state === "paused" ? t("console.continue") : t("console.open");
    return send("OpenWindow", { window: window_, clerk: setup.clerk }, label);
  },
  recall: () => send("RecallTicket", { window: window_ }, t("console.recall")),
  start: () => send("StartTicket", { window: window_ }, t("console.start")),
  noshow: () => send("MarkNoShow", { window: window_ }, t("console.noshow")),
  async finish() {
    const outcome = asksOutcome() ? await askOutcome("F6") : Object.keys(setup.outcomes)[0];
    if (outcome === null) return;
    await send("FinishTicket", { window: window_, outcome }, setup.outcomes[outcome]);
  },
  async transfer() {
    const to = document.createElement("select");
    to.size = 7;
    const services = Object.fromEntries(setup.targets.map((id) => [id, setup.services[id]]));
    for (const [key, names] of [["service", services], ["window", setup.windows]]) {
      const group = document.createElement("optgroup");
      group.label = t(`console.to.${key}`);
      for (const [id, name] of Object.entries(names)) group.append(new Option(name, `${key}:${id}`));
      to.append(group);
    }
    const place = document.createElement("select");
    for (const key of ["keep", "front", "back"]) place.append(new Option(t(`console.place.${key}`), key));
    place.value = setup.place;
    const note = input();
    const back = input({ type: "checkbox" });
    const fields = await ask(
      `${view.number} · ${t("console.transfer")}`,
      [to, field(t("console.place"), place), field(t("console.note"), note), field(t("console.back"), back)],
      {
        opener: "F8",
        focus: to,
        read() {
          if (!to.value) return wants(to);
          const [key, id] = to.value.split(/:(.*)/s);
          return {
            [key === "service" ? "service" : "to"]: id,
            place: place.value, note: note.value.trim(), back: back.checked,
          };
        },
      },
    );
    if (fields) await send("TransferTicket", { window: window_, ...fields }, t("console.transfer"));
  },
  async hold() {
    const why = input({ placeholder: t("console.hold.why") });
    const title = `${view.number} · ${t("console.hold")}`;
    const reason = await ask(title, [field(t("console.reason"), why)], {
      read: () => why.value.trim(), opener: "F9", focus: why,
    });
    if (reason !== null) await send("HoldTicket", { window: window_, reason }, t("console.hold"));
  },
  async pause() {
    if (view.state === "paused") return ACTS.open();
    const list = choices(setup.reasons);
    const reason = await ask(t("console.pause"), [list], {
      read: list.chosen, opener: "F10", focus: list.querySelector("input"),
    });
    if (reason !== null) await send("PauseWindow", { window: window_, reason }, t("console.pause"));
  },
  async special() {
    const number = input({ maxLength: 12 });
    const why = input();
    const fields = await ask(
      t("console.special"),
      [field(t("console.number"), number), field(t("console.reason.need"), why)],
      {
        focus: number,
        read() {
          if (!number.value.trim()) return wants(number);
          if (!why.value.trim()) return wants(why);
          return { ticket: number.value.trim().toUpperCase(), reason: why.value.trim() };
        },
      },
    );
    if (fields) await send("CallTicket", { window: window_, ...fields }, t("console.special"));
  },
  undo: () => send("UndoLast", { window: window_ }, t("console.undo")),
  shut: () => send("CloseWindow", { window: window_ }, t("console.shut")),
  resume: (ticket) => send("ResumeTicket", { window: window_, ticket }, t("console.resume")),
  restore: (ticket) => send("RestoreTicket", { ticket }, t("console.restore")),
};

const labelOf = (name) => document.querySelector(`[data-act="${name}"] .key-word`)?.textContent ?? "";

function act(name, ...values) {
  if (sender.busy || isOpen() || !view) return;
  const able = may();
  if (name in able && !able[name]) return tell(t("console.cannot", { what: labelOf(name) }), true);
  ACTS[name](...values);
}

// -- keys and buttons -------------------------------------------------------------------------

document.addEventListener("keydown", (event) => {
  if (isOpen() || event.altKey || event.metaKey) return;
  const bare = !event.ctrlKey && !event.shiftKey;
  let name = null;
  if (bare && event.key in KEYS) name = KEYS[event.key];
  else if (event.ctrlKey && event.key === "F2") name = "special";
  else if (event.ctrlKey && event.key.toLowerCase() === "z") name = "undo";
  else if (bare && event.key === " " && event.target === document.body) name = "next";
  if (name === null) return;
  event.preventDefault();
  if (name === "undo" && $("toast").hidden) return;
  if (!event.repeat) act(name);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || isOpen()) return;
  // After a click with the mouse, Space is the next call again and not this button once more.
  if (event.detail > 0) button.blur();
  const { act: name, resume, restore } = button.dataset;
  if (name) act(name);
  else if (resume) act("resume", resume);
  else if (restore) act("restore", restore);
  else if (button.id === "undo") act("undo");
  else if (button.id === "shut") act("shut");
  else if (button.id === "banner-drop") sender.drop();
});

// -- life -------------------------------------------------------------------------------------

function chime() {
  const audio = new AudioContext();
  for (const [pitch, at] of [[660, 0], [880, 0.18]]) {
    const tone = new OscillatorNode(audio, { frequency: pitch });
    const volume = new GainNode(audio, { gain: 0.08 });
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + at);
    tone.stop(audio.currentTime + at + 0.16);
  }
}

live(
  `/api/v1/console/${encodeURIComponent(window_)}/live`,
  (next) => {
    const before = view;
    view = next;
    skew = next.at - Date.now() / 1000;
    const freshCall = next.ticket && (next.ticket !== before?.ticket || next.calls !== before?.calls);
    if (freshCall && before) calledAt = next.at;
    else if (!before && next.called_at) calledAt = next.called_at;
    const free = next.state === "open" && !next.ticket;
    if (before && free && before.waiting === 0 && next.waiting > 0) chime();
    draw(next, before);
    tick();
  },
  onLine,
);

function tick() {
  if (!view) return;
  drawTimes(view, now());
  refresh();
}

setInterval(tick, 250);
