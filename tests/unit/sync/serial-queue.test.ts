import { afterEach, beforeEach, expect, test } from 'vitest';
import { SerialQueue } from '../../../src/lib/sync/serial-queue.ts';
import { watchFailures, type FailureWatch } from '../../simulation/failures.ts';

let failures: FailureWatch;
let queue: SerialQueue;
let done: string[];

beforeEach(() => {
  failures = watchFailures();
  queue = new SerialQueue();
  done = [];
});
afterEach(() => failures.stop());

/** A task that takes some turns and then says so. */
const task =
  (name: string, turns = 0) =>
  async (): Promise<void> => {
    for (let i = 0; i < turns; i++) await Promise.resolve();
    done.push(name);
  };

test('what is given first is done first, however long it takes', async () => {
  queue.add(task('long', 20));
  queue.add(task('short'));
  expect(queue.waiting).toBe(2);
  await queue.idle();
  expect(done).toEqual(['long', 'short']);
  expect(queue.waiting).toBe(0);
});

test('what fails is reported, and the next is done all the same', async () => {
  queue.add(() => Promise.reject(new Error('the disk is full')));
  queue.add(() => {
    throw new Error('a mistake');
  });
  queue.add(task('next'));
  await queue.idle();
  await new Promise((resolve) => setImmediate(resolve));
  expect(done).toEqual(['next']);
  expect(failures.take()).toEqual([expect.stringContaining('the disk is full'), expect.stringContaining('a mistake')]);
});

test('after its end nothing begins, and what had begun is waited for', async () => {
  queue.add(task('begun', 20));
  queue.add(task('waiting'));
  await Promise.resolve();
  queue.end();
  queue.add(task('late'));
  await queue.idle();
  expect(done).toEqual(['begun']);
});
