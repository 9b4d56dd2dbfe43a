// One command at a time, and none twice: a press gets its id once, and every new try of the same
// press carries that id, so the server answers it the same however often it arrives.

import { csrf } from "./page.js";

const PATIENCE = 20_000;
const EACH = 5_000;
const PAUSE = 700;

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return "c" + Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

export class Sender {
  // `onState("sending" | "trying" | "late" | "idle", label)` says how the present press is doing.
  constructor(onState) {
    this.onState = onState;
    this.busy = false;
    this.dropped = false;
  }

  // The Reply, or null when it did not arrive in time (or was dropped), or when busy.
  async send(kind, fields, label) {
    if (this.busy) return null;
    this.busy = true;
    this.dropped = false;
    this.onState("sending", label);
    const body = JSON.stringify({ kind, id: newId(), ...fields });
    const until = performance.now() + PATIENCE;
    let reply = null;
    while (reply === null && !this.dropped && performance.now() < until) {
      reply = await this.#once(body);
      if (reply === null) {
        this.onState("trying", label);
        await wait(PAUSE);
      }
    }
    this.busy = false;
    this.onState(reply === null && !this.dropped ? "late" : "idle", label);
    return reply;
  }

  drop() {
    this.dropped = true;
  }

  async #once(body) {
    try {
      const answer = await fetch("/api/v1/commands", {
        method: "POST",
        headers: { "content-type": "application/json", "x-csrf-token": csrf() },
        body,
        signal: AbortSignal.timeout(EACH),
      });
      return answer.status >= 502 ? null : await answer.json();
    } catch {
      return null;
    }
  }
}
