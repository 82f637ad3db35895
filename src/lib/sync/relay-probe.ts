/**
 * Trying a relay before a circle relies on it: a letter is written to the circle's own mailbox there, read back, and removed.
 */
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Result } from '../base/result.ts';
import { mailboxKeys } from '../records/meeting-keys.ts';
import type { LocalCircle } from '../store/circles.ts';
import type { ProbeFailure } from './envelope-carrier.ts';
import { createRelayMailbox } from './relay-mailbox.ts';

/** `url`: as `normalRelayUrl` has it. Errors: what the relay, or the way to it, had against each step. */
export const probeRelay = async (
  circle: LocalCircle,
  url: string,
  { clock, random }: { readonly clock: Clock; readonly random: Random }
): Promise<Result<{ readonly removes: boolean }, ProbeFailure>> => {
  const mailbox = createRelayMailbox({
    keys: await mailboxKeys(circle.keyring.current.lighthouse, url),
    clock,
    random
  });
  mailbox.open({ onMail: () => undefined, onStatus: () => undefined, onRefused: () => undefined });
  try {
    return await mailbox.probe();
  } finally {
    mailbox.close();
  }
};
