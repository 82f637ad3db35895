/**
 * When is everything done that can be done at this moment of virtual time?
 *
 * WebCrypto and the in-memory IndexedDB work for real, so the simulation counts their pieces of work in flight and waits
 * until there are none. Nothing is replaced: the same functions run, counted; and a delay of 0 ms becomes the next turn
 * of the event loop instead of a millisecond.
 */
const work = { inFlight: 0, begun: 0 };
/** Whoever waits for nothing to be in flight: after a crash there may be two. */
let waiting: (() => void)[] = [];

const nextTurn = globalThis.setImmediate;

/** Starts counting; the returned function stops it. */
export const countWork = (): (() => void) => {
  const restores = [countImmediates(), countZeroDelays(), ...subtleMethods.map(countSubtle)];
  return () => restores.forEach((restore) => restore());
};

/** Resolves when nothing is in flight any more. Throws where work never ends: a loop without a timer in it. */
export const settled = async (): Promise<void> => {
  const before = work.begun;
  for (let quietTurns = 0; quietTurns < 2;) {
    await (work.inFlight === 0 ? fewTurns(1) : noneInFlight());
    quietTurns = work.inFlight === 0 ? quietTurns + 1 : 0;
    if (work.begun - before > workMax) throw new Error('work goes on and on without time passing');
  }
};

/** Lets a few turns of the event loop pass, for stopping something in its middle. */
export const fewTurns = async (turns: number): Promise<void> => {
  for (let i = 0; i < turns; i++) await new Promise<void>((resolve) => nextTurn(resolve));
};

/** Far more than anybody does at one moment, with twelve devices and a flood. */
const workMax = 1_000_000;

/** Waits without spinning: the crypto threads have use for the processor. */
const noneInFlight = (): Promise<void> =>
  new Promise((resolve) => {
    waiting.push(resolve);
  });

const begin = (): void => {
  work.inFlight++;
  work.begun++;
};

const end = (): void => {
  work.inFlight--;
  if (work.inFlight > 0) return;
  const done = waiting;
  waiting = [];
  done.forEach((go) => go());
};

const countImmediates = (): (() => void) => {
  const counted = (task: (...args: unknown[]) => void, ...args: unknown[]): NodeJS.Immediate => {
    begin();
    return nextTurn(() => {
      end();
      task(...args);
    });
  };
  globalThis.setImmediate = Object.assign<typeof counted, typeof setImmediate>(counted, nextTurn);
  return () => {
    globalThis.setImmediate = nextTurn;
  };
};

const countZeroDelays = (): (() => void) => {
  const later = globalThis.setTimeout;
  const counted = (task: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]): unknown =>
    delayMs > 0 ? later(task, delayMs, ...args) : globalThis.setImmediate(task, ...args);
  globalThis.setTimeout = Object.assign(counted, later);
  return () => {
    globalThis.setTimeout = later;
  };
};

type SubtleMethod = (...args: unknown[]) => Promise<unknown>;
const subtleMethods = [
  'decrypt',
  'deriveBits',
  'deriveKey',
  'digest',
  'encrypt',
  'exportKey',
  'generateKey',
  'importKey',
  'sign',
  'verify'
] as const;

const countSubtle = (name: (typeof subtleMethods)[number]): (() => void) => {
  const methods = SubtleCrypto.prototype as unknown as Record<string, SubtleMethod>;
  const real = methods[name] as SubtleMethod;
  methods[name] = async function counted(this: unknown, ...args: unknown[]) {
    begin();
    try {
      return await real.apply(this, args);
    } finally {
      end();
    }
  };
  return () => {
    methods[name] = real;
  };
};
