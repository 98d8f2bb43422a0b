import { css } from 'lit';

/** The button, before any call. The host element's box is the button's. */
export const launcherStyles = css`
  :host {
    display: inline-block;
    font-family: var(--_font);
    vertical-align: middle;
  }
  :host([hidden]) {
    display: none;
  }
  :host([placement='corner']) {
    position: fixed;
    z-index: 2147483000;
    inset-block-end: max(20px, env(safe-area-inset-bottom));
    inset-inline-end: 20px;
  }
  .launcher {
    align-items: center;
    background: var(--_accent);
    border: 0;
    border-radius: var(--_radius);
    color: var(--_on-accent);
    cursor: pointer;
    display: inline-flex;
    font: inherit;
    font-weight: 600;
    gap: 0.6em;
    line-height: 1.2;
    min-block-size: 48px;
    padding-block: 0.7em;
    padding-inline: 1.25em;
    transition: filter 0.15s;
  }
  .launcher:hover {
    filter: brightness(1.08);
  }
  .launcher:focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: 3px;
  }
  .launcher svg {
    block-size: 1.2em;
    flex: none;
    inline-size: 1.2em;
  }
  .launcher[aria-busy='true'] {
    cursor: progress;
    opacity: 0.85;
  }
  :host([placement='corner']) .launcher {
    border-radius: 999px;
    box-shadow: var(--_shadow);
  }
  .unavailable {
    color: var(--_danger);
    font-size: 0.9rem;
    margin: 0.5em 0 0;
    max-inline-size: 32ch;
  }
`;
