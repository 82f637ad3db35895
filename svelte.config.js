import adapter from '@sveltejs/adapter-static';

/** `paths.base` as SvelteKit wants it: empty, or with a slash in front. */
const basePath = /** @type {'' | `/${string}`} */ (process.env.BASE_PATH ?? '');

/**
 * One page shell, rendered only in the browser: there is no server that could know anything.
 * `BASE_PATH` puts the app under a folder of a host ("/shoulder"); see docs/hosting.md.
 *
 * @type {import('@sveltejs/kit').Config}
 */
export default {
  kit: {
    adapter: adapter({ fallback: 'index.html', precompress: true }),
    paths: { base: basePath, relative: false },
    serviceWorker: { register: false },
    csp: {
      mode: 'hash',
      directives: {
        'default-src': ['none'],
        'script-src': ['self', 'wasm-unsafe-eval'],
        'style-src': ['self'],
        // The one inline style there is: SvelteKit's own, which hides its announcer of page titles from sight.
        'style-src-attr': ['unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
        'img-src': ['self', 'data:', 'blob:'],
        'font-src': ['self'],
        'media-src': ['self', 'blob:'],
        'manifest-src': ['self'],
        'worker-src': ['self'],
        // A circle names its own relays, so any TLS WebSocket may be one. Nothing else leaves the origin.
        'connect-src': ['self', 'wss:'],
        'form-action': ['none'],
        'base-uri': ['none'],
        'object-src': ['none']
      }
    }
  }
};
