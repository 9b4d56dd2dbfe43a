// The bar on top that says when the line is lost or a press has not arrived.

import { $, put, show, t } from "./page.js";

let line = "up";
let press = null;
let late = null;

function draw() {
  const text =
    line === "over" ? t("live.over")
    : press ? t("send.trying", { what: press })
    : line === "lost" ? `${t("live.lost")} ${late ?? t("live.lost.hint")}`
    : late;
  show($("banner"), Boolean(text));
  put($("banner-text"), text ?? "");
  show($("banner-drop"), Boolean(press) && line !== "over");
  document.body.classList.toggle("offline", line !== "up");
}

export function onLine(state) {
  line = state;
  if (state === "over") setTimeout(() => location.assign("/login"), 2500);
  draw();
}

export function onSend(state, label) {
  press = state === "trying" ? label : null;
  if (state === "late") late = t("send.late", { what: label });
  if (state === "sending") late = null;
  draw();
}
