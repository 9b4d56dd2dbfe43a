// The manager's page: the whole hall at one look, and a notice for the boards.

import { onLine, onSend } from "./banner.js";
import { live } from "./live.js";
import { $, has, make, put, say, setup, show, t, wait } from "./page.js";
import { Sender } from "./send.js";

const sender = new Sender(onSend);
const minutes = (n) => (n === null ? "–" : `${Math.round(n)} ${t("minutes")}`);
let view = null;

function row(...cells) {
  return make("tr", ...cells.map((cell) => make("td", cell)));
}

function drawZone(zone) {
  const longest = make("span", minutes(zone.longest));
  if (zone.late) longest.append(make("span.flag", `▲ ${t("manage.late")}`));
  const forecast = wait(zone.low, zone.high, zone.open_windows) || "–";
  return row(say(zone.name), make("b", String(zone.waiting)), longest, minutes(zone.mean_wait), String(zone.open_windows), String(zone.paused_windows), forecast);
}

function drawWindow(line) {
  const time = make("span", line.since === null ? "–" : minutes((view.at - line.since) / 60));
  if (line.slow) time.append(make("span.flag", `▲ ${t("manage.slow")}`));
  const state = make("span.pill", t(`state.${line.state}`));
  state.dataset.state = line.state;
  return row(make("b", line.label), say(line.zone), state, line.number ?? "–", time, String(line.served), minutes(line.mean), line.clerk ?? "–");
}

const ICONS = { ok: "●", degraded: "▲", offline: "■", unknown: "?" };

function drawDevice(device) {
  const words = make("span", device.device);
  if (device.reason) words.append(make("small", device.reason));
  const health = make("span.health", `${ICONS[device.health]} ${t(`manage.${device.health}`)}`);
  health.dataset.health = device.health;
  return make("li", words, health);
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: setup.zone });

function drawAdvice(advice) {
  show($("advice"), Boolean(advice));
  if (!advice) return;
  const services = advice.names.map(say).join(t("manage.advice.and"));
  const until = clock.format(new Date(advice.until * 1000));
  put($("advice-what"), t("manage.advice.what", { zone: say(advice.zone), n: advice.label, services, until }));
  put($("advice-why"), t("manage.advice.why", { name: say(advice.name), before: advice.before, after: advice.after }));
  if ($("advice-open")) put($("advice-open"), t("manage.advice.open", { n: advice.label }));
}

// How the last day went, and how wrong the waits shown were: measured every night.
function drawMeasured(last) {
  show($("measured"), Boolean(last));
  if (!last) return;
  let words = t("manage.measured", { day: last.day, calls: last.calls, mean: last.mean.toFixed(1), p95: last.p95.toFixed(0) });
  if (last.error !== null) words += t("manage.measured.error", { error: last.error.toFixed(1), inside: (100 * last.inside).toFixed(0) });
  put($("measured"), words);
}

// While it is being confirmed the suggestion stays as it was shown, unless its window is open now.
let chosen = null;

function sure(advice) {
  chosen = advice;
  if (!$("advice-sure")) return;
  show($("advice-ask"), !advice);
  show($("advice-sure"), Boolean(advice));
}

live("/api/v1/manage/live", (next) => {
  view = next;
  if (chosen && next.advice?.window !== chosen.window) sure(null);
  if (!chosen) drawAdvice(next.advice);
  drawMeasured(next.measured);
  for (const key of ["waiting", "served", "issued", "missed"]) put($(key), next[key]);
  put($("longest"), minutes(next.longest));
  $("zones").replaceChildren(...next.zones.map(drawZone));
  $("windows").replaceChildren(...next.windows.map(drawWindow));
  $("devices").replaceChildren(...next.devices.map(drawDevice));
  show($("no-devices"), next.devices.length === 0);
}, onLine);

async function send(kind, fields, label, said = $("said")) {
  const reply = await sender.send(kind, fields, label);
  const wrong = reply && !reply.ok;
  show(said, wrong);
  if (wrong) put(said, has(`error.${reply.error.code}`) ? t(`error.${reply.error.code}`) : reply.error.message);
  return reply?.ok;
}

const post = (text) => send("PostNotice", { text }, t("manage.notice"));

$("banner-drop").addEventListener("click", () => sender.drop());
$("notice")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if ($("text").value.trim() && (await post($("text").value.trim()))) $("text").value = "";
});
$("off")?.addEventListener("click", () => post(""));
$("advice-open")?.addEventListener("click", () => {
  sure(view.advice);
  $("advice-yes").focus();
});
$("advice-no")?.addEventListener("click", () => {
  sure(null);
  drawAdvice(view.advice);
});
$("advice-yes")?.addEventListener("click", async () => {
  const { window, label, services, until } = chosen;
  sure(null);
  await send("OpenWindow", { window, services, until }, t("manage.advice.open", { n: label }), $("advice-said"));
});
