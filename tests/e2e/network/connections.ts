/** The peer connections of a page, as the page made them: by which way each of them goes. */
import type { BrowserContext, Page } from '@playwright/test';

export type CandidateType = 'host' | 'srflx' | 'prflx' | 'relay';

/** What a connection uses: this side's candidate and the other side's. */
export interface Way {
  readonly local: CandidateType;
  readonly remote: CandidateType;
}

interface Watched {
  readonly connections: RTCPeerConnection[];
}

/** Keeps what each page of this phone connects, from before it loads, and changes nothing about it. */
export const watchConnections = async (context: BrowserContext): Promise<void> => {
  await context.addInitScript(() => {
    const connections: RTCPeerConnection[] = [];
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        connections.push(this);
      }
    };
    (window as unknown as { watched: Watched }).watched = { connections };
  });
};

/** Of each connection that is up. */
export const waysOf = (page: Page): Promise<readonly Way[]> =>
  page.evaluate(async () => {
    const { connections } = (window as unknown as { watched: Watched }).watched;
    const up = connections.filter(({ connectionState }) => connectionState === 'connected');
    return Promise.all(
      up.map(async (connection): Promise<Way> => {
        const stats = new Map<string, Record<string, string>>();
        (await connection.getStats()).forEach((report: Record<string, string>, id: string) => stats.set(id, report));
        const transport = [...stats.values()].find(({ type }) => type === 'transport');
        const pair = stats.get(transport?.['selectedCandidatePairId'] ?? '');
        const typeOf = (id: string | undefined): CandidateType =>
          stats.get(id ?? '')?.['candidateType'] as CandidateType;
        return { local: typeOf(pair?.['localCandidateId']), remote: typeOf(pair?.['remoteCandidateId']) };
      })
    );
  });

/** How far each connection that this page ever made has come. */
export const statesOf = (page: Page): Promise<readonly RTCPeerConnectionState[]> =>
  page.evaluate(() =>
    (window as unknown as { watched: Watched }).watched.connections.map(({ connectionState }) => connectionState)
  );

/** Every address that this page's connections have offered to others, by its type. */
export const offeredTypes = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const { connections } = (window as unknown as { watched: Watched }).watched;
    const texts = connections.map(({ localDescription }) => localDescription?.sdp ?? '');
    return [...texts.join('\n').matchAll(/ typ (\w+)/g)].map(([, type]) => type as string);
  });
