// Prints the slip and says so to the hall.

import { $ } from "./page.js";
import { Sender } from "./send.js";

const sender = new Sender(() => {});

$("print").addEventListener("click", () => print());
addEventListener("afterprint", () => {
  const { ticket } = document.querySelector("main").dataset;
  sender.send("ReportPrint", { ticket, printed: true, reprint: true, reason: "desk" }, "");
});
