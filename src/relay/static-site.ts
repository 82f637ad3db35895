/**
 * The built app as files: immutable assets cached for good, everything else asked for again, and every other address
 * of the app answered with its one page.
 */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';

/** Answers one request whose URL has already been stripped of the base path. */
export type SiteHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** The page that every address of the app answers with. */
export const shellFile = 'index.html';

/**
 * The base path that a build was made for: '' or such as '/shoulder'. It stands in the page, so that nobody has to say
 * it twice. Throws where the folder holds no build.
 */
export const readBasePath = (dir: string): string => {
  const page = readFileSync(join(dir, shellFile), 'utf8');
  return /import\("([^"]*)\/_app\/immutable\//.exec(page)?.[1] ?? '';
};

export const createStaticSite = (dir: string): SiteHandler => {
  // `dev` looks a file up when it is asked for: a list made at the start would name files that a later build removed.
  const serve = sirv(dir, {
    dev: true,
    etag: true,
    brotli: true,
    gzip: true,
    setHeaders: (response, pathname) => {
      const isImmutable = pathname.startsWith('/_app/immutable/');
      response.setHeader('Cache-Control', isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    }
  });
  return (request, response) => {
    // A server may ignore Range (RFC 9110 §14.2); sirv throws on one that runs backwards.
    delete request.headers.range;
    // sirv leaves a file that can't be read after all (too many open, just replaced) to bring the process down.
    response.once('pipe', (file) => file.once('error', () => response.destroy()));
    serve(request, response, () => {
      if (!isPageUrl(request.url ?? '')) return sayNothingHere(response);
      request.url = '/';
      serve(request, response, () => sayNothingHere(response));
    });
  };
};

/**
 * Whether an address that is no file may be one of the app's own: no asset, nothing with an extension. sirv's own
 * `single` does this with a pattern whose time doubles with every few letters of a hostile address.
 */
const isPageUrl = (url: string): boolean => {
  const [path = ''] = url.split('?');
  return !path.startsWith('/_app/') && !path.slice(path.lastIndexOf('/')).includes('.');
};

const sayNothingHere = (response: ServerResponse): void => {
  response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('There is nothing at this address.\n');
};
