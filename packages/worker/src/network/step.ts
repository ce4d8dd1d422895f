/** How far a connection in the making has come: told layer by layer, to whoever wants to know where one ends. */
import type { LookupAddress } from 'node:dns';
import type { X509Certificate } from 'node:crypto';

export type Step =
  /** `proxy` undefined: directly. */
  | { readonly kind: 'way'; readonly proxy: URL | undefined }
  | { readonly kind: 'resolved'; readonly name: string; readonly addresses: readonly LookupAddress[] }
  | { readonly kind: 'connected'; readonly address: string; readonly port: number }
  /** It is the relay's turn: it is at the other end, or there is no proxy on the way to it. May be told twice. */
  | { readonly kind: 'reached' }
  /** What the peer shows, before it is judged. */
  | { readonly kind: 'certificate'; readonly certificate: X509Certificate }
  | { readonly kind: 'secured'; readonly protocol: string };

export type Tell = (step: Step) => void;
