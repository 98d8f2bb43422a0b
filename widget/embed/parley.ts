import { ParleyCall } from '../element/parley-call.ts';

ParleyCall.defaultHost = new URL(import.meta.url).origin;

// A page may carry the script twice.
if (customElements.get('parley-call') === undefined) customElements.define('parley-call', ParleyCall);

declare global {
  interface HTMLElementTagNameMap {
    'parley-call': ParleyCall;
  }
}
