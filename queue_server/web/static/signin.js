// Signing in and changing the password.

import { $, csrf, has, show, t } from "./page.js";

const form = $("form");
const { to, wordsFrom } = form.dataset;

function complain(code) {
  const key = `${wordsFrom}.${code}`;
  $("problem").textContent = t(has(key) ? key : `${wordsFrom}.offline`);
  show($("problem"), true);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  show($("problem"), false);
  const fields = Object.fromEntries(new FormData(form));
  delete fields.user;
  if ("again" in fields) {
    if (fields.again !== fields.new) return complain("differ");
    delete fields.again;
  }
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  try {
    const answer = await fetch(to, {
      method: "POST",
      headers: { "content-type": "application/json", "x-csrf-token": csrf() },
      body: JSON.stringify(fields),
    });
    const reply = await answer.json();
    if (reply.ok) return location.assign(reply.next);
    // A password that is not accepted says why in its message.
    complain(reply.error.code === "bad-password" ? reply.error.message : reply.error.code);
    form.querySelector("input[type=password]").select();
  } catch {
    complain("offline");
  } finally {
    button.disabled = false;
  }
});
