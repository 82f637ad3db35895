/**
 * What a page holds on to: connections and sockets that are not closed, and after the garbage was collected, heap, nodes,
 * listeners and documents.
 */
import type { BrowserContext, CDPSession, Page } from '@playwright/test';

/** Counts, and bytes of heap. */
export interface Reading {
  readonly connections: number;
  readonly sockets: number;
  readonly heapBytes: number;
  readonly nodes: number;
  readonly listeners: number;
  readonly documents: number;
}

interface Watched {
  watchedRoutes(): Pick<Reading, 'connections' | 'sockets'> & { readonly made: number };
  throughPassage(sdp: string): Promise<string>;
}

/**
 * Watches every connection and socket of a context's pages from before they load, and sends each description through
 * `passage` before it is applied. Both stay what they are; what nobody else holds may still be collected.
 */
export const watchRoutes = async (
  context: BrowserContext,
  passage: (sdp: string) => Promise<string>
): Promise<void> => {
  await context.exposeFunction('throughPassage', passage);
  await context.addInitScript(() => {
    const page = window as unknown as Watched;
    const connections: WeakRef<RTCPeerConnection>[] = [];
    const sockets: WeakRef<WebSocket>[] = [];
    window.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        sockets.push(new WeakRef(this));
      }
    };
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        connections.push(new WeakRef(this));
      }
      override async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
        const sdp = await page.throughPassage(description.sdp ?? '');
        return super.setRemoteDescription({ type: description.type, sdp });
      }
    };
    const there = <T extends WeakKey>(refs: readonly WeakRef<T>[]): T[] => refs.flatMap((ref) => ref.deref() ?? []);
    page.watchedRoutes = () => ({
      connections: there(connections).filter(({ signalingState }) => signalingState !== 'closed').length,
      sockets: there(sockets).filter(({ readyState }) => readyState <= WebSocket.OPEN).length,
      made: connections.length
    });
  });
};

/** Connections and sockets that are not closed, and how many connections this page has made since it loaded. */
export const routesOf = (page: Page): Promise<ReturnType<Watched['watchedRoutes']>> =>
  page.evaluate(() => (window as unknown as Watched).watchedRoutes());

/** Reads a page. Takes a second: the garbage is collected first. */
export const readPage = async (page: Page, browser: CDPSession): Promise<Reading> => {
  await browser.send('Performance.enable');
  // Once more for what the first let go: finalizers, and nodes that were only held by scripts.
  for (let times = 0; times < 3; times++) await browser.send('HeapProfiler.collectGarbage');
  const { metrics } = await browser.send('Performance.getMetrics');
  const metric = (name: string): number => metrics.find((each) => each.name === name)?.value ?? NaN;
  const { connections, sockets } = await routesOf(page);
  return {
    connections,
    sockets,
    heapBytes: metric('JSHeapUsedSize'),
    nodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
    documents: metric('Documents')
  };
};
