/** What one address may do over all its connections. */
import { expect, test } from 'vitest';
import { createAddressAllowances } from '../../../src/relay/address-allowance.ts';
import { defaultLimits } from '../../../src/relay/limits.ts';
import { createHandClock } from './hand-clock.ts';

const limits = { ...defaultLimits, connectionsPerAddressMax: 2, addressBytesPerDay: 86_400 };

test('is one for all its connections, of which there are so many', () => {
  const allowances = createAddressAllowances(createHandClock(), limits);
  const first = allowances.enter('a');
  expect(first).toBeDefined();
  expect(allowances.enter('a')).toBe(first);
  expect(allowances.enter('a')).toBeUndefined();
  expect(allowances.enter('b')).not.toBe(first);
  allowances.leave('a');
  expect(allowances.enter('a')).toBe(first);
});

test('is remembered until nothing of it is used: coming back brings nothing new', () => {
  const clock = createHandClock();
  const allowances = createAddressAllowances(clock, limits);
  expect(allowances.enter('a')?.mailBytes.take(3600)).toBe(true);
  allowances.leave('a');
  expect(allowances.tidy()).toBe(1);
  expect(allowances.enter('a')?.mailBytes.take(86_400)).toBe(false);
  clock.advance(3_600_000);
  expect(allowances.tidy()).toBe(1); // it is still here
  allowances.leave('a');
  expect(allowances.tidy()).toBe(0);
});
