/**
 * A phone's way to the server, as an HTTP proxy of its own: it can end, and it can fall silent without ending, as a phone's
 * does that walks out of the house.
 */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** `gone`: every connection breaks. `silent`: nothing passes, and nobody is told. Either way nothing new is let through. */
export type Reach = 'there' | 'gone' | 'silent';

interface Tunnel {
  readonly client: Duplex;
  readonly upstream: Socket;
  isDeaf: boolean;
}

export class PhoneProxy {
  readonly #server: Server;
  readonly #tunnels = new Set<Tunnel>();
  #reach: Reach = 'there';

  private constructor(server: Server) {
    this.#server = server;
    server.on('request', (asked: IncomingMessage, answer: ServerResponse) => this.#forward(asked, answer));
    server.on('connect', (asked: IncomingMessage, client: Duplex) => this.#tunnel(asked.url ?? '', client));
  }

  static async open(): Promise<PhoneProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new PhoneProxy(server);
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What was silenced stays so: a stream with a hole in it is of no use to anybody. */
  set(reach: Reach): void {
    this.#reach = reach;
    for (const tunnel of this.#tunnels) {
      if (reach === 'silent') tunnel.isDeaf = true;
      else if (reach === 'gone') end(tunnel);
    }
  }

  async close(): Promise<void> {
    this.#tunnels.forEach(end);
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #forward(asked: IncomingMessage, answer: ServerResponse): void {
    if (this.#reach !== 'there') return void asked.socket.destroy();
    const { method, headers } = asked;
    const onward = request(asked.url ?? '', { ...(method === undefined ? {} : { method }), headers }, (heard) => {
      answer.writeHead(heard.statusCode ?? 502, heard.headers);
      heard.pipe(answer);
    });
    // Nobody answered: the phone is to see just that.
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  }

  #tunnel(address: string, client: Duplex): void {
    const { hostname, port } = new URL(`http://${address}`);
    if (this.#reach !== 'there') return void client.destroy();
    const upstream = connect(Number(port), hostname);
    const tunnel: Tunnel = { client, upstream, isDeaf: false };
    this.#tunnels.add(tunnel);
    upstream.on('connect', () => client.write('HTTP/1.1 200 Connection established\r\n\r\n'));
    const join = (from: Duplex, to: Duplex): void => {
      from.on('data', (bytes: Buffer) => {
        if (!tunnel.isDeaf) to.write(bytes);
      });
      from.on('error', () => from.destroy());
      from.on('close', () => {
        // A phone that nothing reaches does not hear that the other side has ended.
        if (from === client) this.#tunnels.delete(tunnel);
        if (from === client || !tunnel.isDeaf) end(tunnel);
      });
    };
    join(client, upstream);
    join(upstream, client);
  }
}

const end = ({ client, upstream }: Tunnel): void => {
  client.destroy();
  upstream.destroy();
};
