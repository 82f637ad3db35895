/** A relay that keeps Ana's mail, with Ana and a stranger connected, for one test after the other. */
import { afterEach, beforeEach, expect } from 'vitest';
import type { RelayLimits } from '../../../src/relay/limits.ts';
import { startServer, type RunningServer } from '../../../src/relay/server.ts';
import { createHandClock, type HandClock } from './hand-clock.ts';
import { connectClient, type NostrClient, type Stored } from './nostr-client.ts';
import { keysOf } from './signed-event.ts';

export const anaKeys = keysOf(1);
export const joKeys = keysOf(2);
export const anas = anaKeys.publicKey;
export const jos = joKeys.publicKey;
/** When every test begins. */
export const nowSeconds = 1_700_000_000;
export const dayMs = 86_400_000;

export interface MailboxScene {
  readonly clock: HandClock;
  readonly server: RunningServer;
  /** What the relay has logged. */
  readonly said: readonly string[];
  readonly ana: NostrClient;
  readonly stranger: NostrClient;
  /** Starts anew, with limits of its own. */
  restart(limits: Partial<RelayLimits>): Promise<void>;
  /** So much later: idle connections have been cut off meanwhile, and others are made. */
  later(byMs: number): Promise<void>;
  signAnaIn(): Promise<void>;
  /** Leaves an event, and answers whether it was accepted, and what was said. The stranger does, or another client. */
  leave(event: object, client?: NostrClient): Promise<[boolean, string]>;
  /** Asks for Ana's mail. */
  mine(fields?: object): Promise<{ readonly events: Stored[]; readonly closed?: unknown }>;
}

/** A fresh scene before each test of the file, and none after it. */
export const useMailboxScene = (): MailboxScene => {
  let clock: HandClock;
  let server: RunningServer;
  let said: string[];
  let ana: NostrClient;
  let stranger: NostrClient;

  const connect = async (): Promise<void> => {
    [ana, stranger] = await Promise.all([connectClient(server.relayUrl), connectClient(server.relayUrl)]);
  };
  const start = async (limits: Partial<RelayLimits> = {}): Promise<void> => {
    clock = createHandClock(nowSeconds * 1000);
    said = [];
    server = await startServer({ host: '127.0.0.1', port: 0, clock, limits, log: (sentence) => said.push(sentence) });
    await connect();
  };
  const stop = async (): Promise<void> => {
    const closed = server.close();
    clock.advance(60_000); // whoever does not answer the goodbye is cut off
    await closed;
  };
  beforeEach(() => start());
  afterEach(stop);

  return {
    get clock() {
      return clock;
    },
    get server() {
      return server;
    },
    get said() {
      return said;
    },
    get ana() {
      return ana;
    },
    get stranger() {
      return stranger;
    },
    async restart(limits) {
      await stop();
      await start(limits);
    },
    async later(byMs) {
      clock.advance(byMs);
      await connect();
    },
    async signAnaIn() {
      expect((await ana.signIn(anaKeys, clock.nowMs()))[2]).toBe(true);
    },
    async leave(event, client = stranger) {
      client.send(['EVENT', event]);
      const [verb, , isTaken, reason] = await client.next();
      expect(verb).toBe('OK');
      return [isTaken as boolean, reason as string];
    },
    mine: (fields = {}) => ana.ask('mine', { kinds: [1059], '#p': [anas], ...fields })
  };
};
