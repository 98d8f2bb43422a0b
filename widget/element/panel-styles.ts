import { css } from 'lit';

/** The panel's frame, its buttons, and the screens before and after a call. */
export const panelStyles = css`
  dialog {
    background: var(--_surface);
    border: 0;
    border-radius: calc(var(--_radius) * 1.5);
    box-shadow: var(--_shadow);
    box-sizing: border-box;
    color: var(--_text);
    font-family: var(--_font);
    font-size: 16px;
    font-style: normal;
    font-weight: 400;
    inline-size: 392px;
    inset: auto;
    inset-block-end: 24px;
    inset-inline-end: 24px;
    letter-spacing: normal;
    line-height: 1.5;
    margin: 0;
    max-block-size: min(680px, 100dvh - 48px);
    max-inline-size: none;
    overflow: hidden;
    padding: 0;
    position: fixed;
    text-align: start;
    text-transform: none;
    white-space: normal;
  }
  dialog:popover-open,
  dialog[open] {
    display: flex;
    flex-direction: column;
  }
  dialog::backdrop {
    background: rgb(10 14 20 / 45%);
  }
  dialog:popover-open::backdrop {
    background: none;
    pointer-events: none;
  }
  @media (prefers-reduced-motion: no-preference) {
    dialog:popover-open,
    dialog[open] {
      animation: rise 0.22s cubic-bezier(0.2, 0.7, 0.2, 1);
    }
    @keyframes rise {
      from {
        opacity: 0;
        transform: translateY(12px);
      }
    }
  }
  @media (max-width: 480px) {
    dialog {
      block-size: 100dvh;
      border-radius: 0;
      inline-size: 100%;
      inset: 0;
      max-block-size: none;
    }
  }
  dialog *,
  dialog *::before {
    box-sizing: border-box;
  }
  h2,
  h3,
  p,
  ul {
    margin: 0;
    padding: 0;
  }
  h2 {
    font-size: 1.375rem;
    font-weight: 650;
    letter-spacing: -0.01em;
    line-height: 1.25;
    text-wrap: balance;
  }
  h3 {
    font-size: 1rem;
    font-weight: 650;
  }
  a {
    color: var(--_accent);
    font-weight: 600;
    text-underline-offset: 0.2em;
  }
  [tabindex='-1']:focus {
    outline: none;
  }
  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  .icon {
    block-size: 1.25em;
    flex: none;
    inline-size: 1.25em;
  }
  .small {
    color: var(--_muted);
    font-size: 0.875rem;
  }
  .unseen {
    block-size: 1px;
    clip-path: inset(50%);
    inline-size: 1px;
    overflow: hidden;
    position: absolute;
    white-space: nowrap;
  }

  header {
    align-items: center;
    border-block-end: 1px solid var(--_line);
    display: flex;
    flex: none;
    gap: 12px;
    padding: 14px 16px;
  }
  .avatar {
    align-items: center;
    background: var(--_accent);
    block-size: 40px;
    border-radius: 50%;
    color: var(--_on-accent);
    display: flex;
    flex: none;
    font-weight: 650;
    inline-size: 40px;
    justify-content: center;
  }
  .who {
    display: flex;
    flex: 1;
    flex-direction: column;
    line-height: 1.3;
    min-inline-size: 0;
  }
  .who b {
    font-weight: 650;
  }
  .who span {
    color: var(--_muted);
    font-size: 0.875rem;
  }

  dialog button {
    align-items: center;
    background: none;
    border: 1px solid transparent;
    border-radius: var(--_radius);
    color: inherit;
    cursor: pointer;
    display: inline-flex;
    font: inherit;
    font-weight: 600;
    gap: 8px;
    justify-content: center;
    line-height: 1.2;
    min-block-size: 48px;
    padding: 10px 18px;
  }
  dialog button:disabled {
    cursor: default;
    opacity: 0.55;
  }
  dialog .round {
    border-radius: 50%;
    color: var(--_muted);
    flex: none;
    inline-size: 44px;
    min-block-size: 44px;
    padding: 0;
  }
  dialog .round:hover,
  dialog .plain:hover {
    background: var(--_sunken);
  }
  dialog .primary {
    background: var(--_accent);
    color: var(--_on-accent);
  }
  dialog .primary:hover:enabled {
    filter: brightness(1.08);
  }
  dialog .secondary {
    border-color: var(--_line);
  }
  dialog .secondary:hover:enabled {
    background: var(--_sunken);
    border-color: var(--_muted);
  }
  dialog .plain {
    color: var(--_muted);
  }

  .screen {
    display: flex;
    flex: 1;
    flex-direction: column;
    gap: 16px;
    overflow-y: auto;
    padding: 24px;
  }
  .disclosure {
    background: var(--_sunken);
    border-inline-start: 3px solid var(--_accent);
    border-radius: 4px;
    max-block-size: 40dvh;
    overflow-y: auto;
    padding: 14px 16px;
    white-space: pre-line;
  }
  .note {
    text-align: center;
  }
  .actions {
    display: flex;
    flex-direction: column;
    gap: 10px;
  }
  .actions.row {
    flex-direction: row;
    margin-block-start: 8px;
  }
  .actions.row > * {
    flex: 1;
  }
  .badge {
    align-items: center;
    background: color-mix(in srgb, var(--_accent) 14%, var(--_surface));
    block-size: 48px;
    border-radius: 50%;
    color: var(--_accent);
    display: flex;
    flex: none;
    font-size: 1.125rem;
    inline-size: 48px;
    justify-content: center;
  }
  .trouble .badge,
  .badge.alarm {
    background: color-mix(in srgb, var(--_danger) 12%, var(--_surface));
    color: var(--_danger);
  }
  .trouble p {
    color: var(--_muted);
  }
  .next {
    display: flex;
    flex-direction: column;
    gap: 8px;
    list-style: none;
  }
  .next li {
    padding-inline-start: 20px;
    position: relative;
  }
  .next li::before {
    background: var(--_accent);
    block-size: 6px;
    border-radius: 50%;
    content: '';
    inline-size: 6px;
    inset-block-start: 0.6em;
    inset-inline-start: 2px;
    position: absolute;
  }
  .booking {
    align-items: start;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    display: flex;
    gap: 14px;
    padding: 14px 16px;
  }
  .booking .badge {
    block-size: 40px;
    inline-size: 40px;
  }
  .booking a {
    display: inline-block;
    padding-block: 6px;
  }
  .service {
    font-weight: 650;
  }
  .service::first-letter {
    text-transform: uppercase;
  }

  .waiting {
    align-items: center;
    color: var(--_muted);
    justify-content: center;
    min-block-size: 220px;
    text-align: center;
  }
  .spinner {
    block-size: 28px;
    border: 3px solid var(--_line);
    border-block-start-color: var(--_accent);
    border-radius: 50%;
    inline-size: 28px;
  }
  @media (prefers-reduced-motion: no-preference) {
    .spinner {
      animation: turn 0.9s linear infinite;
    }
    @keyframes turn {
      to {
        transform: rotate(1turn);
      }
    }
  }
  @media (forced-colors: active) {
    dialog,
    dialog button {
      border: 1px solid CanvasText;
    }
  }
`;
