/**
 * What one address may do over all its connections, also over ones that come after another: how many it has open, how
 * much it says, and how much it leaves to be kept.
 */
import { dayMs, secondMs, type Clock } from '../lib/base/clock.ts';
import { addressShare, burstSeconds, type RelayLimits } from './limits.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

export interface AddressAllowance {
  /** In frame tokens, as a connection's own. */
  readonly messages: TokenBucket;
  /** In bytes of mail: a day's worth at once, refilled over a day. */
  readonly mailBytes: TokenBucket;
}

/** Addresses by their `limitKey`. */
export interface AddressAllowances {
  /** One more connection, or undefined where the address has as many as it may. */
  enter(key: string): AddressAllowance | undefined;
  leave(key: string): void;
  /** Forgets who has gone and has used nothing for a while. Answers how many are still known. */
  tidy(): number;
}

export const createAddressAllowances = (clock: Clock, limits: RelayLimits): AddressAllowances => {
  const byKey = new Map<string, AddressAllowance & { connections: number }>();
  const messagesPerSecond = limits.messagesPerSecond * addressShare;
  const dayBytes = limits.addressBytesPerDay;
  return {
    enter(key) {
      const allowance = byKey.get(key) ?? {
        messages: createTokenBucket(clock, messagesPerSecond * burstSeconds, messagesPerSecond),
        mailBytes: createTokenBucket(clock, dayBytes, dayBytes / (dayMs / secondMs)),
        connections: 0
      };
      if (allowance.connections >= limits.connectionsPerAddressMax) return undefined;
      allowance.connections++;
      byKey.set(key, allowance);
      return allowance;
    },
    leave(key) {
      const allowance = byKey.get(key);
      if (allowance !== undefined) allowance.connections--;
    },
    tidy() {
      for (const [key, { messages, mailBytes, connections }] of byKey) {
        if (connections === 0 && messages.isFull() && mailBytes.isFull()) byKey.delete(key);
      }
      return byKey.size;
    }
  };
};
