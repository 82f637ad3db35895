/**
 * An ordinary Nostr client before our own relay: nostr-tools with its connection, signing, signing in (NIP-42) and gift
 * wraps (NIP-59), for one test after the other.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finalizeEvent, generateSecretKey, getPublicKey, type Event, type EventTemplate } from 'nostr-tools/pure';
import type { Filter } from 'nostr-tools/filter';
import { encrypt, getConversationKey } from 'nostr-tools/nip44';
import { createRumor, createSeal } from 'nostr-tools/nip59';
import { Relay } from 'nostr-tools/relay';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { dayMs, systemClock, type Clock } from '../../src/lib/base/clock.ts';
import type { RelayLimits } from '../../src/relay/limits.ts';
import { startServer, type RunningServer } from '../../src/relay/server.ts';

export const [ana, bo, jo] = [generateSecretKey(), generateSecretKey(), generateSecretKey()];
export const [bos, jos] = [getPublicKey(bo), getPublicKey(jo)];

/** NIP-01 and NIP-42 name no others, but for `unsupported`, which NIP-01 has in an example of CLOSED. */
export const prefixed = /^(duplicate|blocked|rate-limited|invalid|restricted|auth-required|unsupported|error): \S.*/;
/** Longer than any test: an end of what is stored that nobody said would not be taken for one. */
export const forever = 600_000;

export interface NostrScene {
  readonly server: RunningServer;
  /** By the relay's clock, which `turn` puts ahead of this machine's. */
  nowS(): number;
  turn(aheadMs: number): void;
  /** Stops, and starts again with what is on the disk. */
  restart(limits?: Partial<RelayLimits>): Promise<void>;
  connect(): Promise<Relay>;
  /** A connection that has proved to hold a key. */
  connectAs(key: Uint8Array): Promise<Relay>;
  /** A gift wrap that says when it expires, which nostr-tools leaves to whoever wants it. A day's life by default. */
  wrap(words: string, to: string, fields?: { readonly createdS?: number; readonly expiresS?: number }): Sent;
  /** An ephemeral event. */
  passing(fields?: Partial<EventTemplate>): Event;
  deletion(ids: readonly string[], key: Uint8Array): Event;
}

/** A gift wrap and the key it was signed with, once. */
export interface Sent {
  readonly event: Event;
  readonly key: Uint8Array;
}

/** A fresh relay before each test of the file, with a folder of its own. */
export const useNostrScene = (): NostrScene => {
  let folder: string;
  let server: RunningServer;
  let aheadMs: number;
  const relays: Relay[] = [];
  const clock: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs };
  const nowS = (): number => Math.floor(clock.nowMs() / 1000);

  const start = async (limits: Partial<RelayLimits> = {}): Promise<void> => {
    server = await startServer({ host: '127.0.0.1', port: 0, clock, limits, mail: { folder } });
  };
  const stop = async (): Promise<void> => {
    for (const relay of relays.splice(0)) relay.close();
    await server.close();
  };
  const connect = async (): Promise<Relay> => {
    const relay = await Relay.connect(server.relayUrl);
    relays.push(relay);
    return relay;
  };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shoulder-nostr-'));
    aheadMs = 0;
    await start();
  });
  afterEach(async () => {
    await stop();
    rmSync(folder, { recursive: true });
  });

  return {
    get server() {
      return server;
    },
    nowS,
    turn: (byMs) => void (aheadMs = byMs),
    async restart(limits) {
      await stop();
      await start(limits);
    },
    connect,
    async connectAs(key) {
      const relay = await connect();
      await vi.waitFor(() => relay.auth(signing(key))); // the challenge comes a moment after the connection
      return relay;
    },
    wrap(words, to, { createdS = nowS(), expiresS = nowS() + dayMs / 1000 } = {}) {
      const key = generateSecretKey();
      const seal = createSeal(createRumor({ kind: 14, content: words }, ana), ana, to);
      const tags = [
        ['p', to],
        ['expiration', String(expiresS)]
      ];
      const content = encrypt(JSON.stringify(seal), getConversationKey(key, to));
      return { event: finalizeEvent({ kind: 1059, created_at: createdS, tags, content }, key), key };
    },
    passing: (fields = {}) =>
      finalizeEvent({ kind: 20_571, created_at: nowS(), tags: [['t', 'room']], content: 'hello', ...fields }, ana),
    deletion(ids, key) {
      const tags = [...ids.map((id) => ['e', id]), ['k', '1059']];
      return finalizeEvent({ kind: 5, created_at: nowS(), tags, content: '' }, key);
    }
  };
};

export const signing = (key: Uint8Array) => async (template: EventTemplate) => finalizeEvent(template, key);

/** What is stored for these filters, or why the relay would not say. */
export const ask = (relay: Relay, ...filters: Filter[]): Promise<{ events: Event[]; closed?: string }> =>
  new Promise((resolve) => {
    const events: Event[] = [];
    const subscription = relay.subscribe(filters, {
      eoseTimeout: forever,
      onevent: (event) => events.push(event),
      oninvalidevent: () => resolve({ events, closed: 'the relay sent what was not asked for, or is not signed' }),
      oneose: () => {
        resolve({ events });
        subscription.close();
      },
      onclose: (closed) => resolve({ events, closed })
    });
  });

export const idsOf = ({ events }: { readonly events: readonly Event[] }): string[] => events.map(({ id }) => id);

/** Publishes what is to be refused, and answers with the reason. */
export const refusal = async (relay: Relay, event: Event): Promise<string> => {
  const answer = await relay.publish(event).then(
    () => 'taken',
    (failure: Error) => failure.message
  );
  expect(answer).toMatch(prefixed);
  return answer;
};
