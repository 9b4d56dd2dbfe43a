// Why one number was called before another: the server's sentence, or why there is none.

import { say, t } from "./page.js";

export async function why(address) {
  try {
    const answer = await fetch(address);
    if (answer.ok) return say((await answer.json()).text);
    if (answer.status === 429) return t("why.often");
    return t("why.none");
  } catch {
    return t("why.lost");
  }
}
