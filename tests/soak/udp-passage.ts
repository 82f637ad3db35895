/**
 * What lies between two phones' peer connections: every packet of theirs passes here, so that it can be lost.
 *
 * Browsers know no way to take WebRTC's packets away, so the addresses in a description are replaced by doors of this
 * passage before it is applied, as a router with address translation has it. A real port of a connection has one door; what
 * comes to a door from a port goes on to the door's own, out of the door of the port that it came from.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';

interface Door {
  readonly realPort: number;
  readonly socket: Socket;
  /** The real host, once a packet has come from there; until then it may be any of this machine's. */
  host: string | undefined;
  /** The phone that was told of this door: the one at the other end of the connection that it stands before. */
  toldTo: string | undefined;
}

const candidate = /^a=candidate:(\S+ \d+) (?:udp|UDP) (\d+) (\S+) (\d+) typ host.*$/;

export class UdpPassage {
  readonly #passes: (phone: string) => boolean;
  readonly #doors = new Map<number, Promise<Door>>();
  #hasEnded = false;

  /** `passes` is asked of each packet, for the phones at both of its ends. */
  constructor(passes: (phone: string) => boolean) {
    this.#passes = passes;
  }

  /** A description as `phone` is to get it. */
  async through(phone: string, sdp: string): Promise<string> {
    const lines = await Promise.all(
      sdp.split('\r\n').map(async (line) => {
        const [, head = '', priority = '', host = '', port = ''] = candidate.exec(line) ?? [];
        if (head === '') return line.startsWith('a=candidate:') ? [] : [line];
        if (host.includes(':')) return [];
        const door = await this.#doorOf(Number(port));
        door.toldTo = phone;
        return [`a=candidate:${head} udp ${priority} ${ownHosts()[0] ?? ''} ${door.socket.address().port} typ host`];
      })
    );
    return lines.flat().join('\r\n');
  }

  async close(): Promise<void> {
    this.#hasEnded = true;
    for (const door of await Promise.all(this.#doors.values())) door.socket.close();
  }

  #doorOf(realPort: number): Promise<Door> {
    const known = this.#doors.get(realPort);
    if (known !== undefined) return known;
    const door = this.#openDoor(realPort);
    this.#doors.set(realPort, door);
    return door;
  }

  async #openDoor(realPort: number): Promise<Door> {
    const socket = createSocket('udp4');
    const door: Door = { realPort, socket, host: undefined, toldTo: undefined };
    // Whom a packet was for may be gone by now; that is the packet's loss.
    socket.on('error', () => undefined);
    socket.on('message', (packet, from) => void this.#pass(packet, from, door));
    socket.bind(0);
    await once(socket, 'listening');
    return door;
  }

  async #pass(packet: Buffer, from: RemoteInfo, to: Door): Promise<void> {
    const behind = await this.#doorOf(from.port);
    behind.host = from.address;
    if (this.#hasEnded || ![to, behind].every(({ toldTo }) => toldTo === undefined || this.#passes(toldTo))) return;
    for (const host of to.host === undefined ? ownHosts() : [to.host]) behind.socket.send(packet, to.realPort, host);
  }
}

/** This machine's addresses, version 4. */
const ownHosts = (): string[] => {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const outer = addresses.filter(({ family, internal }) => family === 'IPv4' && !internal);
  return outer.length > 0 ? outer.map(({ address }) => address) : ['127.0.0.1'];
};
