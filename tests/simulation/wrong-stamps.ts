/**
 * Whether what a device said just now is dated as it should be (docs/protocol.md HT2, CL2).
 */
import { dayMs, hourMs, minuteMs } from '../../src/lib/base/clock.ts';
import type { Device } from './device.ts';

/**
 * By its own clock, or by the server's time where that says that the clock is more than a day off; and at most an hour further, whatever
 * others' clocks show. Where no server says the time, friends' records may: then it is dated between the two.
 */
export const wrongStamps = ({ name, skewMs, hasServer, trueNowMs }: Device, timeMs: number): string[] => {
  const offMs = timeMs - trueNowMs;
  const isFarOff = Math.abs(skewMs) > dayMs;
  const [leastMs, mostMs] = !isFarOff
    ? [skewMs, skewMs]
    : hasServer
      ? [0, 0]
      : [skewMs, Math.max(skewMs, othersMostMs)];
  const isRight = offMs >= leastMs - slackMs && offMs <= mostMs + hourMs + slackMs;
  return isRight ? [] : [`${name}, whose clock is ${toHours(skewMs)} off, dates something ${toHours(offMs)} off`];
};

/** No clock that is not far off is further ahead. */
const othersMostMs = 3 * hourMs;
/** Time may pass between a saying and its being stored. */
const slackMs = 5 * minuteMs;

const toHours = (ms: number): string => `${(ms / hourMs).toFixed(1)} h`;
