// Signing out, and the language switch that keeps the address.

import { $, csrf } from "./page.js";

$("sign-out")?.addEventListener("click", async () => {
  await fetch("/logout", { method: "POST", headers: { "x-csrf-token": csrf() } });
  location.assign("/login");
});

const link = $("other-language");
if (link) {
  const here = new URL(location.href);
  here.searchParams.set("lang", link.lang);
  link.href = here.href;
}
