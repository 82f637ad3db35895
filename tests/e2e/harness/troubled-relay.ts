/**
 * A relay that a test can break: the real one, perhaps as strict as strfry, behind a thin layer that can change what is
 * said to it and what it answers. It can die, come back as it was, come back empty, and come back as it was before.
 */
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { systemClock } from '../../../src/lib/base/clock.ts';
import { startServer, type RunningServer } from '../../../src/relay/server.ts';
import { startStrictRelay, type StrictRelay } from '../../contract/strict-relay.ts';

/** A message of NIP-01, either way. */
export type Frame = readonly unknown[];

/** What goes wrong, on every connection. What it leaves out goes on as it should. */
export interface Trouble {
  /** A client said this: what reaches the relay of it, and what is answered at once. */
  readonly onSaid?: (frame: Frame) => { readonly pass?: Frame; readonly answer?: readonly Frame[] };
  /** The relay answered this: what the client gets of it. */
  readonly onAnswered?: (frame: Frame) => readonly Frame[];
  /** Begins with each connection; may say anything as text at any time. Returns what ends it. */
  readonly onConnected?: (say: (text: string) => void) => () => void;
  /** How much later everything is answered, in milliseconds. */
  readonly delayMs?: number;
}

export class TroubledRelay {
  /** Every frame that a client said. */
  readonly said: Frame[] = [];
  /** Every frame that a client was answered. */
  readonly answered: Frame[] = [];
  trouble: Trouble = {};
  readonly #isStrict: boolean;
  readonly #folder: string;
  #doors = new WebSocketServer({ noServer: true });
  #behind: { readonly server: RunningServer; readonly strict: StrictRelay | undefined } | undefined;

  private constructor(folder: string, isStrict: boolean) {
    this.#folder = folder;
    this.#isStrict = isStrict;
  }

  /** Runs, with nothing in it. */
  static async start(isStrict = false): Promise<TroubledRelay> {
    const relay = new TroubledRelay(await mkdtemp(join(tmpdir(), 'shoulder-relay-')), isStrict);
    await relay.comeBack();
    return relay;
  }

  /** It dies; whoever is connected loses it at once. */
  async goDown(): Promise<void> {
    for (const client of this.#doors.clients) client.terminate();
    await this.#behind?.strict?.close();
    await this.#behind?.server.close();
    this.#behind = undefined;
  }

  /** It answers again, with what it kept. */
  async comeBack(): Promise<void> {
    if (this.#behind !== undefined) return;
    const server = await startServer({ host: '127.0.0.1', port: 0, mail: { folder: this.#mail } });
    const strict = this.#isStrict
      ? await startStrictRelay({ relayUrl: server.relayUrl, clock: systemClock })
      : undefined;
    this.#behind = { server, strict };
  }

  /** It dies and comes back, with nothing in it. */
  async lose(): Promise<void> {
    await this.goDown();
    await rm(this.#mail, { recursive: true, force: true });
    await this.comeBack();
  }

  /** Its host takes a backup of what it keeps now. */
  async backUp(): Promise<void> {
    await this.goDown();
    await rm(this.#backup, { recursive: true, force: true });
    await cp(this.#mail, this.#backup, { recursive: true });
    await this.comeBack();
  }

  /** Its host puts the backup back: what came since is gone. */
  async setBack(): Promise<void> {
    await this.goDown();
    await rm(this.#mail, { recursive: true, force: true });
    await cp(this.#backup, this.#mail, { recursive: true });
    await this.comeBack();
  }

  /** How many events it keeps. */
  kept(): number {
    return this.#behind?.server.mailUsage()?.events ?? 0;
  }

  /** Frames of this kind that clients said; of events, those of this kind alone. */
  saidOf(verb: string, kind?: number): Frame[] {
    return this.said.filter(([said, event]) => said === verb && (kind === undefined || kindOf(event) === kind));
  }

  /** Somebody connects over HTTP. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const behind = this.#behind;
    if (behind === undefined) return void socket.destroy();
    const url = behind.strict?.url ?? behind.server.relayUrl;
    this.#doors.handleUpgrade(request, socket, head, (client) => this.#serve(client, url));
  }

  /** For good. */
  async remove(): Promise<void> {
    await this.goDown();
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #mail(): string {
    return join(this.#folder, 'mail');
  }

  get #backup(): string {
    return join(this.#folder, 'backup');
  }

  #serve(client: WebSocket, url: string): void {
    const relay = new WebSocket(url);
    const opened = once(relay, 'open');
    opened.catch(() => client.terminate()); // the relay behind is away, and so is this one
    const say = (text: string): void => {
      if (client.readyState === WebSocket.OPEN) client.send(text);
    };
    const answer = (frames: readonly Frame[]): void => {
      const { delayMs = 0 } = this.trouble;
      const send = (): void =>
        frames.forEach((frame) => {
          this.answered.push(frame);
          say(JSON.stringify(frame));
        });
      if (delayMs === 0) send();
      else systemClock.after(delayMs, send);
    };
    const endTrouble = this.trouble.onConnected?.(say);
    client.on('message', (data) => {
      const frame = JSON.parse((data as Buffer).toString()) as Frame;
      this.said.push(frame);
      const { pass, answer: said = [] } = this.trouble.onSaid?.(frame) ?? { pass: frame };
      answer(said);
      if (pass !== undefined)
        void opened.then(
          () => relay.send(JSON.stringify(pass)),
          () => undefined
        );
    });
    relay.on('message', (data) => {
      const frame = JSON.parse((data as Buffer).toString()) as Frame;
      answer(this.trouble.onAnswered?.(frame) ?? [frame]);
    });
    client.on('close', () => {
      endTrouble?.();
      relay.terminate();
    });
    for (const end of [client, relay]) end.on('error', () => end.terminate());
    relay.on('close', () => client.terminate());
  }
}

export const kindOf = (event: unknown): unknown => (event as { readonly kind?: unknown } | undefined)?.kind;
