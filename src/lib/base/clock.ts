/**
 * Time as an argument. The only place that reads the machine's clock and sets its timers.
 */
export interface Clock {
  /** Milliseconds since 1970, as this device believes. */
  nowMs(): number;
  /** Runs `task` after at least `delayMs`; the returned function cancels it. */
  after(delayMs: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  }
};

export const secondMs = 1000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
