/** The timer of the next ack: one at most, and none once the schedule has been stopped. */
import { beforeEach, expect, test } from 'vitest';
import { dayMs } from '../../../src/lib/base/clock.ts';
import { ackDelayMaxMs } from '../../../src/lib/base/limits.ts';
import { AckSchedule } from '../../../src/lib/sync/ack-schedule.ts';
import { DeviceClock, VirtualTime } from '../../simulation/virtual-time.ts';
import { seededRandom } from '../base/seeded-random.ts';
import { FoundedCircle, friend } from '../circle/friends.ts';
import { testDevice, type TestDevice } from '../store/memory-database.ts';

let time: VirtualTime;
let device: TestDevice;
let due: number;
let schedule: AckSchedule;

beforeEach(async () => {
  time = new VirtualTime();
  const clock = new DeviceClock(time, 0);
  device = await testDevice(await FoundedCircle.by(), await friend(0), clock);
  due = 0;
  schedule = new AckSchedule({ ...device, clock, random: seededRandom(1) }, device.local, () => due++);
});

test('[LA7] what is owed is due once, some minutes later', async () => {
  await Promise.all([schedule.owe(), schedule.owe()]);
  expect(due).toBe(0);
  pass(ackDelayMaxMs);
  expect(due).toBe(1);
});

test('stopped while it writes down when, it sets no timer that would keep everything', async () => {
  device.database.circles.hook('updating', () => schedule.stop());
  await schedule.owe();
  expect((await device.database.circles.get(device.local.n))?.ackDueMs).toBeGreaterThan(time.nowMs);
  pass(dayMs);
  expect(due).toBe(0);
});

const pass = (forMs: number): void => {
  const untilMs = time.nowMs + forMs;
  while (time.step(untilMs));
};
