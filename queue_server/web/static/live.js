// A view that stays up to date by itself: server-sent events, a watchdog, and coming back.
//
// The server sends a beat every 5 s of silence. Nothing for 12 s means that the line is dead even
// if nobody told us (a pulled cable), and then we begin anew.

const DEAD = 12_000;
const AGAIN = 1_000;

// `onView(view)` for each new view; `onLine("up" | "lost" | "over")` when the line changes.
export function live(url, onView, onLine) {
  let source = null;
  let watchdog = 0;
  let state = "";

  function tell(next) {
    if (state !== next) onLine((state = next));
  }

  function alive() {
    clearTimeout(watchdog);
    watchdog = setTimeout(restart, DEAD);
    tell("up");
  }

  function restart() {
    source?.close();
    clearTimeout(watchdog);
    tell("lost");
    watchdog = setTimeout(open, AGAIN);
  }

  // EventSource does not say why it was refused, so ask once more and look.
  async function refused() {
    source.close();
    clearTimeout(watchdog);
    const stop = new AbortController();
    try {
      const answer = await fetch(url, { signal: stop.signal });
      stop.abort();
      if (answer.status === 401 || answer.status === 403) return tell("over");
    } catch {
      // still no line
    }
    restart();
  }

  function open() {
    source?.close();
    clearTimeout(watchdog);
    source = new EventSource(url);
    source.onopen = alive;
    source.addEventListener("beat", alive);
    source.onmessage = (message) => {
      alive();
      onView(JSON.parse(message.data));
    };
    source.onerror = () => (source.readyState === EventSource.CLOSED ? refused() : restart());
    watchdog = setTimeout(restart, DEAD);
  }

  // A phone that was put away comes back at once.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && state === "lost") open();
  });

  open();
}
