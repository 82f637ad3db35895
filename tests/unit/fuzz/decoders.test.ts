/** Every decoder that meets bytes or text from outside, with a few inputs each; `npm run fuzz` has a million. */
import { describe, expect, test } from 'vitest';
import { hexToBytes } from '../../../src/lib/base/bytes.ts';
import { inputsOf, playTarget } from '../../fuzz/play.ts';
import { targets } from '../../fuzz/targets.ts';
import { pinned } from './pinned.ts';

/** The same in every run, so that what fails here fails for everybody. */
const runSeed = 6;
const inputsInAll = 8000;

describe('whatever comes in, a decoder takes it or refuses it by name', () => {
  test.each([...inputsOf(targets, inputsInAll)].map(([target, inputs]) => [target.name, target, inputs] as const))(
    '%s',
    async (_, target, inputs) => {
      const { taken, refused, failures } = await playTarget(target, { runSeed, inputs });
      expect(failures).toEqual([]);
      expect(taken + refused).toBe(inputs);
    }
  );

  test('and each target reaches what it is about: some of its inputs are taken, and some are refused', async () => {
    const idle: string[] = [];
    for (const target of targets) {
      const { taken, refused } = await playTarget(target, { runSeed, inputs: 120 });
      if (taken === 0 || refused === 0) idle.push(`${target.name}: ${taken} taken, ${refused} refused`);
    }
    expect(idle).toEqual([]);
  });

  test('targets have names of their own', () => {
    expect(new Set(targets.map(({ name }) => name)).size).toBe(targets.length);
  });
});

describe('what was once too much for a decoder is no longer', () => {
  test.each(pinned)('$target: $why', async ({ target: name, input }) => {
    const target = targets.find((each) => each.name === name);
    const bytes = hexToBytes(input);
    if (target === undefined || bytes === undefined) throw new Error('a pinned input is hex, for a target there is');
    expect(['taken', 'refused']).toContain(await target.feed(bytes));
  });
});
