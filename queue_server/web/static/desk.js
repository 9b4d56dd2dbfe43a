// The guide's desk: issue for somebody, find a number, put it right.

import { onLine, onSend } from "./banner.js";
import { live } from "./live.js";
import { $, has, make, put, say, setup, show, t } from "./page.js";
import { Sender } from "./send.js";
import { why } from "./why.js";

const sender = new Sender(onSend);
let ticket = null;

for (const select of [$("class"), $("grant")]) {
  for (const [id, name] of Object.entries(setup.priorities)) select.append(new Option(name, id));
}
const radios = setup.services.map((service, at) => {
  const input = Object.assign(make("input"), { type: "radio", name: "service", value: service.id, checked: at === 0 });
  const count = make("b");
  const label = make("label.choice", input, make("span", service.name, make("small", service.zone)), count);
  return { id: service.id, label, count };
});
$("services").append(...radios.map((radio) => radio.label));
$("banner-drop").addEventListener("click", () => sender.drop());

function tell(text) {
  put($("said"), text);
  show($("said"), Boolean(text));
}

async function send(kind, fields, label) {
  tell("");
  const reply = await sender.send(kind, fields, label);
  if (reply && !reply.ok) tell(has(`error.${reply.error.code}`) ? t(`error.${reply.error.code}`) : reply.error.message);
  return reply?.ok ? reply : null;
}

async function find(ref) {
  const answer = await fetch(`/api/v1/tickets/${encodeURIComponent(ref.trim().toUpperCase())}`).catch(() => null);
  ticket = answer?.ok ? await answer.json() : null;
  show($("found"), Boolean(ticket));
  if (!ticket) return tell(t("desk.none"));
  tell("");
  put($("found-number"), ticket.number);
  if (ticket.state === "waiting") $("why-instead").value = ticket.number;
  put($("found-state"), t(`state.${ticket.state}`));
  put($("found-service"), say(ticket.service_name));
  const ahead = ticket.ahead === null ? "" : t("desk.ahead", { n: ticket.ahead });
  put($("found-more"), [say(ticket.zone), say(ticket.place), ahead].filter(Boolean).join(" · "));
  $("print").href = `/desk/slip/${encodeURIComponent(ticket.ticket)}`;
  for (const button of document.querySelectorAll("[data-act]")) {
    const { act } = button.dataset;
    button.disabled = act === "restore" ? ticket.state !== "missed" : act === "priority" ? ticket.state !== "waiting" : !["waiting", "missed", "held", "called"].includes(ticket.state);
  }
}

$("issue").addEventListener("submit", async (event) => {
  event.preventDefault();
  const service = document.querySelector("input[name=service]:checked").value;
  const fields = { service, agent: $("agent").checked, assistance: "guided" };
  if ($("class").value) fields.priority = $("class").value;
  const reply = await send("IssueTicket", fields, t("desk.take"));
  if (!reply) return;
  $("ref").value = reply.result.number;
  await find(reply.result.number);
});

$("find").addEventListener("submit", (event) => {
  event.preventDefault();
  if ($("ref").value.trim()) find($("ref").value);
});

const COMMANDS = { restore: "RestoreTicket", cancel: "CancelTicket", priority: "GrantPriority" };

$("found").addEventListener("click", async (event) => {
  const name = event.target.closest("[data-act]")?.dataset.act;
  if (!name || !ticket) return;
  const reason = $("reason").value.trim();
  if (!reason) return $("reason").focus();
  const fields = { ticket: ticket.ticket, reason };
  if (name === "priority") fields.priority = $("grant").value;
  if (await send(COMMANDS[name], fields, t(`desk.${name}`))) {
    $("reason").value = "";
    await find(ticket.number);
  }
});

$("why").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [called, instead] = [$("why-called"), $("why-instead")].map((field) => field.value.trim().toUpperCase());
  const query = new URLSearchParams({ called, instead_of: instead });
  put($("why-answer"), await why(`/api/v1/why?${query}`));
  show($("why-answer"), true);
});

live("/api/v1/hall/live", (hall) => {
  const known = new Map(hall.services.map((service) => [service.id, service]));
  for (const { id, label, count } of radios) {
    const service = known.get(id);
    show(label, Boolean(service));
    if (!service) continue;
    put(count, service.open ? t("desk.ahead", { n: service.waiting }) : t("desk.closed"));
    label.classList.toggle("shut", !service.open);
  }
}, onLine);
