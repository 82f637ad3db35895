/**
 * Inputs that a decoder once did not stand, by the name of their target: they are fed to it for ever.
 */
export const pinned: readonly { readonly target: string; readonly why: string; readonly input: string }[] = [
  {
    target: 'relay: whom a sign-in names',
    why: 'a host that is a dot and nothing else is none',
    input: '007700730073003a002e003a0031002f'
  }
];
