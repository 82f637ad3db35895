/**
 * Whether this device says that it has no network at all.
 */
import { createSubscriber } from 'svelte/reactivity';

const look = createSubscriber((update) => {
  window.addEventListener('online', update);
  window.addEventListener('offline', update);
  return () => {
    window.removeEventListener('online', update);
    window.removeEventListener('offline', update);
  };
});

export const isOffline = (): boolean => {
  look();
  return !navigator.onLine;
};
