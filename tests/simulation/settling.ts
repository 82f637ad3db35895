/**
 * When is everything done that can be done at this moment of virtual time?
 *
 * WebCrypto and the in-memory IndexedDB work for real, so the simulation counts their pieces of work in flight and waits
 * until there are none. Nothing is replaced: the same functions run, counted; and a delay of 0 ms becomes the next turn
 * of the event loop instead of a millisecond.
 */
const inFlight = { count: 0 };

const nextTurn = globalThis.setImmediate;

/** Starts counting; the returned function stops it. */
export const countWork = (): (() => void) => {
  const restores = [countImmediates(), countZeroDelays(), ...subtleMethods.map(countSubtle)];
  return () => restores.forEach((restore) => restore());
};

/** Resolves when nothing is in flight any more. Throws where work never ends: a loop without a timer in it. */
export const settled = async (): Promise<void> => {
  let quiet = 0;
  for (let turns = 0; quiet < 2; turns++) {
    await new Promise<void>((resolve) => nextTurn(resolve));
    quiet = inFlight.count === 0 ? quiet + 1 : 0;
    if (turns > turnsMax) throw new Error('work goes on and on without time passing');
  }
};

/** Lets a few turns of the event loop pass, for stopping something in its middle. */
export const fewTurns = async (turns: number): Promise<void> => {
  for (let i = 0; i < turns; i++) await new Promise<void>((resolve) => nextTurn(resolve));
};

const turnsMax = 200_000;

const countImmediates = (): (() => void) => {
  const counted = (task: (...args: unknown[]) => void, ...args: unknown[]): NodeJS.Immediate => {
    inFlight.count++;
    return nextTurn(() => {
      inFlight.count--;
      task(...args);
    });
  };
  globalThis.setImmediate = Object.assign(counted, nextTurn) as typeof setImmediate;
  return () => {
    globalThis.setImmediate = nextTurn;
  };
};

const countZeroDelays = (): (() => void) => {
  const later = globalThis.setTimeout;
  const counted = (task: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]): unknown =>
    delayMs > 0 ? later(task, delayMs, ...args) : globalThis.setImmediate(task, ...args);
  globalThis.setTimeout = Object.assign(counted, later) as unknown as typeof setTimeout;
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
    inFlight.count++;
    try {
      return await real.apply(this, args);
    } finally {
      inFlight.count--;
    }
  };
  return () => {
    methods[name] = real;
  };
};
