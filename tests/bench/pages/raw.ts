/**
 * What one would write by hand: IndexedDB, one data channel, one element. Shoulder is measured beside it.
 *
 * `#open`: shows the newest row of each author at once. Otherwise a driver connects two of these pages through `raw`.
 */
import { newestRaw, openRaw, putRaw, type RawRow } from './raw-store.ts';

const authors = 12;

export class RawPage {
  readonly database: IDBDatabase;
  readonly connection = new RTCPeerConnection();
  #channel: RTCDataChannel | undefined;
  #received = 0;
  durability: IDBTransactionDurability = 'default';

  constructor(database: IDBDatabase) {
    this.database = database;
  }

  /** Fills the database with rows of twelve authors; the newest row of the first says `newest`. */
  async fill(rows: number, newest: string, nowMs: number): Promise<void> {
    const all = Array.from({ length: rows }, (_, i): RawRow => {
      const text = i === 0 ? newest : `Row ${i}. ${'It went as it goes. '.repeat(i % 5)}`;
      return { author: i % authors, at: nowMs - i * 60_000, text };
    });
    await putRaw(this.database, all);
  }

  /** The offer, its candidates within. */
  async offer(): Promise<string> {
    this.#use(this.connection.createDataChannel('raw'));
    await this.connection.setLocalDescription();
    return this.#described();
  }

  async answer(offer: string): Promise<string> {
    this.connection.ondatachannel = ({ channel }) => this.#use(channel);
    await this.connection.setRemoteDescription(JSON.parse(offer) as RTCSessionDescriptionInit);
    await this.connection.setLocalDescription();
    return this.#described();
  }

  accept(answer: string): Promise<void> {
    return this.connection.setRemoteDescription(JSON.parse(answer) as RTCSessionDescriptionInit);
  }

  get isOpen(): boolean {
    return this.#channel?.readyState === 'open';
  }

  get received(): number {
    return this.#received;
  }

  /** On every tap: to disk, then to the other page. `texts` are said one after another, one a tap. */
  sayOnTap(texts: readonly string[]): void {
    const left = [...texts];
    document.querySelector('button')?.addEventListener('click', () => {
      const row: RawRow = { author: 0, at: performance.timeOrigin + performance.now(), text: left.shift() ?? '' };
      void putRaw(this.database, [row], this.durability).then(() => this.#channel?.send(JSON.stringify(row)));
    });
  }

  /** Sends all of these as fast as the channel takes them. */
  async sendAll(texts: readonly string[]): Promise<void> {
    const channel = this.#channel as RTCDataChannel;
    channel.bufferedAmountLowThreshold = 256 * 1024;
    for (const [i, text] of texts.entries()) {
      if (channel.bufferedAmount > 1024 * 1024)
        await new Promise((resolve) => channel.addEventListener('bufferedamountlow', resolve, { once: true }));
      channel.send(JSON.stringify({ author: 1, at: i, text }));
    }
  }

  #use(channel: RTCDataChannel): void {
    this.#channel = channel;
    channel.onmessage = ({ data }) => {
      const row = JSON.parse(data as string) as RawRow;
      void putRaw(this.database, [row], this.durability).then(() => {
        this.#received++;
        showRow(row);
      });
    };
  }

  #described(): Promise<string> {
    const { connection } = this;
    return new Promise((resolve) => {
      const look = (): void => {
        if (connection.iceGatheringState === 'complete') resolve(JSON.stringify(connection.localDescription));
      };
      connection.addEventListener('icegatheringstatechange', look);
      look();
    });
  }
}

declare global {
  interface Window {
    raw: RawPage;
  }
}

const showRow = ({ author, text }: RawRow): void => {
  const main = document.querySelector('main') as HTMLElement;
  let card = main.querySelector(`[data-author="${author}"]`);
  if (card === null) {
    card = document.createElement('article');
    card.setAttribute('data-author', `${author}`);
    main.append(card);
  }
  card.textContent = text;
};

const database = await openRaw();
if (location.hash === '#open') (await newestRaw(database, authors)).forEach(showRow);
window.raw = new RawPage(database);
