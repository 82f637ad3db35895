/** The in-process network is held to the same contract as the adapters it stands in for, and is as unkind as asked. */
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/lib/base/clock.ts';
import type { Topic } from '../../src/lib/base/ids.ts';
import { systemRandom, type Random } from '../../src/lib/base/random.ts';
import { createHandClock } from '../unit/relay/hand-clock.ts';
import { createInProcessNetwork, type NetworkConditions } from './in-process-transport.ts';
import { describeSignalTransport } from './signal-transport.ts';

describeSignalTransport('in process', async () => {
  const network = createInProcessNetwork({ clock: systemClock, random: systemRandom });
  return {
    createTransport: () => network.createTransport(),
    stop: async () => network.setUp(false),
    start: async () => network.setUp(true),
    close: async () => network.setUp(false)
  };
});

describe('conditions', () => {
  const room = 'room' as Topic;

  /** What Jo hears of a hundred messages, in order. */
  const hear = async (conditions: Partial<NetworkConditions>, seed = 1): Promise<number[]> => {
    const clock = createHandClock();
    const network = createInProcessNetwork({ clock, random: createSeededRandom(seed), conditions });
    const [ana, jo] = [network.createTransport(), network.createTransport()];
    const heard: number[] = [];
    ana.open({ onMessage: () => undefined, onStatus: () => undefined });
    await new Promise<void>((connected) =>
      jo.open({ onMessage: (_topic, data) => heard.push(Number(data)), onStatus: () => connected() })
    );
    jo.subscribe([room]);
    for (let n = 0; n < 100; n++) await ana.publish(room, `${n}`);
    clock.advance(60_000);
    return heard;
  };

  const all = Array.from({ length: 100 }, (_, n) => n);
  const ascending = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

  test('are kind where nothing is asked', async () => {
    expect(await hear({})).toEqual(all);
  });

  test('lose', async () => {
    const heard = await hear({ lossRate: 0.5 });
    expect(heard.length).toBeGreaterThan(20);
    expect(heard.length).toBeLessThan(80);
    expect(await hear({ lossRate: 1 })).toEqual([]);
  });

  test('repeat', async () => {
    const heard = await hear({ duplicateRate: 0.5 });
    expect(heard.length).toBeGreaterThan(120);
    expect([...new Set(heard)]).toEqual(all);
  });

  test('replay what was long ago', async () => {
    const heard = await hear({ replayRate: 0.5 });
    expect(heard.length).toBeGreaterThan(120);
    expect(heard.some((n, at) => n < Math.max(...heard.slice(0, at)) - 10)).toBe(true);
  });

  test('reorder, without losing', async () => {
    const heard = await hear({ delayMinMs: 0, delayMaxMs: 5000 });
    expect(heard).not.toEqual(all);
    expect(ascending(heard)).toEqual(all);
  });

  test('are the same again for a seed, and others for another', async () => {
    const harsh = { lossRate: 0.3, duplicateRate: 0.3, replayRate: 0.3, delayMinMs: 10, delayMaxMs: 3000 };
    expect(await hear(harsh, 7)).toEqual(await hear(harsh, 7));
    expect(await hear(harsh, 7)).not.toEqual(await hear(harsh, 8));
  });
});

test('one transport can be cut off and found again, and strangers can speak', async () => {
  const clock = createHandClock();
  const network = createInProcessNetwork({ clock, random: createSeededRandom(1) });
  const jo = network.createTransport();
  const heard: string[] = [];
  const statuses: boolean[] = [];
  await new Promise<void>((connected) =>
    jo.open({
      onMessage: (_topic, data) => heard.push(data),
      onStatus: (isConnected) => {
        statuses.push(isConnected);
        connected();
      }
    })
  );
  const room = 'room' as Topic;
  jo.subscribe([room]);
  network.inject(room, 'a stranger');
  clock.advance(0);
  network.setReachable(jo, false);
  network.inject(room, 'unheard');
  clock.advance(0);
  network.setReachable(jo, true);
  network.inject(room, 'heard');
  clock.advance(0);
  expect(heard).toEqual(['a stranger', 'heard']);
  expect(statuses).toEqual([true, false, true]);
});

/** Mulberry32: small, quick, and the same everywhere. Not for keys. */
function createSeededRandom(seed: number): Random {
  let state = seed;
  const nextByte = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) & 0xff;
  };
  return { bytes: (length) => Uint8Array.from({ length }, nextByte) };
}
