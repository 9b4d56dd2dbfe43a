// A board for any browser on a screen: newest call on top, and honest about its age.

import { live } from "./live.js";
import { $, make, put, say, setup, show, t, wait } from "./page.js";

const FLASH = 12; // seconds a new call flashes
const LINGER = 60; // seconds a row stays although its ticket is done
const STALE = 30;
const LOST = 300;

let view = null;
let line = "";
let fresh = performance.now(); // when the server was last heard
let skew = 0;
const flashing = new Map(); // call -> when it was first seen here

const now = () => Date.now() / 1000 + skew;
const heard = () => (fresh = performance.now());

function places() {
  return Number(getComputedStyle(document.body).getPropertyValue("--rows")) || 7;
}

function onView(next) {
  heard();
  skew = next.at - Date.now() / 1000;
  if (view && (view.epoch !== next.epoch || view.day !== next.day)) flashing.clear();
  for (const row of next.rows) {
    const recent = next.at - row.at < FLASH;
    if (row.state === "called" && recent && !flashing.has(row.call)) flashing.set(row.call, performance.now());
  }
  view = next;
  draw();
}

function draw() {
  const rows = view.rows.filter((row) => row.state !== "done" || now() - row.at < LINGER);
  $("rows").replaceChildren(...rows.slice(0, places()).map(drawRow));
  show($("empty"), rows.length === 0);
  put($("empty"), view.day ? t("board.empty") : t("board.closed"));
  $("zones").replaceChildren(...view.zones.map(drawZone));
  show($("missed-part"), view.missed.length > 0);
  $("missed").replaceChildren(...[...view.missed].reverse().map((number) => make("li", number)));
  drawNotice();
}

function drawRow(row) {
  const number = make("b.number", row.number);
  const label = make("span.window", make("i", "→"), make("b", row.label), make("small", t("board.suffix")));
  const item = make("li", number, label, make("span.what", say(row.service)));
  item.classList.add(row.state);
  const since = flashing.get(row.call);
  if (since !== undefined && row.state === "called") {
    const gone = (performance.now() - since) / 1000;
    if (gone < FLASH) {
      item.classList.add("new");
      item.style.animationDelay = `${-gone}s`;
    }
  }
  return item;
}

function drawZone(zone) {
  const words = make("small", wait(zone.low, zone.high, zone.open_windows));
  const item = make("li", make("span", say(zone.name), words), make("b", String(zone.waiting)));
  item.classList.toggle("none", zone.waiting === 0);
  return item;
}

function drawNotice() {
  const parts = [view.notice, ...view.signs.map(say)].filter(Boolean);
  const text = parts.join("　　　");
  const ticker = $("notice").parentElement;
  const fits = $("notice").offsetWidth - (parseFloat(getComputedStyle($("notice")).paddingLeft) || 0) <= ticker.clientWidth;
  if ($("notice").textContent === text && ticker.classList.contains("runs") !== fits) return;
  put($("notice"), text);
  ticker.classList.remove("runs");
  ticker.classList.toggle("runs", $("notice").offsetWidth > ticker.clientWidth);
  // About 70 characters a minute, as somebody reads who looks up now and then.
  const seconds = Math.max(20, (text.length / 70) * 60 + 12);
  $("notice").style.animationDuration = `${seconds}s`;
  // Begins at the left edge, so that a board just switched on is not empty there.
  $("notice").style.animationDelay = `${(-seconds * ticker.clientWidth) / $("notice").offsetWidth}s`;
}

function drawAge() {
  const age = (performance.now() - fresh) / 1000;
  const stale = age > STALE || line === "lost" && age > 2;
  show($("stale"), stale);
  document.body.classList.toggle("old", age > STALE);
  if (!stale) return;
  const howLong = age < 60 ? t("board.s", { n: Math.round(age) }) : t("board.m", { n: Math.floor(age / 60) });
  put($("stale"), age > LOST ? t("board.watch") : t("board.stale", { n: howLong }));
}

const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: setup.zone });
const day = new Intl.DateTimeFormat(document.documentElement.lang, { month: "long", day: "numeric", weekday: "long", timeZone: setup.zone });

function tick() {
  const date = new Date(now() * 1000);
  put($("clock-time"), time.format(date));
  put($("clock-day"), day.format(date));
  drawAge();
  if (view && line === "up") heardIfUp();
}

// While the line stands the view is right, however long nothing has changed.
function heardIfUp() {
  heard();
  const done = view.rows.some((row) => row.state === "done");
  if (done) draw();
}

live(`/board/${encodeURIComponent(setup.area)}/live`, onView, (state) => (line = state));
setInterval(tick, 1000);
tick();
addEventListener("resize", () => view && draw());
