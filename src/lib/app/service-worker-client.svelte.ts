/**
 * The service worker as the page sees it: registered after the app has opened; a newer version waits until the person
 * says "Use it now", because a page that reloads by itself loses what is being written.
 */
import { resolve } from '$app/paths';

export class ServiceWorkerClient {
  #waiting = $state.raw<ServiceWorker | undefined>();

  /** Whether a newer version is ready. */
  get updateReady(): boolean {
    return this.#waiting !== undefined;
  }

  async register(): Promise<void> {
    const registration = await navigator.serviceWorker.register(resolve('/service-worker.js' as '/'), {
      type: 'module'
    });
    this.#look(registration);
    registration.addEventListener('updatefound', () => {
      const installing = registration.installing;
      installing?.addEventListener('statechange', () => this.#look(registration));
    });
  }

  /** Lets the newer version take over, and loads the page with it. */
  use(): void {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    this.#waiting?.postMessage('take over');
  }

  #look({ waiting }: ServiceWorkerRegistration): void {
    if (waiting !== null && navigator.serviceWorker.controller !== null) this.#waiting = waiting;
  }
}
