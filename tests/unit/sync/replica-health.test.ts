/** What is known of a replica's entries, and what is done about them at the next repair. */
import { describe, expect, test } from 'vitest';
import { dayMs } from '../../../src/lib/base/clock.ts';
import type { DeviceId, MapKey } from '../../../src/lib/base/ids.ts';
import type { Outcome } from '../../../src/lib/sync/inbox.ts';
import { ReplicaHealth } from '../../../src/lib/sync/replica-health.ts';
import { noonMs } from '../base/hand-clock.ts';

const key = 'AAAAAAAAAAAAAAAAAAAAAA' as MapKey;
const device = 'BBBBBBBBBBBBBBBBBBBBBB' as DeviceId;
const now = { nowMs: noonMs, mayFade: true };
const refused: Outcome = { type: 'refused', refusal: { type: 'BadSignature', device } };
const newer: Outcome = { type: 'refused', refusal: { type: 'UnknownVersion', version: 2 } };
const waits: Outcome = { type: 'waits', waiting: { type: 'UnknownDevice', device } };

describe('[RE4] at the next repair', () => {
  test.each([
    ['what was refused', refused],
    ['what is older than the truth', { type: 'older' }]
  ] as [string, Outcome][])(
    '%s is replaced where something true belongs there, and removed elsewhere',
    (_, outcome) => {
      const health = new ReplicaHealth();
      expect(health.settle(key, outcome, now)).toBe(true);
      expect(health.isDamaged(key)).toBe(true);
      expect(health.takeRubbish()).toEqual([key]);
      expect(health.takeRubbish()).toEqual([]);
    }
  );

  test('what was mended is no rubbish', () => {
    const health = new ReplicaHealth();
    health.settle(key, refused, now);
    health.mend(key);
    expect(health.takeRubbish()).toEqual([]);
  });

  test.each([
    ['what was stored', { type: 'stored', kind: 32, key: 'key' as MapKey }],
    ['what is held', { type: 'held' }],
    ['what waits', waits]
  ] as [string, Outcome][])('%s is left alone', (_, outcome) => {
    const health = new ReplicaHealth();
    expect(health.settle(key, outcome, now)).toBe(false);
    expect(health.takeRubbish()).toEqual([]);
  });

  test('what waits is remembered until it is settled otherwise', () => {
    const health = new ReplicaHealth();
    health.settle(key, waits, now);
    expect([...health.waiting]).toEqual([key]);
    health.settle(key, { type: 'held' }, now);
    expect([...health.waiting]).toEqual([]);
  });

  test('[EN9] an entry of a later version stays, unless something of ours belongs there', () => {
    const health = new ReplicaHealth();
    expect(health.settle(key, newer, now)).toBe(true);
    expect(health.isDamaged(key)).toBe(true);
    expect(health.takeRubbish()).toEqual([]);
  });
});

describe('[FA2] what has faded', () => {
  const faded = (agoMs: number): Outcome => ({ type: 'faded', expMs: noonMs - agoMs });

  test('stands for another day, since a slower clock would put it back', () => {
    expect(new ReplicaHealth().settle(key, faded(dayMs), now)).toBe(false);
    expect(new ReplicaHealth().settle(key, faded(dayMs + 1), now)).toBe(true);
  });

  test('is removed once, whoever puts it back', () => {
    const health = new ReplicaHealth();
    health.settle(key, faded(2 * dayMs), now);
    expect(health.takeRubbish()).toEqual([key]);
    expect(health.settle(key, faded(2 * dayMs), now)).toBe(false);
  });

  test('[FA3] stays while the clock is far off', () => {
    expect(new ReplicaHealth().settle(key, faded(9 * dayMs), { ...now, mayFade: false })).toBe(false);
  });
});
