/**
 * A relay that is as strict as strfry is by default: a proxy before our own, which refuses what strfry would.
 *
 * Enforced here: frames of 128 KiB and events of 64 KiB, `limit` capped at 500, 20 subscriptions, kind 1059 only after
 * AUTH, dates at most 900 s ahead, ephemeral events at most 60 s old, and deletion by the event's own author alone.
 * Unlike ours it never tells its time. Source: strfry.conf of strfry 1.0.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { secondMs, type Clock } from '../../src/lib/base/clock.ts';

export interface StrictRelay {
  readonly url: string;
  readonly port: number;
  /** Every frame that a client sent, parsed, and every frame that it was sent. */
  readonly said: unknown[][];
  readonly answered: unknown[][];
  close(): Promise<void>;
}

export interface StrictRelayOptions {
  /** Of the relay that stands behind. */
  readonly relayUrl: string;
  readonly clock: Clock;
  /** 0, or none, picks a free one. */
  readonly port?: number;
}

const frameBytesMax = 128 * 1024;
const eventBytesMax = 64 * 1024;
const filterLimitMax = 500;
const subscriptionsMax = 20;
const aheadMaxS = 900;
const ephemeralAgeMaxS = 60;
const [deletionKind, mailKind] = [5, 1059];

type Frame = unknown[];
type Fields = Readonly<Record<string, unknown>>;

/** Listens on loopback; resolves when a client can come. */
export const startStrictRelay = async (options: StrictRelayOptions): Promise<StrictRelay> => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: options.port ?? 0, maxPayload: frameBytesMax });
  const [said, answered]: [Frame[], Frame[]] = [[], []];
  /** Who wrote what was taken, by its id. */
  const authors = new Map<string, string>();
  server.on('connection', (client) => serve(client, { ...options, authors, said, answered }));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    port,
    said,
    answered,
    close: () =>
      new Promise((resolve) => {
        for (const client of server.clients) client.terminate();
        server.close(() => resolve());
      })
  };
};

interface Service extends StrictRelayOptions {
  readonly authors: Map<string, string>;
  readonly said: Frame[];
  readonly answered: Frame[];
}

const serve = (client: WebSocket, service: Service): void => {
  const { relayUrl, clock, authors, said, answered } = service;
  const upstream = new WebSocket(relayUrl, { maxPayload: 2 * frameBytesMax });
  const opened = once(upstream, 'open');
  opened.catch(() => client.terminate()); // the relay behind is away, and so is this one
  const subscriptions = new Set<unknown>();
  let signInId: unknown;
  let isSignedIn = false;

  const answer = (frame: Frame): void => {
    answered.push(frame);
    client.send(JSON.stringify(frame));
  };
  const pass = (frame: Frame): void =>
    void opened.then(
      () => upstream.send(JSON.stringify(frame)),
      () => undefined
    );

  const take = (frame: Frame, bytes: number): void => {
    const [verb, subject, ...filters] = frame;
    if (verb === 'EVENT') {
      const refusal = refusalOf(subject as Fields, bytes, clock);
      const { id, pubkey, kind, tags } = subject as Fields;
      if (refusal !== undefined) return answer(['OK', id, false, refusal]);
      // strfry keeps such a deletion, says so, and deletes nothing.
      if (kind === deletionKind && !isByAuthors(pubkey, tags, authors)) return answer(['OK', id, true, '']);
      authors.set(String(id), String(pubkey));
    } else if (verb === 'AUTH') {
      signInId = (subject as Fields).id;
    } else if (verb === 'REQ') {
      const reachesMail = filters.some((filter) => asksForMail(filter as Fields));
      if (reachesMail && !isSignedIn) return answer(['CLOSED', subject, 'auth-required: sign in to read this kind']);
      if (!subscriptions.has(subject) && subscriptions.size >= subscriptionsMax) {
        return answer(['NOTICE', 'ERROR: too many concurrent REQs']);
      }
      subscriptions.add(subject);
      return pass([verb, subject, ...filters.map((filter) => capped(filter as Fields))]);
    } else if (verb === 'CLOSE') {
      subscriptions.delete(subject);
    }
    pass(frame);
  };

  client.on('message', (data) => {
    const text = (data as Buffer).toString();
    const frame = JSON.parse(text) as Frame;
    said.push(frame);
    take(frame, Buffer.byteLength(text));
  });
  client.on('close', () => upstream.terminate());
  client.on('error', () => client.terminate()); // a frame that is too large: ws has already said so to the client
  upstream.on('message', (data) => {
    const frame = JSON.parse((data as Buffer).toString()) as Frame;
    if (frame[0] === 'OK' && frame[1] === signInId) isSignedIn = frame[2] === true;
    if (frame[0] === 'CLOSED') subscriptions.delete(frame[1]);
    answer(frame);
  });
  upstream.on('error', () => client.terminate()); // as above
  upstream.on('close', () => client.terminate());
};

const refusalOf = (event: Fields, bytes: number, clock: Clock): string | undefined => {
  const nowS = Math.floor(clock.nowMs() / secondMs);
  const [createdS, kind] = [Number(event.created_at), Number(event.kind)];
  if (bytes > eventBytesMax) return `invalid: event too large: ${bytes}`;
  if (createdS > nowS + aheadMaxS) return 'invalid: created_at too late';
  const isEphemeral = kind >= 20_000 && kind < 30_000;
  return isEphemeral && createdS < nowS - ephemeralAgeMaxS ? 'invalid: ephemeral event expired' : undefined;
};

const isByAuthors = (pubkey: unknown, tags: unknown, authors: ReadonlyMap<string, string>): boolean =>
  (tags as string[][]).filter(([name]) => name === 'e').every(([, id]) => authors.get(id ?? '') === pubkey);

const asksForMail = ({ kinds }: Fields): boolean => !Array.isArray(kinds) || kinds.includes(mailKind);

const capped = (filter: Fields): Fields => ({
  ...filter,
  limit: Math.min(typeof filter.limit === 'number' ? filter.limit : filterLimitMax, filterLimitMax)
});
