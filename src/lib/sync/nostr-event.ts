/**
 * Signals as Nostr events: one ephemeral kind, one topic tag, sealed text as content.
 *
 * Source: NIP-01. What a topic and a content mean is not known here.
 */
import { secondMs, type Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { createNostrKey, nostrSeedBytes, type SignedEvent } from './nostr-key.ts';

/**
 * The kind of a signaling event. Any number from 20000 to 29999 is ephemeral (NIP-01): passed on and not stored. This
 * one names no other protocol in the NIPs' list; it is ours by choice alone, and a filter on it keeps out what others
 * may say under a topic of the same name.
 */
export const signalKind = 20_571;

/** The tag that carries the topic. Relays index every tag of one letter; `t` is theirs for topics. */
const topicTag = 't';

/** One message to or from a relay, in bytes. Relays commonly take this much; ours takes no more. */
export const nostrFrameBytesMax = 64 * 1024;

/** Values in one filter; relays take a few hundred. */
const topicsPerFilter = 100;

/** Events lean this far into the future: relays refuse ephemeral ones that look old, and no phone's clock is exact. */
const createdAheadMs = 5 * secondMs;

/** Signs with one key that is made for it and never kept. */
export interface EventSigner {
  sign(topic: string, content: string): Promise<SignedEvent>;
}

/**
 * A signer with a fresh key, so that a relay cannot tell one visit of a person from another's. Loads the curve when it
 * is first called: it is no part of the first bundle. Rejects where that part of the app can not be fetched.
 */
export const createEventSigner = async (clock: Clock, random: Random): Promise<EventSigner> => {
  const key = await createNostrKey(random.bytes(nostrSeedBytes), random);
  return {
    sign(topic, content) {
      const created_at = Math.floor((clock.nowMs() + createdAheadMs) / secondMs);
      return key.sign({ created_at, kind: signalKind, tags: [[topicTag, topic]], content });
    }
  };
};

/** The filters of a subscription to these topics: live events only, and as many filters as keep each one small. */
export const signalFilters = (topics: readonly string[]): readonly object[] => {
  const filters: object[] = [];
  for (let at = 0; at < topics.length; at += topicsPerFilter) {
    filters.push({ kinds: [signalKind], [`#${topicTag}`]: topics.slice(at, at + topicsPerFilter), limit: 0 });
  }
  return filters;
};

/** The topic and the content of an event that came from a relay, or undefined where it is not one of ours. */
export const readSignalEvent = (event: unknown): { readonly topic: string; readonly content: string } | undefined => {
  if (typeof event !== 'object' || event === null) return undefined;
  const { kind, tags, content } = event as Readonly<Record<string, unknown>>;
  if (kind !== signalKind || typeof content !== 'string' || !Array.isArray(tags)) return undefined;
  const tag: unknown = tags.find((candidate) => Array.isArray(candidate) && candidate[0] === topicTag);
  const topic: unknown = Array.isArray(tag) ? tag[1] : undefined;
  return typeof topic === 'string' ? { topic, content } : undefined;
};
